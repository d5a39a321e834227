import { requireMayGrant } from '../access/grant-roles.ts';
import type { Role } from '../access/roles.ts';
import type { TenantScope } from '../access/tenant.ts';
import { DomainError } from '../errors.ts';
import { requireWritable } from '../organization/require-writable.ts';
import type { Work } from '../work.ts';
import { changeMemberships } from './change-memberships.ts';
import type { Membership } from './membership.ts';
import { requireMayChange } from './require-rights.ts';

/** What a member is to be, and where. */
export interface Assignment {
  /** Not empty, strongest first. */
  readonly roles: readonly Role[];
  /** As they were sent: in their order, duplicates included. */
  readonly workspaces: readonly number[];
  /** The same, as they were spelled. */
  readonly workspacesAsSent: readonly unknown[];
}

/**
 * Gives a member these roles and workspaces in place of those before; whether the membership is active does not change.
 * @param expect Refuses the membership that was read, where the caller named another version.
 * @throws `member_not_found`; `forbidden` for an OWNER or a new role with permissions that the caller lacks;
 * `invalid_request` naming the workspaces that the organization does not have; `last_owner`
 */
export async function assignMember(
  work: Work,
  scope: TenantScope,
  userId: number,
  { roles, workspaces: wanted, workspacesAsSent }: Assignment,
  expect: (member: Membership) => void,
): Promise<Membership> {
  const { stores, changes, now } = work;
  const [before, present] = await Promise.all([
    stores.members.get(scope, userId),
    stores.workspaces.getMany(scope, wanted),
  ]);
  if (!before) throw new DomainError('member_not_found');
  requireMayChange(scope, before);
  requireMayGrant(
    scope,
    roles.filter((role) => !before.roles.includes(role)),
  );
  const known = new Set(present.map(({ id }) => id));
  const fields = wanted.flatMap((id, at) =>
    known.has(id) ? [] : [{ field: `workspaces.${at}`, message: `There is no workspace ${workspacesAsSent[at]}.` }],
  );
  if (fields.length > 0) throw new DomainError('invalid_request', { fields });
  expect(before);
  requireWritable(work, scope);

  const workspaces = [...known].sort((one, other) => one - other);
  if (same(roles, before.roles) && same(workspaces, before.workspaces)) return before;
  for (const id of workspaces) {
    if (!before.workspaces.includes(id)) stores.workspaces.requirePresent(changes, scope, id);
  }
  const after: Membership = { ...before, roles, workspaces, updatedAt: now };
  await changeMemberships(work, scope, scope.organization, [{ before, after }]);
  return { ...after, version: before.version + 1 };
}

function same(one: readonly unknown[], other: readonly unknown[]): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}
