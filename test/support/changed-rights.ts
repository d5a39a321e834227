import { tenantWithoutCaller } from '../../shared/domain/access/tenant.ts';
import type { Changes } from '../../shared/domain/changes.ts';
import type { Membership } from '../../shared/domain/member/membership.ts';
import type { Organization } from '../../shared/domain/organization/organization.ts';
import type { User } from '../../shared/domain/user/user.ts';
import { services } from './all-services.ts';

/** What happens to rights that were given before, written through the stores as it is stored in the end. */

async function commit(write: (changes: Changes) => void): Promise<void> {
  const changes = services().openChanges({ email: 'test@example.com', credentialId: null });
  write(changes);
  await services().commit(changes, { requestId: `test-${services().newId()}`, ip: '127.0.0.1', now: Date.now() });
}

async function membershipOf({ id }: Organization, user: User): Promise<Membership> {
  const membership = await services().stores.members.getEvenIfDeleted(tenantWithoutCaller(id), user.id);
  if (!membership) throw new Error('No such membership.');
  return membership;
}

/** Changes the roles or the activity of a membership. */
export async function changeMembership(
  organization: Organization,
  user: User,
  of: Partial<Pick<Membership, 'roles' | 'isActive'>>,
): Promise<void> {
  const membership = await membershipOf(organization, user);
  await commit((changes) => services().stores.members.update(changes, membership, { ...membership, ...of }));
}

/** Ends a membership. */
export async function endMembership(organization: Organization, user: User): Promise<void> {
  const membership = await membershipOf(organization, user);
  await commit((changes) => services().stores.members.remove(changes, membership));
}

/** Locks or deletes a person, or makes them a platform administrator. */
export async function changePerson(
  { id }: User,
  of: Partial<Pick<User, 'isLocked' | 'deletedAt' | 'isPlatformAdministrator'>>,
): Promise<void> {
  const user = await services().stores.users.get(id);
  if (!user) throw new Error('No such person.');
  await commit((changes) => services().stores.users.change(changes, user, of));
}

/** Changes the state of an organization: its status, or that it is deleted. */
export async function changeState(
  { id }: Organization,
  of: Partial<Pick<Organization, 'status' | 'deletedAt'>>,
): Promise<void> {
  await commit((changes) =>
    services().stores.organizations.change(changes, tenantWithoutCaller(id), { set: of, evenIfDeleted: true }),
  );
}
