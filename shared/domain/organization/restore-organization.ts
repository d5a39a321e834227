import { tenantWithoutCaller } from '../access/tenant.ts';
import { DomainError } from '../errors.ts';
import { restorableMilliseconds } from '../purge/deletion.ts';
import { toIso } from '../timestamp.ts';
import type { Work } from '../work.ts';
import type { Organization } from './organization.ts';
import { placeBelow, wayDownTo } from './place-below.ts';

/**
 * Brings a deleted organization back, with its members and all that it had; itself alone, not what was deleted below it.
 * What a cascading deletion has not got round to yet stays as it is.
 * Its domain comes back unless another organization has taken it meanwhile. One whose only active owner was locked or
 * deleted meanwhile comes back without any: a platform administrator makes somebody its owner then.
 * @throws `organization_not_found`, also when its time is over; `not_deleted`, `parent_deleted`; `hierarchy_too_deep`
 * where its parent has moved down meanwhile
 */
export async function restoreOrganization(work: Work, id: number): Promise<Organization> {
  const { stores, changes, now } = work;
  const [organization] = await stores.organizations.getManyEvenIfDeleted([id]);
  if (!organization) throw new DomainError('organization_not_found');
  if (organization.deletedAt === null) throw new DomainError('not_deleted');
  if (organization.deletedAt + restorableMilliseconds <= now) throw new DomainError('organization_not_found');
  const tenant = tenantWithoutCaller(id);
  const [domain, place] = await Promise.all([freeDomain(work, organization), placeBelowParent(work, organization)]);
  const restored: Organization = {
    ...organization,
    domain,
    ...place,
    deletedAt: null,
    updatedAt: now,
  };
  const { ancestors, levelsBelow, levelsRecount } = restored;
  const keepsDomain = domain === organization.domain;
  stores.organizations.change(changes, tenant, {
    set: { deletedAt: null, updatedAt: now, domain, ancestors, levelsBelow, levelsRecount },
    fromVersion: organization.version,
    evenIfDeleted: true,
  });
  if (domain !== null) stores.organizations.claimDomain(changes, tenant, domain, 'retry');
  changes.audit({
    organizationId: id,
    action: 'update',
    entity: 'organization',
    entityId: String(id),
    oldData: { deleted_at: toIso(organization.deletedAt), ...(keepsDomain ? {} : { domain: organization.domain }) },
    newData: { deleted_at: null, ...(keepsDomain ? {} : { domain }) },
  });
  return { ...restored, version: organization.version + 1 };
}

async function freeDomain({ stores }: Work, { domain }: Organization): Promise<string | null> {
  return domain !== null && (await stores.organizations.isDomainFree(domain)) ? domain : null;
}

/** Gives a child its place back, at the end of the way down to its parent as that is now. */
async function placeBelowParent(
  work: Work,
  organization: Organization,
): Promise<Pick<Organization, 'ancestors' | 'levelsBelow' | 'levelsRecount'>> {
  const { stores, changes } = work;
  const { parentId, counters } = organization;
  // Nothing is below any more, unless the deletion has not got round to it yet.
  const levelsBelow = counters.children === 0 ? 0 : organization.levelsBelow;
  const levelsRecount = counters.children === 0 ? null : organization.levelsRecount;
  if (parentId === null) return { ancestors: [], levelsBelow, levelsRecount };
  const parent = await stores.organizations.get(parentId);
  if (!parent) throw new DomainError('parent_deleted');
  const way = await wayDownTo(work, parent);
  placeBelow(work, way, levelsBelow + 1);
  stores.organizations.change(changes, tenantWithoutCaller(parentId), {
    add: { children: 1 },
    ifDeleted: 'parent_deleted',
  });
  stores.organizations.joinParent(changes, organization);
  return { ancestors: way.map(({ id }) => id), levelsBelow, levelsRecount };
}
