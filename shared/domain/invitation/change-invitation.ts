import { requireMayGrant } from '../access/grant-roles.ts';
import type { TenantScope } from '../access/tenant.ts';
import { DomainError } from '../errors.ts';
import type { Work } from '../work.ts';
import { auditInvitation } from './audit-invitation.ts';
import { type Invitation, isUnanswered } from './invitation.ts';
import { countOpen, renewInvitation } from './invite-member.ts';

/**
 * Has the mail of an invitation sent once more, with a fresh token and the whole time again, also after its time is
 * over. The old token is dead at once.
 * @throws `invitation_not_found`, `invitation_not_pending`, `already_member`, `invitation_quota_reached`; `forbidden`
 * where the caller could not invite into these roles
 */
export async function resendInvitation(work: Work, scope: TenantScope, id: number): Promise<Invitation> {
  const { stores, changes, now, settings } = work;
  const invitation = await findUnanswered(work, scope, id);
  requireMayGrant(scope, invitation.roles);
  const userId = await stores.users.findIdByEmail(invitation.email);
  if (userId !== undefined) stores.members.requireStranger(changes, scope, userId);
  stores.invitations.countAgainstQuota(changes, scope, now, settings.invitationsPerDayMax);
  return renewInvitation(work, scope, invitation);
}

/** Takes an invitation back: its token is dead, its address free. @throws `invitation_not_found`, `invitation_not_pending` */
export async function revokeInvitation(work: Work, scope: TenantScope, id: number): Promise<Invitation> {
  const { stores, changes, now } = work;
  const invitation = await findUnanswered(work, scope, id);
  const revoked: Invitation = { ...invitation, status: 'revoked', mailDue: null };
  stores.invitations.move(changes, scope, invitation, 'revoke', now, 'retry', { mailDue: null });
  stores.invitations.release(changes, scope, invitation);
  countOpen(work, scope, invitation, revoked);
  auditInvitation(work, invitation, revoked);
  return revoked;
}

async function findUnanswered({ stores }: Work, scope: TenantScope, id: number): Promise<Invitation> {
  const invitation = await stores.invitations.get(scope, id);
  if (!invitation) throw new DomainError('invitation_not_found');
  if (!isUnanswered(invitation)) throw new DomainError('invitation_not_pending');
  return invitation;
}
