import { type Tenant, type TenantScope, tenantWithoutCaller } from '../access/tenant.ts';
import type { Work } from '../work.ts';
import type { Organization } from './organization.ts';
import type { OrganizationChange } from './organization-store.ts';
import { requireWritable } from './require-writable.ts';
import type { UnfinishedDeletion } from './unfinished-deletion.ts';

/**
 * Deletes the organization of the scope: from now on nothing shows it, and its credentials are dead. Its things are kept
 * until the purge, so that a platform administrator can bring it back. With `cascade` everything below goes too: what
 * is left of the subtree is noted in the same transaction, and `finishDeletion` does the rest.
 * @throws `has_children` without `cascade` while it has any; `organization_not_found` when it was deleted meanwhile
 */
export function deleteOrganization(work: Work, scope: TenantScope, { cascade }: { readonly cascade: boolean }): void {
  requireWritable(work, scope);
  removeOrganization(work, scope.organization, { cascade, isChildless: !cascade });
  leaveParents(work, [scope.organization]);
}

/** How many children go in one transaction: each takes up to six of its hundred actions. */
const childrenAtOnce = 15;

/**
 * Deletes the next children of a deleted organization, each with a note of its own where it has children itself. Once
 * none is left, the note about the organization goes; and so it does where the organization was restored meanwhile: then
 * what still lives below stays. Can be ended anywhere and done again.
 *
 * @returns whether that was all of it: nothing lives right below any more, and this note is done with
 */
export async function deleteNextChildren(
  work: Work,
  { organizationId }: Pick<UnfinishedDeletion, 'organizationId'>,
): Promise<boolean> {
  const { stores, changes } = work;
  const parent = tenantWithoutCaller(organizationId);
  const [[present], ids] = await Promise.all([
    stores.organizations.getManyEvenIfDeleted([organizationId]),
    stores.organizations.someChildrenOf(parent, childrenAtOnce),
  ]);
  // Restored or deleted once more since it was read, it has another note, or none: that begins this anew.
  if (present) stores.organizations.requireAsRead(changes, present, ['version']);
  if (present?.deletedAt === null) {
    stores.organizations.deletionFinished(changes, parent);
    return true;
  }
  // What has moved away between the two reads is spared.
  const children = (await stores.organizations.getMany(ids)).filter(({ parentId }) => parentId === organizationId);
  for (const child of children) {
    // Whatever happened to the child since it was read, being deleted by a twin included, begins this anew.
    stores.organizations.requireAsRead(changes, child, ['children']);
    removeOrganization(work, child, { cascade: child.counters.children > 0, evenIfDeleted: true });
  }
  leaveParents(work, children);
  if (ids.length < childrenAtOnce) stores.organizations.deletionFinished(changes, parent);
  return ids.length < childrenAtOnce;
}

function removeOrganization(
  work: Work,
  organization: Organization,
  { cascade, ...rules }: { readonly cascade: boolean } & Pick<OrganizationChange, 'isChildless' | 'evenIfDeleted'>,
): void {
  const { stores, changes, now, requestId, ip } = work;
  const tenant: Tenant = tenantWithoutCaller(organization.id);
  stores.organizations.change(changes, tenant, {
    set: { deletedAt: now, updatedAt: now },
    fromVersion: organization.version,
    ...rules,
  });
  if (organization.domain !== null) stores.organizations.releaseDomain(changes, tenant, organization.domain);
  if (cascade) {
    stores.organizations.deletionUnfinished(changes, {
      organizationId: organization.id,
      author: changes.author,
      requestId,
      ip,
    });
  }
  changes.audit({
    organizationId: organization.id,
    action: 'delete',
    entity: 'organization',
    entityId: String(organization.id),
    oldData: { name: organization.name, parent_id: organization.parentId },
    newData: null,
  });
}

/** Takes organizations out of the lists and counts of what they stood below. */
function leaveParents({ stores, changes }: Work, organizations: readonly Organization[]): void {
  for (const organization of organizations) {
    if (organization.parentId === null) continue;
    stores.organizations.leaveParent(changes, organization);
    stores.organizations.change(changes, tenantWithoutCaller(organization.parentId), {
      add: { children: -1 },
      evenIfDeleted: true,
    });
  }
}
