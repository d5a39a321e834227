import { randomBytes } from 'node:crypto';
import { type Permission, permissions } from '../../shared/domain/access/permissions.ts';
import type { Role } from '../../shared/domain/access/roles.ts';
import { tenantWithoutCaller } from '../../shared/domain/access/tenant.ts';
import { hashSecret, secretBytesOf, writeToken } from '../../shared/domain/access/tokens.ts';
import { logShardsAtFirst } from '../../shared/domain/access-log/log-shards.ts';
import type { Changes } from '../../shared/domain/changes.ts';
import type { Credential } from '../../shared/domain/credential/credential.ts';
import { memberCountersChange } from '../../shared/domain/member/member-counters.ts';
import { type Membership, newMembership } from '../../shared/domain/member/membership.ts';
import { countersOfNewOrganization, type Organization } from '../../shared/domain/organization/organization.ts';
import type { Session } from '../../shared/domain/session/session.ts';
import { hourMilliseconds } from '../../shared/domain/timestamp.ts';
import type { User } from '../../shared/domain/user/user.ts';
import { emptyWallet } from '../../shared/domain/wallet/wallet.ts';
import { services } from './all-services.ts';

/**
 * What tests take for granted, written through the stores: people, their sessions, organizations, memberships and
 * credentials. The table comes first (`api-under-test.ts`).
 */

let people = 0;

async function commit(write: (changes: Changes) => void): Promise<void> {
  const changes = services().openChanges({ email: 'test@example.com', credentialId: null });
  write(changes);
  await services().commit(changes, { requestId: `test-${services().newId()}`, ip: '127.0.0.1', now: Date.now() });
}

/** A person with a fresh address, without a home organization unless one is given. */
export async function somebody(of: Partial<User> = {}): Promise<User> {
  people += 1;
  const now = Date.now();
  const id = services().newId();
  const user: User = {
    id,
    email: `person-${people}-${id}@example.com`,
    firstName: 'Person',
    middleName: null,
    lastName: `Number${people}`,
    suffix: null,
    passwordHash: null,
    isVerified: true,
    isLocked: false,
    deletedAt: null,
    isPlatformAdministrator: false,
    homeOrganizationId: null,
    sessionEpoch: 1,
    version: 1,
    createdAt: now,
    updatedAt: now,
    ...of,
  };
  await commit((changes) => services().stores.users.create(changes, user));
  return user;
}

/** Signs a person in: the headers that their requests carry. */
export async function signedIn(user: User, of: Partial<Session> = {}): Promise<{ authorization: string }> {
  const [id, now, secret] = [services().newId(), Date.now(), randomBytes(secretBytesOf('st'))];
  const life = hourMilliseconds;
  await commit((changes) =>
    services().stores.sessions.create(changes, {
      id,
      userId: user.id,
      accessHash: hashSecret(secret),
      accessExpiresAt: now + life,
      previousAccessHash: null,
      previousAccessExpiresAt: null,
      familyHash: '',
      refreshHash: '',
      refreshExpiresAt: now + life,
      epoch: user.sessionEpoch,
      createdAt: now,
      ...of,
    }),
  );
  return { authorization: `Bearer ${writeToken('st', { ids: [user.id, id], secret })}` };
}

/** An organization with its one owner; below `parent` where there is one. */
export async function anOrganization(
  owner: User,
  { parent, ...of }: Partial<Organization> & { readonly parent?: Organization } = {},
): Promise<Organization> {
  const now = Date.now();
  const organization: Organization = {
    id: services().newId(),
    name: 'An organization',
    status: 'active',
    statusReason: null,
    countryCode: null,
    domain: null,
    contact: null,
    avatarUrl: null,
    customizations: {},
    parentId: parent?.id ?? null,
    ancestors: parent ? [...parent.ancestors, parent.id] : [],
    levelsBelow: 0,
    levelsRecount: null,
    ownerId: owner.id,
    logShards: logShardsAtFirst,
    version: 1,
    deletedAt: null,
    createdAt: now,
    updatedAt: now,
    counters: countersOfNewOrganization(owner),
    wallet: emptyWallet,
    ...of,
  };
  await commit((changes) => {
    const { organizations, members } = services().stores;
    organizations.create(changes, organization);
    members.add(changes, newMembership(organization.id, owner, ['OWNER'], now), owner);
    if (parent) organizations.change(changes, tenantWithoutCaller(parent.id), { add: { children: 1 } });
  });
  return organization;
}

/** Makes a person a member. */
export async function aMember(
  organization: Organization,
  user: User,
  roles: readonly Role[],
  of: Partial<Membership> = {},
): Promise<Membership> {
  const membership = { ...newMembership(organization.id, user, roles, Date.now()), ...of };
  await commit((changes) => {
    const { organizations, members } = services().stores;
    members.add(changes, membership, user);
    organizations.change(changes, tenantWithoutCaller(organization.id), {
      add: memberCountersChange(undefined, membership),
    });
  });
  return membership;
}

/** A credential of the organization, acting for its maker: the headers of a service account. */
export async function aCredential(
  organization: Organization,
  maker: User,
  given: readonly Permission[] = permissions,
  of: Partial<Credential> = {},
): Promise<{ 'client-id': string; 'client-secret': string }> {
  const [id, now, secret] = [services().newId(), Date.now(), randomBytes(secretBytesOf('sk'))];
  await commit((changes) =>
    services().stores.credentials.create(changes, tenantWithoutCaller(organization.id), {
      id,
      organizationId: organization.id,
      makerId: maker.id,
      name: 'A credential',
      permissions: given,
      secretHash: hashSecret(secret),
      previousSecretHash: null,
      previousSecretExpiresAt: null,
      expiresAt: null,
      createdAt: now,
      ...of,
    }),
  );
  const ids = [organization.id, id, maker.id];
  return {
    'client-id': writeToken('id', { ids, secret: Buffer.alloc(0) }),
    'client-secret': writeToken('sk', { ids: [], secret }),
  };
}
