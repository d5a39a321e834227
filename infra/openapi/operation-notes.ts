/**
 * What is to be known of each operation beyond its summary, as Markdown: rules, limits, and what else happens. A test
 * holds the names against the registry.
 */
export const operationNotes: Readonly<Record<string, string>> = {
  'accounts.account.create': 'The caller becomes its OWNER.',
  'accounts.account.delete':
    'It is gone at once, for everybody; for 30 days a platform administrator can restore it. One that has child organizations is refused with `has_children`.',
  'accounts.account.leave':
    'Leaving again, or leaving where a role is only inherited from above, is a 404. The last active OWNER cannot leave.',
  'accounts.account.leave_by_get':
    'A GET that changes something, kept for programs that know it. It never happens without a credential in a header. New programs use `POST /organizations/{organization_id}/leave`.',
  'accounts.account.list':
    "All of them, by name, without an end after the first page. Memberships count, inherited roles do not. With an API key it is the key's own organization alone.",
  'accounts.account.read': '`role` and `is_active` are those of the caller.',
  'accounts.account.role': 'The answer is a JSON string. Of several roles it is the strongest.',
  'accounts.account.summary': 'Each figure is read from a counter, so it costs the same in a large organization.',
  'accounts.account.update': 'The account is named in the body.',
  'accounts.user.add':
    "All of them or none. They have to be users whom the caller can see already: of the organization's own tree, or of an organization where the caller has `members:write`. Anybody else is invited by address.",
  'accounts.user.list':
    'Any page of it costs the same, in any order, of ten users or of a million. `page_number` begins at 0; `page_size` is 25 by default and at most 100.',
  'accounts.user.remove':
    'Up to 25 ids, separated by commas: all of them or none. The users live on; what ends is the membership.',
  'accounts.user.update':
    'Sets role and activity of up to 25 members: all of them or none. With `is_active: false` a membership is kept and grants nothing, at once.',
  'auth.email.change':
    'Mails a link to the new address. Following it (`POST /auth/verify`) makes the change and ends all other sessions; the old address is told by mail. The answer is the same whether the address is free or not.',
  'auth.health.read': 'For monitors. It asks nothing of the table.',
  'auth.me.read': 'The user, and all memberships with their roles.',
  'auth.me.update':
    'Names only; `last_name` may be empty. The address is changed with `POST /auth/email/change`, the password with `POST /auth/password/change`.',
  'auth.openapi.read': 'The contract of every operation, for tools. What is longest is left out of the example.',
  'auth.password.change': 'Ends every other session of the person.',
  'auth.password.forgot': 'Mails a link where the address has an account. The answer is the same where it has none.',
  'auth.password.reset': 'Takes the token of the mailed link, once. It ends all sessions of the person.',
  'auth.registration.create':
    'Mails a link that confirms the address. The answer is always the same, also where the address has an account already. The operator may have closed registration.',
  'auth.registration.verify':
    'Takes the token of the mailed link, once: after a registration, and after a change of the address.',
  'auth.session.login':
    'The access token lives for `expires_in` seconds, the refresh token for 30 days. A wrong password, an unknown address and a locked account give the same answer in the same time.',
  'auth.session.logout': 'The session is dead everywhere within five seconds.',
  'auth.session.refresh':
    'The old refresh token dies. If it comes back, it may have been stolen, and the whole session ends.',
  'hierarchy.access_log.list':
    'Newest first. Every authenticated request to the organization has left an entry, refused ones too; `action` is the operation in upper case, and `LOGIN`, `LOGOUT` and `TOKEN_REFRESH` are of sessions. The next page is in `Link`. Entries are kept for 400 days.',
  'hierarchy.api_key.create':
    'The secrets are shown this once. `name` is no email address, because the access log shows it where it shows those of people. `permissions` are those of the caller by default, but `organization:create`, which has to be named. The key acts on behalf of the caller, with the role that the caller has at the time: it rests while the caller is no member, and works again if they come back.',
  'hierarchy.api_key.delete': 'The key stops working within five seconds.',
  'hierarchy.api_key.list': 'Never with a secret. `last_used_at` is right to the hour.',
  'hierarchy.api_key.rotate':
    'The new secrets are shown this once. The old ones go on for `overlap_seconds`, none by default and at most a day.',
  'hierarchy.child.create': 'The caller becomes its OWNER. A tree has at most ten levels.',
  'hierarchy.child.list': 'The next level only, by name.',
  'hierarchy.children_audit.list':
    'Newest first: the changes in the organization and in all below it, each exactly once. `old_data` and `new_data` hold the changed fields, never a secret. The next page is in `Link`. Entries are kept for ever.',
  'hierarchy.consumption.read':
    'Counted regularly from the entries themselves, up to `as_of`. With `include_children` it is the sum of the subtree. What arrives for a month that is closed is listed in `adjustments`, in order of arrival and up to a thousand at a time: where there are more, the next are in `Link`, beside the same figures.',
  'hierarchy.customizations.read': 'As they were set, `{}` where nothing was.',
  'hierarchy.customizations.replace':
    'The whole object, of at most 64 KiB and 8 levels. `theme`, `logo_url` (https) and `branding_color` (`#rrggbb`) are checked where they are present; everything else is yours.',
  'hierarchy.organization.delete':
    'One with children is refused, unless `cascade` is `true`: then it is gone at once and all below it within seconds. For 30 days a platform administrator can restore it.',
  'hierarchy.organization.read': 'With its place in the tree and its customizations.',
  'hierarchy.organization.update':
    '`customizations` is a JSON Merge Patch (RFC 7396): what is left out stays, and `null` removes. Another `parent_org_id` moves the organization with all below it, `null` makes it a root; that takes an OWNER, because the owners above own it too, and `children:create` in the new parent.',
  'hierarchy.tags.read': 'In the order in which they were set.',
  'hierarchy.tags.replace': 'Up to 50 different texts of 1 to 64 characters.',
  'hierarchy.usage_event.create':
    'An event counts once for ever, by its `id`. `storage_bytes` is a change in bytes, up or down, and needs `user_id`: what would put the user over the limit is `rejected` with `limit_exceeded`, the other rows count. What somebody has in use goes with their membership, and is not reported. `sms_points` is a positive integer, a meter of your own any number.',
  'organization-admin.member.create':
    'The person belongs to this organization from now on, and can sign in at once. An address that somebody has already is `email_taken`: an existing person is invited.',
  'organization-admin.member.limit':
    'A limit below what is used is taken, and keeps more from being used. A new member has none.',
  'organization-admin.member.list': 'In order of joining.',
  'organization-admin.member.read': 'With the storage limit and what is used of it.',
  'organization-admin.member.remove':
    'Ends the membership; the user lives on. To delete the user, update `is_deleted`.',
  'organization-admin.member.search':
    'By the beginning of the address, without regard to case: at most 100, in order of the address. A space in the term is read as the `+` that it was before decoding.',
  'organization-admin.member.update':
    'Any of the fields, at least one. A new address or password, a lock and a deletion end the sessions of the person; of a new address the old one is told by mail. A deleted one comes back within 30 days with `is_deleted: false`.',
  'organization-admin.metrics.collect': 'A GET that changes nothing: the figures are kept with what they count.',
  'organization-admin.organization.read': 'The organization that the credential belongs to.',
  'organization-admin.organization.update':
    'Any of the fields, at least one. `parent_id` moves the organization with all below it, or with `null` makes it a root; that takes an OWNER, because the owners above own it too, and `children:create` in the new parent.',
  'platform.avatar.upload':
    'PNG, JPEG, WebP or GIF of at most 2 MiB, judged by its bytes. `avatarUrl` serves exactly those bytes and can be cached for ever.',
  'platform.invitation.accept':
    "The token of the mail is the credential. A new person chooses a password; whoever has an account gives that account's present one. It can be used once.",
  'platform.invitation.create':
    'The mail follows. Somebody who was deleted is restored rather than invited: for 30 days the address is theirs, and a member is one still. Inviting a pending address again sends a fresh token, and the old one is dead. An invitation lives for seven days; an organization sends 200 a day. Without `roles` it is 3, a contributor.',
  'platform.invitation.create_many':
    'Up to 100. Each row succeeds or fails by itself, and the answer says so in the same order: why with `code` and `message`, and where the row is `invalid_request` with its fields in `errors`.',
  'platform.invitation.list':
    'Newest first, or those of one status. `sent` is that the mail was taken, `bounced` that it came back.',
  'platform.invitation.read': 'For the page that a mailed link opens. It consumes nothing, however often it is asked.',
  'platform.invitation.resend': 'A fresh token, and another seven days. The old mail is dead.',
  'platform.invitation.revoke': 'The mailed token is dead at once.',
  'platform.member.delete': 'Ends the membership; the user lives on.',
  'platform.member.list': 'In order of joining, 15 by default and at most 100 on a page.',
  'platform.member.update':
    'Replaces both lists. Whatever is named has to exist in this organization; `roles` cannot be empty. Activity does not change.',
  'platform.organization.create': 'The caller becomes its OWNER. `countryCode` is of ISO 3166-1, two letters.',
  'platform.organization.read': '`owner` is the longest-standing OWNER.',
  'platform.organization.restore':
    'Within 30 days of its deletion, with members and roles. It comes back alone, without what was deleted below it. Where its last active OWNER was locked or deleted meanwhile it comes back without one: give a member the role, or invite somebody with it.',
  'platform.organization.update':
    "`status` moves between `active` and `inactive`; `suspended`, in or out, is the platform administrator's. Leaving `active` takes a `statusReason`.",
  'platform.role.list': 'The five roles with their permissions.',
  'platform.wallet.charge':
    'Takes the amount off the balance and, for `sms`, adds the points, which have to be given then and only then. With an `Idempotency-Key` it happens exactly once. A balance never becomes negative.',
  'platform.wallet.credit': 'Adds to the balance. With an `Idempotency-Key` it happens exactly once.',
  'platform.wallet.read': 'Balance and points.',
  'platform.wallet.transactions': 'The ledger, newest first. `balanceAfter` is the balance at that time.',
  'platform.workspace.create': 'Names are unique in the organization.',
  'platform.workspace.delete': 'It leaves the lists of all members as well.',
  'platform.workspace.list': 'All of them.',
  'platform.workspace.read': 'By its id.',
  'platform.workspace.update': 'Any of the fields.',
};
