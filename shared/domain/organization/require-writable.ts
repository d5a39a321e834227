import { isPlatformAdministrator } from '../access/caller.ts';
import type { Tenant, TenantScope } from '../access/tenant.ts';
import type { Work } from '../work.ts';

/**
 * Ties the changes to the organization's life: they are refused when it was deleted or, but for a platform
 * administrator, deactivated since the request began. For changes that touch no counter of the organization itself.
 * @param tenant The organization, where it is not the one of the scope.
 */
export function requireWritable({ stores, changes }: Work, scope: TenantScope, tenant: Tenant = scope): void {
  stores.organizations.requireLive(changes, tenant, isPlatformAdministrator(scope.caller) ? 'any' : 'active');
}
