import { requireMayGrant } from '../access/grant-roles.ts';
import type { Role } from '../access/roles.ts';
import type { TenantScope } from '../access/tenant.ts';
import { requireWritable } from '../organization/require-writable.ts';
import { newUser } from '../user/new-user.ts';
import { hashPassword } from '../user/password.ts';
import type { PersonName, User } from '../user/user.ts';
import type { Work } from '../work.ts';
import { changeMemberships } from './change-memberships.ts';
import { type Membership, newMembership } from './membership.ts';

/**
 * Makes a person, homed in the organization and not verified, and a member of it. They can sign in at once.
 * @throws `forbidden` for a role that the caller cannot grant, `email_taken`
 */
export async function createMember(
  work: Work,
  scope: TenantScope,
  { role, password, ...person }: PersonName & Pick<User, 'email'> & { readonly password: string; readonly role: Role },
): Promise<Membership> {
  requireMayGrant(scope, [role]);
  const passwordHash = await hashPassword(password, work.randomBytes);
  const user = newUser(work, {
    ...person,
    passwordHash,
    isVerified: false,
    homeOrganizationId: scope.organizationId,
  });
  work.stores.users.create(work.changes, user, 'email_taken');
  const membership = newMembership(scope.organizationId, user, [role], work.now);
  await changeMemberships(work, scope, scope.organization, [{ before: undefined, after: membership, user }]);
  requireWritable(work, scope);
  return membership;
}
