import { isPlatformAdministrator } from '../access/caller.ts';
import type { TenantScope } from '../access/tenant.ts';
import type { Work } from '../work.ts';

/**
 * Ties the changes to the organization's life: they are refused when it was deleted or, but for a platform
 * administrator, deactivated since the request began. For changes that touch no counter of the organization itself.
 */
export function requireWritable({ stores, changes }: Work, scope: TenantScope): void {
  stores.organizations.requireLive(changes, scope, isPlatformAdministrator(scope.caller) ? 'any' : 'active');
}
