import { rolesFromAbove } from '../access/authorize.ts';
import type { TenantScope } from '../access/tenant.ts';
import { DomainError } from '../errors.ts';
import { requireWritable } from '../organization/require-writable.ts';
import { restorableMilliseconds } from '../purge/deletion.ts';
import { changeIdentity } from '../user/change-identity.ts';
import { hashPassword } from '../user/password.ts';
import type { PersonName, User } from '../user/user.ts';
import type { Wish } from '../wish.ts';
import type { Work } from '../work.ts';
import { identityOf, type Membership } from './membership.ts';
import { requireMayChange } from './require-rights.ts';

/** What the home organization changes of a person. */
type MemberChange = Wish<
  PersonName & Pick<User, 'email' | 'isVerified' | 'isLocked'> & { password: string; isDeleted: boolean }
>;

/**
 * Changes who a member is; only the home organization may. A deleted person is found by the change that brings them back
 * alone, from the home organization and for 30 days: with all memberships and roles.
 *
 * @param expect Refuses the membership that was read, where the caller named another version.
 * @throws `member_not_found`; `forbidden` for an OWNER, also one from above, and a caller without
 * `owners:write`; `identity_managed_elsewhere`; `email_taken`; `last_owner` for a lock or delete
 */
export async function updateMember(
  work: Work,
  scope: TenantScope,
  userId: number,
  { password, isDeleted, ...change }: MemberChange,
  expect: (member: Membership) => void,
): Promise<Membership> {
  const { stores, now } = work;
  const [member, user, organizationIds, inherited] = await Promise.all([
    stores.members.getEvenIfDeleted(scope, userId),
    stores.users.get(userId),
    stores.members.organizationIdsOf(userId),
    rolesFromAbove(userId, scope.organization, stores.authentication),
  ]);
  if (!member || !user) throw new DomainError('member_not_found');
  const isHome = user.homeOrganizationId === scope.organizationId;
  if (user.deletedAt !== null) {
    const comesBack = isHome && isDeleted === false && user.deletedAt > now - restorableMilliseconds;
    if (!comesBack) throw new DomainError('member_not_found');
  }
  // Who has somebody's password or address is them, above as well.
  requireMayChange(scope, { roles: [...member.roles, ...inherited] });
  if (!isHome || user.isPlatformAdministrator) throw new DomainError('identity_managed_elsewhere');
  expect(member);
  requireWritable(work, scope);
  // What may be changed was judged by this membership. Also where it has ended: no entry would tell of the change.
  stores.members.requireUnchanged(work.changes, member);

  const wanted = {
    ...change,
    passwordHash: password === undefined ? undefined : await hashPassword(password, work.randomBytes),
    deletedAt: isDeleted ? now : isDeleted === undefined ? undefined : null,
  };
  const after = await changeIdentity(work, user, wanted, { organizationIds });
  const identity = identityOf(after);
  if (JSON.stringify(identity) === JSON.stringify(member.identity)) return member;
  return { ...member, identity, version: member.version + 1, updatedAt: now };
}
