import { tenantWithoutCaller } from '../access/tenant.ts';
import { hashSecret, secretBytesOf, writeToken } from '../access/tokens.ts';
import { type Invitation, isMailDue, isUnanswered, withoutToken } from '../invitation/invitation.ts';
import { isUsable } from '../user/user.ts';
import type { Work } from '../work.ts';
import { invitationMail } from './invitation-mail.ts';
import { invitationMailLimit } from './mail-limit.ts';
import type { PreparedMail } from './prepared-mail.ts';

/**
 * Prepares the mail that an invitation asks for: mints the token and keeps its hash, on the condition that the
 * invitation still is pending. A token that an earlier try has minted dies. Undefined where no mail is due any more, and
 * where its address has had so many that this one has to wait for somebody to ask again.
 */
export async function prepareInvitationMail(
  work: Work,
  organizationId: number,
  invitationId: number,
): Promise<PreparedMail | undefined> {
  const { stores, changes, settings, now } = work;
  const tenant = tenantWithoutCaller(organizationId);
  const invitation = await stores.invitations.get(tenant, invitationId);
  if (!invitation || !isMailDue(invitation, now)) return undefined;
  const [organization, inviter] = await Promise.all([
    stores.organizations.get(organizationId),
    stores.users.get(invitation.invitedById),
  ]);
  if (!organization || !(await hasRoom(work, invitation))) return undefined;
  const secret = work.randomBytes(secretBytesOf('it'));
  const set = { ...withoutToken(invitation), tokenHash: hashSecret(secret) };
  stores.invitations.move(changes, tenant, invitation, 'mint', now, 'retry', set);
  const token = writeToken('it', { ids: [organizationId, invitationId], secret });
  const inviterEmail = inviter && isUsable(inviter) ? inviter.email : undefined;
  return {
    mail: invitationMail(invitation, organization, inviterEmail, token, settings.consoleUrl),
    noteTaken: (later) => noteTaken(later, { ...invitation, ...set }),
  };
}

/**
 * Whether the address may get this mail. Each organization has a quota of its own, but there may be many of them. A mail
 * that is tried again, for which a token was minted before, counts once.
 */
async function hasRoom({ stores, now }: Work, { email, tokenHash }: Invitation): Promise<boolean> {
  if (tokenHash !== null) return true;
  const { outcome } = await stores.attempts.reserve(`invitation:${email}`, now, invitationMailLimit);
  return outcome === 'reserved';
}

/**
 * The mail counts for the organization whatever has become of the invitation meanwhile; where two tries have sent it, it
 * counts for the one whose token works. The invitation is `sent` unless somebody has answered, revoked or renewed it
 * already.
 */
async function noteTaken({ stores, changes, now }: Work, minted: Invitation): Promise<void> {
  const tenant = tenantWithoutCaller(minted.organizationId);
  const invitation = await stores.invitations.get(tenant, minted.id);
  const isReplaced = invitation?.tokenHash !== minted.tokenHash;
  if (invitation?.mailNumber === minted.mailNumber && isUnanswered(invitation) && isReplaced) return;
  stores.consumption.recordMail(changes, tenant, { id: `${minted.id}-${minted.mailNumber}`, takenAt: now });
  if (invitation?.status !== 'pending' || isReplaced) return;
  stores.invitations.move(changes, tenant, invitation, 'send', now, 'retry', { sentAt: now, mailDue: null });
}
