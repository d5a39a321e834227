import type { TenantScope } from '../access/tenant.ts';
import { DomainError } from '../errors.ts';
import { requireWritable } from '../organization/require-writable.ts';
import type { Work } from '../work.ts';
import { changeMemberships } from './change-memberships.ts';
import type { Membership } from './membership.ts';
import { requireMayChange } from './require-rights.ts';

/**
 * Ends a membership; the person lives on.
 * @param expect Refuses the membership that was read, where the caller named another version.
 * @throws `member_not_found`, `forbidden` for an OWNER and a caller without `owners:write`, `last_owner`
 */
export async function removeMember(
  work: Work,
  scope: TenantScope,
  userId: number,
  expect: (member: Membership) => void,
): Promise<void> {
  const member = await work.stores.members.get(scope, userId);
  if (!member) throw new DomainError('member_not_found');
  requireMayChange(scope, member);
  expect(member);
  await changeMemberships(work, scope, scope.organization, [{ before: member, after: undefined }]);
  requireWritable(work, scope);
}
