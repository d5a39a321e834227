import { rolePermissions } from '../../../shared/domain/access/permissions.ts';
import { tenantWithoutCaller } from '../../../shared/domain/access/tenant.ts';
import { hashSecret, secretBytesOf, writeToken } from '../../../shared/domain/access/tokens.ts';
import { createOrganization } from '../../../shared/domain/organization/create-organization.ts';
import { services } from '../../../shared/runtime/services.ts';

/** Somebody whom the table knows: the owner of an organization, with a session and a key of that organization. */
export interface KnownCaller {
  readonly email: string;
  readonly organizationId: number;
  readonly accessToken: string;
  readonly refreshToken: string;
  readonly apiKey: string;
}

/** Writes such a caller into the table that this process is pointed at. */
export async function addKnownCaller(): Promise<KnownCaller> {
  const { stores, settings, now, newId, randomBytes, openChanges, commit } = services();
  const [userId, sessionId, credentialId] = [newId(), newId(), newId()];
  const at = now();
  const email = 'owner@tenantry.example.com';
  const user = {
    id: userId,
    email,
    firstName: 'Olivia',
    middleName: null,
    lastName: 'Owner',
    suffix: null,
    passwordHash: null,
    isVerified: true,
    isLocked: false,
    deletedAt: null,
    isPlatformAdministrator: true,
    homeOrganizationId: null,
    sessionEpoch: 1,
    version: 1,
    createdAt: at,
    updatedAt: at,
  };
  const accessSecret = randomBytes(secretBytesOf('st'));
  const refreshSecret = randomBytes(secretBytesOf('rt'));
  const keySecret = randomBytes(secretBytesOf('ak'));
  const day = 86_400_000;

  const session = {
    id: sessionId,
    userId,
    accessHash: hashSecret(accessSecret),
    accessExpiresAt: at + day,
    previousAccessHash: null,
    previousAccessExpiresAt: null,
    familyHash: hashSecret(refreshSecret.subarray(0, 16)),
    refreshHash: hashSecret(refreshSecret),
    refreshExpiresAt: at + day,
    epoch: user.sessionEpoch,
    createdAt: at,
  };
  const context = { requestId: 'known-caller', ip: '127.0.0.1', now: at };

  const signingUp = openChanges({ email, credentialId: null });
  stores.users.create(signingUp, user);
  stores.sessions.create(signingUp, session);
  await commit(signingUp, context);

  const founding = openChanges({ email, credentialId: null });
  const work = { ...context, stores, settings, changes: founding, newId, randomBytes };
  const caller = { kind: 'session', user, session } as const;
  const { id: organizationId } = createOrganization(work, caller, { name: 'Acme', countryCode: null });
  await commit(founding, context);

  const makingKey = openChanges({ email, credentialId: null });
  stores.credentials.create(makingKey, tenantWithoutCaller(organizationId), {
    id: credentialId,
    organizationId,
    makerId: userId,
    name: 'key',
    permissions: rolePermissions,
    secretHash: hashSecret(keySecret),
    previousSecretHash: null,
    previousSecretExpiresAt: null,
    expiresAt: null,
    createdAt: at,
  });
  await commit(makingKey, context);
  return {
    email,
    organizationId,
    accessToken: writeToken('st', { ids: [userId, sessionId], secret: accessSecret }),
    refreshToken: writeToken('rt', { ids: [userId, sessionId], secret: refreshSecret }),
    apiKey: writeToken('ak', { ids: [organizationId, credentialId, userId], secret: keySecret }),
  };
}
