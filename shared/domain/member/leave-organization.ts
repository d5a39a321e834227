import { permissionsOf } from '../access/roles.ts';
import type { TenantScope } from '../access/tenant.ts';
import { DomainError } from '../errors.ts';
import type { Work } from '../work.ts';
import { changeMemberships } from './change-memberships.ts';

/**
 * Ends the membership of whoever calls, or of the maker of the calling credential, also where the organization is not
 * active.
 * @throws `member_not_found` for somebody who only inherits a role here, and for a credential of another organization,
 * which does not reach its maker's memberships; `forbidden` for one that may do less than its maker; `last_owner`
 */
export async function leaveOrganization(work: Work, scope: TenantScope): Promise<void> {
  const { membership: before, caller } = scope;
  const isReached = caller.kind === 'session' || caller.credential.organizationId === scope.organizationId;
  if (!before || !isReached) throw new DomainError('member_not_found');
  if (caller.kind === 'credential' && [...permissionsOf(scope.roles)].some((name) => !scope.permissions.has(name))) {
    throw new DomainError('forbidden', { message: 'This credential may not do all that its maker may.' });
  }
  await changeMemberships(work, scope, scope.organization, [{ before, after: undefined }]);
  work.stores.organizations.requireLive(work.changes, scope, 'any');
}
