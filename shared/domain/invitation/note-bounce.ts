import { tenantWithoutCaller } from '../access/tenant.ts';
import type { Work } from '../work.ts';
import { auditInvitation } from './audit-invitation.ts';
import { countsAsOpen } from './invitation.ts';

/** Which mail came back. */
export interface BouncedMail {
  readonly organizationId: number;
  readonly invitationId: number;
  readonly mailNumber: number;
}

/**
 * Notes that the mail of an invitation came back, or that its reader complained. Nothing happens where the invitation
 * has moved on: answered, revoked, or renewed by a later mail. Told twice, it happens once.
 * @returns whether it happened
 */
export async function noteBounce(
  work: Work,
  { organizationId, invitationId, mailNumber }: BouncedMail,
): Promise<boolean> {
  const { stores, changes, now } = work;
  const tenant = tenantWithoutCaller(organizationId);
  const invitation = await stores.invitations.get(tenant, invitationId);
  if (!invitation || !countsAsOpen(invitation) || invitation.mailNumber !== mailNumber) return false;
  stores.invitations.move(changes, tenant, invitation, 'bounce', now, 'retry', { mailDue: null });
  stores.organizations.change(changes, tenant, { add: { openInvitations: -1 }, evenIfDeleted: true });
  auditInvitation(work, invitation, { ...invitation, status: 'bounced' });
  return true;
}
