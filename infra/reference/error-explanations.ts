import type { DomainErrorCode } from '../../shared/domain/errors.ts';

/** What a person wants to know who was refused. Texts are Markdown. */
export interface Explanation {
  /** What it means, beyond the sentence of the answer. */
  readonly meaning: string;
  /** What brings it about. */
  readonly causes: readonly string[];
  /** What to do about it. */
  readonly remedy: string;
}

/** An explanation of each error there is. */
export const errorExplanations: Readonly<Record<DomainErrorCode, Explanation>> = {
  invalid_request: {
    meaning:
      'Something that was sent is missing, malformed or out of its bounds. Nothing was changed. Every invalid field is named, in a body as well as in the path, the query and the headers, so all of them can be put right at once.',
    causes: [
      'A required field is missing, or a value has another type, length or range than the operation takes.',
      'The body has a field that the operation does not know. Unknown fields are refused by name, never ignored.',
      'The body is not JSON, or is `null`, a list or a text where an object is asked for.',
      'A body or a query names something that does not exist, or that the caller may not see.',
      'A page is 0 where pages start at 1, or a page size is above the maximum.',
    ],
    remedy: 'Read the named fields and correct them. Sending the same request again gives the same answer.',
  },
  payload_too_large: {
    meaning: 'The body is larger than the operation takes: 1 MiB of JSON, or 2 MiB for an uploaded picture.',
    causes: ['A JSON body above 1 MiB.', 'A picture above 2 MiB.'],
    remedy:
      'Split the request: lists of invitations and usage events take up to 100 elements each. Make a picture smaller before it is uploaded.',
  },
  unsupported_media_type: {
    meaning: 'The body is of a kind that this operation does not read.',
    causes: [
      'A JSON operation was called with another `Content-Type` than `application/json`.',
      'An upload is no `multipart/form-data` form.',
      'An uploaded file is neither PNG, JPEG, WebP nor GIF. That is judged by its bytes, not by its name or declared type; SVG is refused.',
    ],
    remedy: 'Send `Content-Type: application/json`, or for an upload a form with the file in the documented field.',
  },
  ambiguous_credentials: {
    meaning: 'The request carries more than one credential, so it is not certain who is calling.',
    causes: [
      '`Authorization` together with `X-API-KEY`, or with `Client-ID` and `Client-Secret`.',
      'A proxy or a shared HTTP client adds a credential of its own.',
    ],
    remedy: 'Send one credential: a session token, an API key, or a client id with its secret.',
  },
  idempotency_key_reused: {
    meaning:
      'The same `Idempotency-Key` came before, on the same path and from the same owner, with another body. So it is not a repetition, and the first answer would be wrong for it.',
    causes: [
      'A key is made once and used for several requests.',
      'A repetition changes its body, such as a timestamp in it.',
    ],
    remedy:
      'Make a new key, such as a random UUID, for each thing that is to happen once, and repeat a request with exactly the same body. Keys are kept for 24 hours.',
  },
  precondition_failed: {
    meaning:
      'The request said in `If-Match` which version it wants to change, and there is a newer one. Nothing was changed.',
    causes: [
      'Somebody else changed it after it was read.',
      'The `ETag` is of another resource or another representation.',
    ],
    remedy:
      'Read it again, apply your change to what is there now, and send the new `ETag`. Without `If-Match` the last writer wins.',
  },
  unauthorized: {
    meaning:
      'There is no valid credential. A missing, a malformed, an unknown, an expired and a revoked one give the same answer on purpose; so do a wrong password and an unknown address at sign-in.',
    causes: [
      'No credential was sent, or one that ends in the wrong characters because it was cut off when copied.',
      'The access token has expired: it lives for one hour unless the stage says otherwise.',
      'The session was signed out, or ended by a change of the password or the email address, or by a lock.',
      'The API key was deleted, rotated, or has expired; its maker left the organization or was locked; or its organization was deleted.',
      'A refresh token was used a second time. That ends the whole session, because it may have been stolen.',
      'A session token was sent to `organization-admin`, which takes the credential of an organization only.',
    ],
    remedy:
      'Exchange the refresh token for a new pair with `POST /auth/refresh`, or sign in again. Of an API key, look in the list of keys whether it still stands there.',
  },
  wrong_password: {
    meaning: 'The operation asks for the present password of the account, and another one was given.',
    causes: [
      'The password or the address is to be changed, and `current_password` or `password` is not the present one.',
      "An invitation is accepted for an address that has an account already: that account's present password is needed. It is never overwritten.",
    ],
    remedy: 'Ask for the present password again, or let it be reset with `POST /auth/password/forgot`.',
  },
  forbidden: {
    meaning: 'The caller is known, and known here, but does not hold the permission that this takes.',
    causes: [
      'The role does not include the permission, or the API key was cut down to fewer permissions.',
      'A role was to be granted, or a key to be made, that may do more than the caller.',
      'Something of an OWNER was to be changed without `owners:write`, or an organization to be moved by who is no OWNER: that changes its owners above.',
      'An administrative operation was called by somebody who is no platform administrator. A key never carries those powers.',
    ],
    remedy:
      'Look at the permission that the page of the operation names, and at the roles of the caller (`GET /auth/me`). An OWNER or ADMIN can give another role.',
  },
  membership_inactive: {
    meaning:
      'The caller is a member of the organization, but the membership is deactivated: it is kept, and grants nothing.',
    causes: ['Somebody set `is_active` to `false` (`PUT /organizations/{organization_id}/users`).'],
    remedy: 'Ask an administrator of the organization to activate the membership again.',
  },
  membership_required: {
    meaning:
      'Only a member can do this. A platform administrator may do nearly everything everywhere, but an API key acts on behalf of a member.',
    causes: ['A platform administrator who is no member of the organization makes an API key.'],
    remedy: 'Become a member first, by invitation, or let a member make the key.',
  },
  organization_not_active: {
    meaning:
      'The organization is `inactive` or `suspended`. It can be read; every change is refused but leaving it and the change back.',
    causes: [
      'A member with `organization:update` set it inactive.',
      'A platform administrator suspended it; `statusReason` says why.',
    ],
    remedy:
      'Set `status` to `active` with `PATCH /api/organizations/{organizationId}`. Out of `suspended` only a platform administrator can bring it.',
  },
  identity_managed_elsewhere: {
    meaning:
      'Name, email address, password, lock and deletion of a person belong to their home organization: the one that created or first invited them. Another organization that has them as a member may change only the membership.',
    causes: [
      'The person was created or invited by another organization.',
      'The person registered alone, so only they themselves change their identity.',
      'The person is a platform administrator.',
    ],
    remedy:
      'Change the membership instead (role, activity, workspaces, limit), or ask the person or their home organization.',
  },
  registration_closed: {
    meaning: 'Nobody can register alone here. People come by invitation.',
    causes: ['The stage was deployed with `signUp` closed.'],
    remedy: 'Ask an organization for an invitation.',
  },
  too_many_attempts: {
    meaning:
      'Five wrong passwords for one address within 15 minutes. Until that time has passed the right password is refused as well. Other addresses are not affected, and an unknown address is treated in the same way.',
    causes: [
      'A password was mistyped again and again.',
      'Somebody is guessing.',
      'A program goes on with a password that was changed.',
    ],
    remedy: 'Wait for the seconds in `Retry-After`. A successful sign-in begins the count anew.',
  },
  rate_limited: {
    meaning:
      'The credential has made as many requests in this minute as it may: by default 100 for a session and 500 for an API key.',
    causes: [
      'Requests come in a loop without a pause.',
      'One key is shared by many programs.',
      'A list is polled that could be read with larger pages.',
    ],
    remedy:
      'Wait for the seconds in `Retry-After`. Every answer says what is left in `RateLimit`, so a program can slow down before it is refused.',
  },
  route_not_found: {
    meaning:
      "No operation has this method and path. It is answered in the dialect of the path's beginning, before any credential is looked at.",
    causes: [
      'A misspelled path, or one with a slash too many.',
      'A method that the path does not have.',
      'A part of the path is empty because a variable was.',
    ],
    remedy: 'Compare method and path with the reference.',
  },
  organization_not_found: {
    meaning:
      'There is no such organization for this caller. One that never was, one that was deleted and one of strangers give the same answer, so that nobody learns which exist.',
    causes: [
      'The id is misspelled, or belongs to something else: spellings carry their kind and check digits.',
      'The caller is no member, and no OWNER or ADMIN of an organization above.',
      'An API key names another organization than its own, even one that its maker belongs to.',
      'The organization was deleted. For 30 days a platform administrator can restore it.',
    ],
    remedy: "List the caller's organizations with `GET /organizations` and take the id from there.",
  },
  member_not_found: {
    meaning: 'The person is no member of this organization, or does not exist. The two are not told apart.',
    causes: [
      'The person was removed, has left, or was deleted.',
      'The id is of a user who is a member elsewhere.',
      'Several ids were sent, and some are of no members: the message names them, and nothing was changed.',
    ],
    remedy: 'Read the list of members again.',
  },
  user_not_found: {
    meaning:
      'These users cannot be added, because they do not exist or the caller cannot see them. The message names the ids. Nobody was added.',
    causes: [
      'The id is wrong.',
      "The person is homed outside the organization's tree and in no organization where the caller has `members:write`.",
    ],
    remedy:
      'Invite the person by email address with `POST /api/organizations/{organizationId}/invite`: that needs no id.',
  },
  invitation_not_found: {
    meaning: 'There is no such invitation in this organization, or no invitation has this token.',
    causes: ['The token was cut off when the link was copied.', "The id is of another organization's invitation."],
    remedy: 'Open the link in the mail again, or have the invitation sent once more.',
  },
  credential_not_found: {
    meaning: 'There is no API key with this id in the organization.',
    causes: [
      'The key was deleted.',
      "The `key_id` is of another organization's key, or the `client_id` was sent in place of the `id`.",
    ],
    remedy: 'List the keys with `GET /orgs/{org_id}/api_keys`.',
  },
  workspace_not_found: {
    meaning: 'There is no such workspace in this organization.',
    causes: ['The workspace was deleted.', "The id is of another organization's workspace."],
    remedy: 'List the workspaces of the organization.',
  },
  invitation_gone: {
    meaning: 'The invitation was there and can no longer be accepted.',
    causes: [
      'It was accepted already, in another window or by a second click.',
      'It was revoked.',
      'It was sent again: then only the newest mail counts.',
      'Its seven days are over.',
    ],
    remedy: 'Sign in, if it was accepted already. Otherwise ask for the invitation to be sent again.',
  },
  link_gone: {
    meaning: 'The token of a mailed link is used up, replaced, expired or unknown.',
    causes: ['The link was opened a second time.', 'A newer mail was asked for.', 'It is too old.'],
    remedy: 'Ask for a new mail, with `POST /auth/password/forgot` or `POST /auth/email/change`.',
  },
  already_member: {
    meaning:
      'The person is a member of the organization already. When several were to be added, the message names those, and nobody was added.',
    causes: [
      'Somebody else was faster.',
      'The person accepted an invitation in the meantime.',
      'The membership is deactivated, and still a membership.',
      'The person was deleted (`is_deleted`) within the last 30 days: nothing shows the membership, but it is kept with the address for whoever restores them.',
    ],
    remedy:
      'Change the role of the member instead. A deactivated membership is activated by an update, a deleted person restored by the home organization with `is_deleted: false`; after 30 days the address is free.',
  },
  already_made: {
    meaning:
      'An API key was made, or rotated, by an earlier request with this `Idempotency-Key`. Its secret was shown then and is stored nowhere, so the answer cannot be given again. The message names the id of the key.',
    causes: ['A repetition after a lost connection.'],
    remedy:
      'If the secret never arrived, rotate that key, or delete it and make another, with a new `Idempotency-Key`.',
  },
  email_taken: {
    meaning:
      'A user with this email address exists. Addresses are compared without regard to case, and after Unicode normalization.',
    causes: [
      'A member is to be created, but the person has an account, perhaps in another organization.',
      "A member's address is changed to one that somebody has.",
    ],
    remedy:
      'Invite the person: an existing account joins by invitation, with `POST /api/organizations/{organizationId}/invite`.',
  },
  domain_taken: {
    meaning: 'A domain belongs to one organization at a time, and another one has this.',
    causes: [
      'Two organizations of one company want the same domain.',
      'The other organization was set up earlier by somebody else.',
    ],
    remedy: 'Take the domain off the other organization first (`domain: null`). A deleted organization holds none.',
  },
  workspace_name_taken: {
    meaning: 'Names of workspaces are unique in an organization, and this one is in use.',
    causes: ['A workspace of this name was made before.'],
    remedy: 'Choose another name, or use the workspace that exists.',
  },
  last_owner: {
    meaning:
      'An organization always has at least one active OWNER, and this would leave it without. It is decided in the write itself, so two requests that race cannot both take the last two.',
    causes: [
      'The last OWNER leaves, is removed, is given a lesser role, is deactivated, locked or deleted.',
      'A role in an organization above does not count: only memberships do.',
    ],
    remedy: 'Make somebody else OWNER first. To give the organization up, delete it.',
  },
  has_children: {
    meaning: 'The organization has child organizations that are not deleted.',
    causes: ['It is deleted without its children.'],
    remedy:
      'Delete or move the children first; or delete the whole subtree with `?cascade=true` in `DELETE /orgs/{org_id}`.',
  },
  hierarchy_cycle: {
    meaning: 'The organization was to be placed below itself.',
    causes: ['`parent_id` names the organization itself or one of its descendants.'],
    remedy: 'Choose a parent outside the subtree. To swap two levels, move the lower one up first.',
  },
  hierarchy_too_deep: {
    meaning: 'A tree has at most ten levels, the topmost being the first, and this would make more.',
    causes: [
      'A child is made below the tenth level.',
      'A subtree is moved to where its lowest level would be the eleventh.',
    ],
    remedy: 'Place it further up.',
  },
  not_deleted: {
    meaning: 'The organization is to be restored, and is not deleted.',
    causes: ['It was restored before.', 'The wrong organization is named.'],
    remedy: 'Nothing needs to be done.',
  },
  parent_deleted: {
    meaning: 'The organization cannot come back, because the one above it is deleted as well.',
    causes: ['The whole subtree was deleted with `cascade`.'],
    remedy: 'Restore the parent first. Each organization is restored by itself.',
  },
  limit_reached: {
    meaning:
      'There are as many of these already as there may be; the message says of what, and how many. What is listed whole, without pages, has such a limit. It is decided in the write itself, so two requests that race for the last place do not both get it.',
    causes: [
      'An organization has 1,000 workspaces.',
      'An organization has 1,000 API keys: expired ones count until they are deleted.',
      'A person is a member of 5,000 organizations: deleted ones count for 30 days, as long as they can be restored. Who makes an organization, or whose API key does, is a member of it.',
    ],
    remedy:
      'Delete what is not used any more. Rotating an API key takes no further place. Leave organizations that have another OWNER, or make further ones through the key of another person: an OWNER of the parent holds that role in all below without being a member of them.',
  },
  insufficient_balance: {
    meaning:
      'The balance of the wallet is smaller than the amount. Nothing was charged: a balance never becomes negative, however many charges arrive at once.',
    causes: ['The wallet is empty, or was charged by others in the meantime.'],
    remedy:
      'Credit the wallet with `POST /api/admin/organizations/{organization}/credit`, then charge again with a new `Idempotency-Key`.',
  },
  invitation_quota_reached: {
    meaning: 'The organization has sent as many invitations today as it may: 200 a day.',
    causes: ['Many people are invited at once, or the same ones again and again: sending again counts as well.'],
    remedy: 'Go on tomorrow. Days begin at midnight UTC; `Retry-After` says in how many seconds that is.',
  },
  invitation_not_pending: {
    meaning: 'The invitation was accepted or revoked, so it cannot be sent again or revoked any more.',
    causes: ['The person accepted in the meantime.', 'Somebody else revoked it.'],
    remedy: 'Read the list of invitations again. To invite anew, send a new invitation.',
  },
  internal: {
    meaning:
      "Something went wrong that is not the caller's fault. The answer says no more than the request id, under which the operator finds the cause.",
    causes: ['A defect of the service.'],
    remedy:
      'Tell the operator the request id. A write can be repeated with the same `Idempotency-Key`: it has either happened wholly or not at all.',
  },
  unavailable: {
    meaning:
      'The service could not do it in time: the table does not answer, or others held what was to be changed for too long.',
    causes: [
      'Very many requests change the same organization at the same moment.',
      'The database throttles or is disturbed.',
    ],
    remedy: 'Wait for the seconds in `Retry-After` and repeat the request, a write with the same `Idempotency-Key`.',
  },
};
