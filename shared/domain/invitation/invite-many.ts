import { cannotGrant, mayGrant } from '../access/grant-roles.ts';
import type { TenantScope } from '../access/tenant.ts';
import { type DomainErrorCode, domainErrors } from '../errors.ts';
import type { Work } from '../work.ts';
import { createInvitation, type InvitationDraft, renewInvitation } from './invite-member.ts';

/** How many addresses are invited in one transaction: each takes up to five of its hundred actions. */
export const invitedAtOnce = 18;

/** What became of one address; a refusal with its sentence for a person. */
export type InviteOutcome = { readonly id: number } | { readonly code: DomainErrorCode; readonly message: string };

/**
 * Invites addresses, each of them different, as `inviteMember` does, but one that cannot be invited fails alone.
 * @param drafts At most `invitedAtOnce`.
 * @returns what became of each, in their order
 */
export async function inviteMany(
  work: Work,
  scope: TenantScope,
  drafts: readonly InvitationDraft[],
): Promise<InviteOutcome[]> {
  const { stores, changes, now } = work;
  const perDayMax = work.settings.invitationsPerDayMax;
  const emails = drafts.map(({ email }) => email);
  const [holders, userIds, quotaLeft] = await Promise.all([
    stores.invitations.findByEmails(scope, emails),
    stores.users.findIdsByEmail(emails),
    stores.invitations.quotaLeft(scope, now, perDayMax),
  ]);
  const known = userIds.filter((id) => id !== undefined);
  const members = new Set((await stores.members.getMany(scope, known)).map(({ userId }) => userId));
  let invited = 0;
  const outcomes = drafts.map((draft, at): InviteOutcome => {
    const [holder, userId] = [holders[at], userIds[at]];
    if (!mayGrant(scope, draft.roles)) return refused('forbidden', cannotGrant);
    if (userId !== undefined && members.has(userId)) return refused('already_member');
    if (invited === quotaLeft) return refused('invitation_quota_reached');
    invited += 1;
    if (userId !== undefined) stores.members.requireStranger(changes, scope, userId, 'retry');
    const invitation =
      holder && holder.expiresAt > now
        ? renewInvitation(work, scope, holder, draft)
        : createInvitation(work, scope, draft, holder);
    return { id: invitation.id };
  });
  if (invited > 0) stores.invitations.takeFromQuota(changes, scope, now, perDayMax, invited);
  return outcomes;
}

function refused(code: DomainErrorCode, message: string = domainErrors[code]): InviteOutcome {
  return { code, message };
}
