import { rolesFromAbove } from '../access/authorize.ts';
import { isPlatformAdministrator } from '../access/caller.ts';
import { permissionsElsewhere } from '../access/permissions-elsewhere.ts';
import { type TenantScope, tenantWithoutCaller } from '../access/tenant.ts';
import { DomainError, invalidField } from '../errors.ts';
import type { Work } from '../work.ts';
import type { OrganizationPlace } from './change-organization.ts';
import type { OrganizationStore } from './organization-store.ts';
import { levelsMax } from './path.ts';
import { placeBelow, wayDownTo } from './place-below.ts';
import { requireWritable } from './require-writable.ts';

/** How a request names a parent: for the refusal of one that the caller cannot see. */
export interface SentParent {
  readonly field: string;
  readonly spelled: unknown;
}

/**
 * Moves the organization of the scope, and with it everything below, to another parent or to the top. The move is one
 * write however large the subtree: rights go by the links of the hierarchy (`pathOf`), so everything below is in the new
 * place at once. That those below remember the new way up is work for later (`finish-moves.ts`).
 *
 * Who is an OWNER above is one here too, so another place takes owners away and brings others: only who is an OWNER here
 * moves an organization, or what acts for one.
 *
 * @returns what `changeOrganization` has to set; empty where it stands there already
 * @throws `invalid_request` naming field and parent for one that is not there or not visible; `forbidden` where
 * the caller is no OWNER here or lacks `children:create` there; `organization_not_active` about the parent;
 * `hierarchy_cycle`, `hierarchy_too_deep`
 */
export async function moveOrganization(
  work: Work,
  scope: TenantScope,
  { parentId, name, asSent }: { readonly parentId: number | null; readonly name: string; readonly asSent: SentParent },
): Promise<Partial<OrganizationPlace>> {
  const { stores, changes } = work;
  const { organization } = scope;
  if (parentId === organization.parentId) return {};
  if (!(await isOwner(work, scope)) && !isPlatformAdministrator(scope.caller)) {
    throw new DomainError('forbidden', {
      message: 'Only an owner can move an organization: the owners above own it too.',
    });
  }
  const place = parentId === null ? { ancestors: [] } : await placeUnder(work, scope, parentId, asSent);
  if (parentId !== null) {
    stores.organizations.change(changes, tenantWithoutCaller(parentId), { add: { children: 1 } });
  }
  if (organization.parentId !== null) {
    const left = tenantWithoutCaller(organization.parentId);
    stores.organizations.change(changes, left, { add: { children: -1 }, evenIfDeleted: true });
  }
  stores.organizations.requireAsRead(changes, organization, ['parentId']);
  stores.organizations.move(changes, organization, { ...organization, name, parentId }, work.newId());
  return { parentId, ...place };
}

/** Whether the caller is an OWNER here. What they are by an organization above is loaded where it is asked for alone. */
async function isOwner({ stores }: Work, { roles, caller, organization }: TenantScope): Promise<boolean> {
  if (roles.includes('OWNER')) return true;
  return (await rolesFromAbove(caller.user.id, organization, stores.authentication)).includes('OWNER');
}

async function placeUnder(
  work: Work,
  scope: TenantScope,
  parentId: number,
  { field, spelled }: SentParent,
): Promise<Omit<OrganizationPlace, 'parentId'>> {
  const { stores } = work;
  const { organization } = scope;
  const parent = await stores.organizations.get(parentId);
  const permissions = parent && (await permissionsElsewhere(scope.caller, parent, stores.authentication));
  if (!parent || !permissions) throw invalidField(field, `There is no organization ${spelled}.`);
  if (!permissions.has('children:create')) {
    throw new DomainError('forbidden', { message: 'You cannot place organizations below that one.' });
  }
  const way = await wayDownTo(work, parent);
  if (way.some(({ id }) => id === organization.id)) throw new DomainError('hierarchy_cycle');
  const levelsBelow = await countedLevels(work, scope, levelsMax - way.length - 1);
  placeBelow(work, way, levelsBelow + 1);
  requireWritable(work, scope, tenantWithoutCaller(parentId));
  return { ancestors: way.map(({ id }) => id), levelsBelow, levelsRecount: null };
}

/**
 * How many levels there are below, with the condition that it still are so many when this is committed. What is
 * remembered of it is too much where organizations have gone since: then they are counted.
 */
async function countedLevels({ stores, changes, newId }: Work, scope: TenantScope, enough: number): Promise<number> {
  const { organization } = scope;
  if (organization.counters.children === 0) {
    stores.organizations.requireAsRead(changes, organization, ['children']);
    return 0;
  }
  if (organization.levelsRecount === null && organization.levelsBelow <= enough) {
    stores.organizations.requireAsRead(changes, organization, ['levelsBelow', 'levelsRecount']);
    return organization.levelsBelow;
  }
  const recounting = await stores.organizations.recountLevels(scope, newId());
  const found = await levelsFound(stores.organizations, organization.id);
  const [after = recounting] = await stores.organizations.getMany([organization.id]);
  const counted = { ...recounting, levelsBelow: after.levelsBelow };
  stores.organizations.requireAsRead(changes, counted, ['levelsBelow', 'levelsRecount']);
  return Math.max(found, after.levelsBelow);
}

async function levelsFound(store: OrganizationStore, top: number): Promise<number> {
  let levels = 0;
  for (let parents = [top]; ; levels += 1) {
    const below = await store.getMany(await store.childrenOf(parents));
    if (below.length === 0) return levels;
    parents = below.filter(({ counters }) => counters.children > 0).map(({ id }) => id);
  }
}
