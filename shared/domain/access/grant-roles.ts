import { DomainError } from '../errors.ts';
import { permissionsOf, type Role } from './roles.ts';
import type { TenantScope } from './tenant.ts';

/** What is said to whoever wants to grant what they lack. */
export const cannotGrant = 'You cannot grant a role with permissions that you lack.';

/** Whether a caller holds every permission of these roles here: nobody grants what they lack. */
export function mayGrant(scope: TenantScope, roles: readonly Role[]): boolean {
  return [...permissionsOf(roles)].every((permission) => scope.permissions.has(permission));
}

/** @throws `forbidden` unless the caller may grant these roles; the endpoint `needsAllRights` */
export function requireMayGrant(scope: TenantScope, roles: readonly Role[]): void {
  if (!mayGrant(scope, roles)) {
    throw new DomainError('forbidden', { message: cannotGrant });
  }
}
