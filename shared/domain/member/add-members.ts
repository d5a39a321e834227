import { requireMayGrant } from '../access/grant-roles.ts';
import type { TenantScope } from '../access/tenant.ts';
import { requireWritable } from '../organization/require-writable.ts';
import type { Work } from '../work.ts';
import { changeMemberships } from './change-memberships.ts';
import { idsOf, type MembersWish, requireNone } from './members-wish.ts';
import { type Membership, newMembership } from './membership.ts';
import { visibleUsers } from './visible-users.ts';

/**
 * Makes people whom the caller can see already members, all of them or none.
 * @throws `forbidden` for a role that the caller cannot grant; `user_not_found` naming those who are not there or not
 * visible; `already_member` and `limit_reached` naming them
 */
export async function addMembers(
  work: Work,
  scope: TenantScope,
  { users: wanted, role, isActive }: MembersWish,
): Promise<Membership[]> {
  requireMayGrant(scope, [role]);
  const userIds = idsOf(wanted);
  const [users, members] = await Promise.all([
    visibleUsers(work, scope, userIds),
    work.stores.members.getMany(scope, userIds),
  ]);
  const found = new Map(users.map((user) => [user.id, user]));
  requireNone(
    'user_not_found',
    'There is no such user',
    wanted.filter(({ id }) => id === undefined || !found.has(id)),
  );
  const present = new Set(members.map(({ userId }) => userId));
  requireNone(
    'already_member',
    'A member already',
    wanted.filter(({ id }) => id !== undefined && present.has(id)),
  );
  const steps = userIds.flatMap((id) => {
    const user = found.get(id);
    if (!user) return [];
    const after = newMembership(scope.organizationId, user, [role], work.now, isActive);
    return [{ before: undefined, after, user, ifMember: 'retry' as const }];
  });
  await changeMemberships(work, scope, scope.organization, steps);
  requireWritable(work, scope);
  return steps.map(({ after }) => after);
}
