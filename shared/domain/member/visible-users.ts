import { isPlatformAdministrator } from '../access/caller.ts';
import { inheritedRoles, permissionsOf } from '../access/roles.ts';
import type { TenantScope } from '../access/tenant.ts';
import { inParallel } from '../in-parallel.ts';
import type { Organization } from '../organization/organization.ts';
import { pathOf } from '../organization/path.ts';
import type { User } from '../user/user.ts';
import type { Work } from '../work.ts';

/** How many people are looked up side by side. */
const peopleAtOnce = 25;

/**
 * Those of these people whom the caller can see anyway, so that an id cannot be used to find a person: homed in the tree
 * of the scope's organization, or members of an organization where the caller has `members:write`. Deleted people are
 * never among them.
 */
export async function visibleUsers(work: Work, scope: TenantScope, userIds: readonly number[]): Promise<User[]> {
  const { stores } = work;
  const users = (await stores.users.getMany(userIds)).filter(({ deletedAt }) => deletedAt === null);
  if (isPlatformAdministrator(scope.caller)) return users;
  const homed = await homedInTree(work, scope, users);
  const others = users.filter(({ id }) => !homed.has(id));
  const managed = others.length > 0 ? await managedOrganizations(work, scope) : new Set<number>();
  const visible = new Set(homed);
  await inParallel(others, peopleAtOnce, async ({ id }) => {
    if (await isMemberOfAny(work, id, managed)) visible.add(id);
  });
  return users.filter(({ id }) => visible.has(id));
}

async function homedInTree({ stores }: Work, scope: TenantScope, users: readonly User[]): Promise<Set<number>> {
  const homeIds = new Set(users.map(({ homeOrganizationId }) => homeOrganizationId).filter((id) => id !== null));
  const read = stores.organizations.getManyEvenIfDeleted;
  const rootOf = async (organization: Organization) => (await pathOf(organization, read))[0]?.id ?? organization.id;
  const [root, homes] = await Promise.all([rootOf(scope.organization), stores.organizations.getMany([...homeIds])]);
  const rootOfHome = new Map(await Promise.all(homes.map(async (home) => [home.id, await rootOf(home)] as const)));
  return new Set(
    users
      .filter(({ homeOrganizationId }) => homeOrganizationId !== null && rootOfHome.get(homeOrganizationId) === root)
      .map(({ id }) => id),
  );
}

/** The organizations from which the caller's `members:write` comes: it holds there and in everything below. */
async function managedOrganizations({ stores }: Work, { caller }: TenantScope): Promise<Set<number>> {
  if (caller.kind === 'credential') return new Set([caller.credential.organizationId]);
  const ids = await stores.members.organizationIdsOf(caller.user.id);
  const memberships = await stores.authentication.memberships(caller.user.id, ids);
  const inherited = memberships.filter(
    ({ isActive, roles }) =>
      isActive && permissionsOf(roles.filter((role) => inheritedRoles.has(role))).has('members:write'),
  );
  return new Set(inherited.map(({ organizationId }) => organizationId));
}

async function isMemberOfAny({ stores }: Work, userId: number, managed: ReadonlySet<number>): Promise<boolean> {
  const ids = managed.size > 0 ? await stores.members.organizationIdsOf(userId) : [];
  const organizations = await stores.organizations.getMany(ids);
  if (organizations.some(({ id }) => managed.has(id))) return true;
  // One read for what all of them remember of the ways up; more only where something has just moved.
  const known = new Map<number, Organization>();
  const read = async (wanted: readonly number[]) => {
    const missing = wanted.filter((id) => !known.has(id));
    for (const found of await stores.organizations.getManyEvenIfDeleted(missing)) known.set(found.id, found);
    return wanted.map((id) => known.get(id)).filter((found) => found !== undefined);
  };
  await read([...new Set(organizations.flatMap(({ ancestors }) => ancestors))]);
  for (const organization of organizations) {
    const path = await pathOf(organization, read);
    if (path.some(({ id, deletedAt }) => deletedAt === null && managed.has(id))) return true;
  }
  return false;
}
