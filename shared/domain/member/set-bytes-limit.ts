import type { TenantScope } from '../access/tenant.ts';
import { DomainError } from '../errors.ts';
import { requireWritable } from '../organization/require-writable.ts';
import type { Work } from '../work.ts';
import { memberCountersChange } from './member-counters.ts';
import type { Membership } from './membership.ts';

/**
 * Limits the storage of a member, an OWNER's too. A limit below what is used is taken: it blocks further use.
 * @param expect Refuses the membership that was read, where the caller named another version.
 * @throws `member_not_found`
 */
export async function setBytesLimit(
  work: Work,
  scope: TenantScope,
  { userId, bytesLimit }: { userId: number; bytesLimit: number },
  expect: (member: Membership) => void,
): Promise<Membership> {
  const { stores, changes, now } = work;
  const before = await stores.members.get(scope, userId);
  if (!before) throw new DomainError('member_not_found');
  expect(before);
  requireWritable(work, scope);
  if (before.bytesLimit === bytesLimit) return before;
  const after: Membership = { ...before, bytesLimit, updatedAt: now };
  stores.members.update(changes, before, after);
  stores.organizations.change(changes, scope, { add: memberCountersChange(before, after) });
  changes.audit({
    organizationId: scope.organizationId,
    action: 'update',
    entity: 'limit',
    entityId: String(userId),
    oldData: { bytes_limit: before.bytesLimit },
    newData: { bytes_limit: bytesLimit },
  });
  return { ...after, version: before.version + 1 };
}
