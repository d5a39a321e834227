import type { TenantScope } from '../access/tenant.ts';
import { DomainError } from '../errors.ts';
import type { Membership } from './membership.ts';

/** @throws `forbidden` where an OWNER is changed and the caller lacks `owners:write`; the endpoint `needsAllRights` */
export function requireMayChange(scope: TenantScope, member: Pick<Membership, 'roles'>): void {
  if (member.roles.includes('OWNER') && !scope.permissions.has('owners:write')) {
    throw new DomainError('forbidden', { message: 'Only an owner can change an owner.' });
  }
}
