import { requireMayGrant } from '../access/grant-roles.ts';
import type { Role } from '../access/roles.ts';
import type { TenantScope } from '../access/tenant.ts';
import { requireWritable } from '../organization/require-writable.ts';
import { fullName } from '../user/user.ts';
import type { Work } from '../work.ts';
import { auditInvitation } from './audit-invitation.ts';
import { countsAsOpen, type Invitation, invitationLifeMilliseconds, withoutToken } from './invitation.ts';

/** Whom to invite, as what. */
export interface InvitationDraft {
  /** Normalized (`normalizeEmail`). */
  readonly email: string;
  readonly firstName: string;
  readonly lastName: string;
  /** Not empty, strongest first. */
  readonly roles: readonly Role[];
}

/**
 * Invites an address. It is stored without a token; the mailer mints one and sends it. An address that is invited
 * already keeps its invitation, renewed with what is said now; its old token is dead. An invitation whose time is over
 * is left behind as expired, and a new one takes its place.
 * @throws `forbidden` for a role that the caller cannot grant, `already_member`, `invitation_quota_reached`
 */
export async function inviteMember(work: Work, scope: TenantScope, draft: InvitationDraft): Promise<Invitation> {
  const { stores, changes, now } = work;
  requireMayGrant(scope, draft.roles);
  const [present, userId] = await Promise.all([
    stores.invitations.findByEmail(scope, draft.email),
    stores.users.findIdByEmail(draft.email),
  ]);
  if (userId !== undefined) stores.members.requireStranger(changes, scope, userId);
  stores.invitations.countAgainstQuota(changes, scope, now, work.settings.invitationsPerDayMax);
  return present && present.expiresAt > now
    ? renewInvitation(work, scope, present, draft)
    : createInvitation(work, scope, draft, present);
}

/** A new invitation; in the place of `lapsed` where that one's time is over. */
export function createInvitation(
  work: Work,
  scope: TenantScope,
  draft: InvitationDraft,
  lapsed?: Invitation,
): Invitation {
  const { stores, changes, now } = work;
  const { user } = scope.caller;
  const invitation: Invitation = {
    id: work.newId(),
    organizationId: scope.organizationId,
    ...draft,
    status: 'pending',
    invitedById: user.id,
    invitedByName: fullName(user),
    mailNumber: 1,
    mailDue: 1,
    tokenHash: null,
    replacedTokenHashes: [],
    createdAt: now,
    sentAt: null,
    expiresAt: now + invitationLifeMilliseconds,
  };
  stores.invitations.create(changes, scope, invitation, lapsed);
  countOpen(work, scope, lapsed, invitation);
  if (lapsed) {
    stores.invitations.move(changes, scope, lapsed, 'lapse', now, 'retry', { mailDue: null });
    auditInvitation(work, lapsed, { ...lapsed, status: 'expired' });
  }
  auditInvitation(work, undefined, invitation);
  return invitation;
}

/** Asks for a fresh token to be mailed and gives the invitation its whole time again; the old token dies at once. */
export function renewInvitation(
  work: Work,
  scope: TenantScope,
  invitation: Invitation,
  draft: Partial<InvitationDraft> = {},
): Invitation {
  const { stores, changes, now } = work;
  const { user } = scope.caller;
  const set = {
    ...draft,
    ...withoutToken(invitation),
    invitedById: user.id,
    invitedByName: fullName(user),
    mailNumber: invitation.mailNumber + 1,
    mailDue: Math.max(invitation.mailNumber, invitation.mailDue ?? 0) + 1,
    sentAt: null,
    expiresAt: now + invitationLifeMilliseconds,
  };
  stores.invitations.move(changes, scope, invitation, 'renew', now, 'retry', set);
  const renewed: Invitation = { ...invitation, ...set, status: 'pending' };
  countOpen(work, scope, invitation, renewed);
  auditInvitation(work, invitation, renewed);
  return renewed;
}

/** Keeps the organization's count of open invitations, and refuses where the organization takes no changes. */
export function countOpen(
  work: Work,
  scope: TenantScope,
  before: Invitation | undefined,
  after: Invitation | undefined,
): void {
  const count = (invitation: Invitation | undefined) => (invitation && countsAsOpen(invitation) ? 1 : 0);
  const difference = count(after) - count(before);
  if (difference !== 0) work.stores.organizations.change(work.changes, scope, { add: { openInvitations: difference } });
  requireWritable(work, scope);
}
