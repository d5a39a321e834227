import { timingSafeEqual } from 'node:crypto';
import { DomainError } from '../errors.ts';
import type { Membership } from '../member/membership.ts';
import type { Organization } from '../organization/organization.ts';
import { pathOf } from '../organization/path.ts';
import type { Timestamp } from '../timestamp.ts';
import { isUsable } from '../user/user.ts';
import type { AuthenticationAnswer, AuthenticationStore } from './authentication-store.ts';
import { type Caller, isPlatformAdministrator } from './caller.ts';
import { type Permission, rolePermissions } from './permissions.ts';
import type { PresentedCredential } from './presented-credential.ts';
import { inheritedRoles, permissionsOf, type Role, sortRoles } from './roles.ts';
import { type TenantScope, tenantScope } from './tenant.ts';

/** Whether a presented secret is the stored one, in a time that tells nothing. */
function sameHash(presented: string, stored: string | null): boolean {
  if (stored === null || stored.length !== presented.length) return false;
  return timingSafeEqual(Buffer.from(presented), Buffer.from(stored));
}

/**
 * Who is calling, from what was presented and what is stored.
 * @throws `unauthorized`, the same for every reason
 */
export async function authenticate(
  presented: PresentedCredential,
  found: AuthenticationAnswer,
  now: Timestamp,
  store: AuthenticationStore,
): Promise<Caller> {
  const { user } = found;
  if (!user || !isUsable(user)) throw new DomainError('unauthorized');
  if (presented.kind === 'session') {
    const { session } = found;
    if (!session || session.epoch !== user.sessionEpoch) throw new DomainError('unauthorized');
    const present = sameHash(presented.secretHash, session.accessHash) && session.accessExpiresAt > now;
    const previous =
      sameHash(presented.secretHash, session.previousAccessHash) && (session.previousAccessExpiresAt ?? 0) > now;
    if (!present && !previous) throw new DomainError('unauthorized');
    return { kind: 'session', user, session };
  }
  const { credential, credentialOrganization } = found;
  if (!credential || !credentialOrganization) throw new DomainError('unauthorized');
  if (credential.makerId !== user.id) throw new DomainError('unauthorized');
  const present = sameHash(presented.secretHash, credential.secretHash);
  const previous =
    sameHash(presented.secretHash, credential.previousSecretHash) && (credential.previousSecretExpiresAt ?? 0) > now;
  if (!present && !previous) throw new DomainError('unauthorized');
  if (credential.expiresAt !== null && credential.expiresAt <= now) throw new DomainError('unauthorized');
  const makerRoles = await rolesOfMaker(user.id, credentialOrganization, found.credentialMembership, store);
  if (makerRoles.length === 0) throw new DomainError('unauthorized');
  return { kind: 'credential', user, credential, makerRoles };
}

/** What an endpoint asks of a caller inside an organization. */
export interface Demand {
  readonly permission: Permission | 'member' | 'platform-administrator';
  /** The work looks at further rights: inherited roles are loaded even if they are not needed for `permission`. */
  readonly needsAllRights: boolean;
  /** Changes something, and so needs the organization to be active. */
  readonly needsActiveOrganization: boolean;
}

/** An answer of `authorize`: the scope, or the refusal with what the access log has to know. */
export type Authorization =
  | { readonly scope: TenantScope }
  | { readonly refusal: DomainError; readonly isStranger: boolean };

/**
 * Whether a caller may do what an endpoint does in an organization, and with which rights. Deny by default: a caller
 * without any role there gets the answer of an organization that never was.
 */
export async function authorize(
  caller: Caller,
  found: AuthenticationAnswer,
  demand: Demand,
  store: AuthenticationStore,
): Promise<Authorization> {
  const { organization } = found;
  if (!organization) {
    await lookAboveAnyway(caller, store);
    return refuse('organization_not_found', true);
  }
  const rights =
    caller.kind === 'session'
      ? await sessionRights(caller, organization, found.membership, demand, store)
      : await credentialRights(caller, organization, store);
  const inactive = found.membership !== undefined && !found.membership.isActive;
  if (rights.roles.length === 0 && !rights.isAdministrator) {
    if (inactive && caller.kind === 'session') return refuse('membership_inactive');
    if (organization.parentId === null) await lookAboveAnyway(caller, store);
    return refuse('organization_not_found', true);
  }
  if (!satisfies(demand.permission, rights)) return refuse('forbidden');
  if (demand.needsActiveOrganization && organization.status !== 'active' && !rights.isAdministrator) {
    return refuse('organization_not_active');
  }
  return {
    scope: tenantScope({
      organizationId: organization.id,
      caller,
      organization,
      membership: found.membership,
      roles: sortRoles(rights.roles),
      permissions: rights.permissions,
    }),
  };
}

/** No organization has this id. */
const nowhere = 0;

/**
 * Reads what is read above an organization that has something above it: how long the refusal takes tells a stranger
 * neither where an organization stands nor that there is one.
 */
async function lookAboveAnyway(caller: Caller, store: AuthenticationStore): Promise<void> {
  const looksAbove =
    caller.kind === 'session'
      ? !isPlatformAdministrator(caller)
      : caller.makerRoles.some((role) => inheritedRoles.has(role));
  if (looksAbove) await store.above(caller.user.id, [nowhere]);
}

function refuse(
  code: 'organization_not_found' | 'forbidden' | 'membership_inactive' | 'organization_not_active',
  isStranger = false,
): Authorization {
  return { refusal: new DomainError(code), isStranger };
}

interface Rights {
  readonly roles: readonly Role[];
  readonly permissions: ReadonlySet<Permission>;
  readonly isAdministrator: boolean;
}

function satisfies(permission: Demand['permission'], rights: Rights): boolean {
  if (permission === 'platform-administrator') return rights.isAdministrator;
  if (permission === 'member') return true;
  return rights.permissions.has(permission);
}

const directRoles = (membership: Membership | undefined): readonly Role[] =>
  membership?.isActive ? membership.roles : [];

async function sessionRights(
  caller: Caller,
  organization: Organization,
  membership: Membership | undefined,
  demand: Demand,
  store: AuthenticationStore,
): Promise<Rights> {
  const isAdministrator = isPlatformAdministrator(caller);
  const rightsBy = (roles: readonly Role[]): Rights => ({
    roles,
    permissions: isAdministrator ? new Set(rolePermissions) : permissionsOf(roles),
    isAdministrator,
  });
  const direct = directRoles(membership);
  const own = rightsBy(direct);
  const enough = (isAdministrator || direct.length > 0) && satisfies(demand.permission, own) && !demand.needsAllRights;
  if (direct.includes('OWNER') || enough) return own;
  return rightsBy([...direct, ...(await rolesFromAbove(caller.user.id, organization, store))]);
}

/**
 * The roles that a credential's maker has now in its organization. A maker who was deactivated there has none, also
 * where they are OWNER above: the person may go on by what they inherit, what they left behind stops.
 */
async function rolesOfMaker(
  makerId: number,
  organization: Organization,
  membership: Membership | undefined,
  store: AuthenticationStore,
): Promise<readonly Role[]> {
  if (membership && !membership.isActive) return [];
  const direct = directRoles(membership);
  return direct.includes('OWNER') ? direct : [...direct, ...(await rolesFromAbove(makerId, organization, store))];
}

async function credentialRights(
  { credential, makerRoles }: Extract<Caller, { kind: 'credential' }>,
  organization: Organization,
  store: AuthenticationStore,
): Promise<Rights> {
  const isHome = organization.id === credential.organizationId;
  const inherited = makerRoles.filter((role) => inheritedRoles.has(role));
  const isBelow =
    !isHome &&
    inherited.length > 0 &&
    (await pathOf(organization, store.organizations)).some(({ id }) => id === credential.organizationId);
  const roles = isHome ? makerRoles : isBelow ? inherited : [];
  const allowed = permissionsOf(roles);
  const permissions = credential.permissions.filter((permission) => allowed.has(permission));
  return { roles, permissions: new Set(permissions), isAdministrator: false };
}

/**
 * The roles that somebody has in an organization because they have them above it. One read where there is an above, and
 * for a moment after a move a few more.
 */
export async function rolesFromAbove(
  userId: number,
  organization: Organization,
  store: AuthenticationStore,
): Promise<readonly Role[]> {
  const memberships = new Map<number, Membership>();
  const path = await pathOf(organization, async (ids) => {
    const above = await store.above(userId, ids);
    for (const membership of above.memberships) memberships.set(membership.organizationId, membership);
    return above.organizations;
  });
  const live = path.filter(({ deletedAt }) => deletedAt === null);
  const held = live.flatMap(({ id }) => directRoles(memberships.get(id)));
  return sortRoles(held.filter((role) => inheritedRoles.has(role)));
}
