import { requireMayGrant } from '../access/grant-roles.ts';
import type { TenantScope } from '../access/tenant.ts';
import type { Identified } from '../identifiers.ts';
import { requireWritable } from '../organization/require-writable.ts';
import type { Work } from '../work.ts';
import { changeMemberships, type MembershipStep } from './change-memberships.ts';
import { idsOf, type MembersWish, requireNone } from './members-wish.ts';
import type { Membership } from './membership.ts';
import { requireMayChange } from './require-rights.ts';

/**
 * Gives members a role in place of those they had, and activates or deactivates their memberships: all of them or none.
 * @throws `member_not_found` naming those who are no members; `forbidden` for an OWNER, or a new role with permissions
 * that the caller lacks; `last_owner`
 */
export async function changeMembers(
  work: Work,
  scope: TenantScope,
  { users, role, isActive }: MembersWish,
): Promise<Membership[]> {
  const members = await membersNamed(work, scope, users);
  // Who is activated gets the role as much as who never had it.
  const isGranted = (member: Membership) => !member.roles.includes(role) || (isActive && !member.isActive);
  if (members.some(isGranted)) requireMayGrant(scope, [role]);
  const steps = members.map((before) => {
    const isSame = before.isActive === isActive && before.roles.length === 1 && before.roles[0] === role;
    return isSame
      ? { before, after: before }
      : { before, after: { ...before, roles: [role], isActive, updatedAt: work.now } };
  });
  await changeMemberships(
    work,
    scope,
    scope.organization,
    steps.filter(({ before, after }) => before !== after),
  );
  requireWritable(work, scope);
  return steps.map(({ after }) => after);
}

/**
 * Ends memberships, all of them or none.
 * @throws `member_not_found` naming those who are no members; `forbidden` for an OWNER and a caller without
 * `owners:write`; `last_owner`
 */
export async function removeMembers(work: Work, scope: TenantScope, users: readonly Identified[]): Promise<void> {
  const members = await membersNamed(work, scope, users);
  const steps = members.map((before): MembershipStep => ({ before, after: undefined }));
  await changeMemberships(work, scope, scope.organization, steps);
  requireWritable(work, scope);
}

async function membersNamed(work: Work, scope: TenantScope, users: readonly Identified[]): Promise<Membership[]> {
  const members = await work.stores.members.getMany(scope, idsOf(users));
  const found = new Set(members.map(({ userId }) => userId));
  requireNone(
    'member_not_found',
    'There is no such member',
    users.filter(({ id }) => id === undefined || !found.has(id)),
  );
  for (const member of members) requireMayChange(scope, member);
  return members;
}
