import * as z from 'zod/mini';
import { roles } from '../../../shared/domain/access/roles.ts';
import { toUuid } from '../../../shared/domain/identifiers.ts';
import {
  type Invitation,
  invitedName,
  nameFromAddress,
  shownStatus,
  storedInvitationStatuses,
} from '../../../shared/domain/invitation/invitation.ts';
import type { InvitationDraft } from '../../../shared/domain/invitation/invite-member.ts';
import { type Timestamp, toIso } from '../../../shared/domain/timestamp.ts';
import { splitName } from '../../../shared/domain/user/user.ts';
import { emailAddress, lineOfText } from '../../../shared/http/fields.ts';
import { roleIds } from '../role-ids.ts';

/** An invitation as this dialect shows it: never with a token or a hash. */
export const PlatformInvitation = z.object({
  id: z.uuid(),
  email: z.string(),
  name: z.string(),
  roles: z.array(z.int()),
  status: z.enum(storedInvitationStatuses),
  invitedBy: z.uuid(),
  createdAt: z.iso.datetime(),
  sentAt: z.nullable(z.iso.datetime()),
  expiresAt: z.iso.datetime(),
});

export function toPlatformInvitation(invitation: Invitation, now: Timestamp): z.output<typeof PlatformInvitation> {
  return {
    id: toUuid('invitation', invitation.id),
    email: invitation.email,
    name: invitedName(invitation),
    roles: invitation.roles.map((name) => roles[name].id),
    status: shownStatus(invitation, now),
    invitedBy: toUuid('user', invitation.invitedById),
    createdAt: toIso(invitation.createdAt),
    sentAt: invitation.sentAt === null ? null : toIso(invitation.sentAt),
    expiresAt: toIso(invitation.expiresAt),
  };
}

/** Who is to be invited, as what. */
export const InviteBody = z.strictObject({
  email: emailAddress,
  name: z.optional(lineOfText(1, 200)),
  roles: z.optional(roleIds),
});

export function toInvitationDraft({ email, name, roles: wanted }: z.output<typeof InviteBody>): InvitationDraft {
  const { firstName, lastName } = name === undefined ? nameFromAddress(email) : splitName(name);
  return { email, firstName, lastName, roles: wanted ?? ['CONTRIBUTOR'] };
}
