import type { Membership } from '../member/membership.ts';
import type { Organization } from '../organization/organization.ts';
import type { Caller } from './caller.ts';
import type { Permission } from './permissions.ts';
import type { Role } from './roles.ts';

declare const tenantMark: unique symbol;

/** The right to read and write inside one organization. Stores take nothing less; it cannot be made by hand. */
export interface Tenant {
  readonly organizationId: number;
  readonly [tenantMark]: true;
}

/** What `authorize` has found out: who calls, where, and with which rights. */
export interface TenantScope extends Tenant {
  readonly caller: Caller;
  readonly organization: Organization;
  /** Absent where the rights come from above or from the platform. */
  readonly membership: Membership | undefined;
  /** The roles that count here, inherited ones included. Empty for a platform administrator who is no member. */
  readonly roles: readonly Role[];
  readonly permissions: ReadonlySet<Permission>;
}

/** A scope. Only `authorize` calls this. */
export function tenantScope(scope: Omit<TenantScope, typeof tenantMark>): TenantScope {
  return scope as TenantScope;
}

/** A tenant for what runs without a caller: a job, a stream consumer, or the holder of a mailed token. */
export function tenantWithoutCaller(organizationId: number): Tenant {
  return { organizationId } as Tenant;
}
