import type { TenantScope } from '../access/tenant.ts';
import type { Work } from '../work.ts';
import { requireWritable } from './require-writable.ts';

/** Replaces the tags of the organization. The same tags again change nothing. */
export async function setTags(work: Work, scope: TenantScope, tags: readonly string[]): Promise<readonly string[]> {
  const { stores, changes } = work;
  const before = await stores.organizations.tags(scope);
  requireWritable(work, scope);
  if (JSON.stringify(before.tags) === JSON.stringify(tags)) return tags;
  stores.organizations.setTags(changes, scope, before, tags);
  changes.audit({
    organizationId: scope.organizationId,
    action: 'update',
    entity: 'organization',
    entityId: String(scope.organizationId),
    oldData: { tags: before.tags },
    newData: { tags },
  });
  return tags;
}
