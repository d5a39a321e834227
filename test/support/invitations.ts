import { randomBytes } from 'node:crypto';
import type { Role } from '../../shared/domain/access/roles.ts';
import { tenantWithoutCaller } from '../../shared/domain/access/tenant.ts';
import { hashSecret, secretBytesOf, writeToken } from '../../shared/domain/access/tokens.ts';
import { type Invitation, invitationLifeMilliseconds } from '../../shared/domain/invitation/invitation.ts';
import type { Organization } from '../../shared/domain/organization/organization.ts';
import { services } from './all-services.ts';

const author = { email: 'test@example.com', credentialId: null };

/** An invitation straight in the table, with a token that works. */
export async function anInvitation(
  organization: Organization,
  email: string,
  roles: readonly Role[] = ['CONTRIBUTOR'],
  of: Partial<Invitation> = {},
): Promise<{ invitation: Invitation; token: string }> {
  const { stores, openChanges, commit, newId, now } = services();
  const id = newId();
  const secret = randomBytes(secretBytesOf('it'));
  const invitation: Invitation = {
    id,
    organizationId: organization.id,
    email,
    firstName: 'Ivy',
    lastName: 'Invited',
    roles,
    status: 'sent',
    invitedById: organization.ownerId,
    invitedByName: 'Olga Owner',
    mailNumber: 1,
    mailDue: null,
    tokenHash: hashSecret(secret),
    replacedTokenHashes: [],
    createdAt: now(),
    sentAt: now(),
    expiresAt: now() + invitationLifeMilliseconds,
    ...of,
  };
  const tenant = tenantWithoutCaller(organization.id);
  const changes = openChanges(author);
  stores.invitations.create(changes, tenant, invitation);
  stores.organizations.change(changes, tenant, { add: { openInvitations: 1 } });
  await commit(changes, { requestId: `test-${id}`, ip: '127.0.0.1', now: now() });
  return { invitation, token: writeToken('it', { ids: [organization.id, id], secret }) };
}

/** What the mailer does for an invitation that a mail is due for: the token that is in the mail. */
export async function mintedToken(organizationId: number, invitationId: number): Promise<string> {
  const { stores, openChanges, commit, now } = services();
  const tenant = tenantWithoutCaller(organizationId);
  const invitation = await stores.invitations.get(tenant, invitationId);
  if (!invitation) throw new Error('There is no such invitation.');
  const secret = randomBytes(secretBytesOf('it'));
  const changes = openChanges(author);
  stores.invitations.move(changes, tenant, invitation, 'mint', now(), 'retry', { tokenHash: hashSecret(secret) });
  await commit(changes, { requestId: `test-${invitationId}-${now()}`, ip: '127.0.0.1', now: now() });
  return writeToken('it', { ids: [organizationId, invitationId], secret });
}

/** What time does to an invitation that waits for its mail: it cannot be accepted any more. */
export async function expiredInvitation(organizationId: number, invitationId: number): Promise<void> {
  const { stores, openChanges, commit, now } = services();
  const tenant = tenantWithoutCaller(organizationId);
  const invitation = await stores.invitations.get(tenant, invitationId);
  if (!invitation) throw new Error('There is no such invitation.');
  const changes = openChanges(author);
  stores.invitations.move(changes, tenant, invitation, 'mint', now(), 'retry', { expiresAt: now() - 1 });
  await commit(changes, { requestId: `test-${invitationId}-over`, ip: '127.0.0.1', now: now() });
}
