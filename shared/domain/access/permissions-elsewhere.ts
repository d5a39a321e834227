import type { Organization } from '../organization/organization.ts';
import type { AuthenticationStore } from './authentication-store.ts';
import { rolesFromAbove } from './authorize.ts';
import { type Caller, isPlatformAdministrator } from './caller.ts';
import { type Permission, rolePermissions } from './permissions.ts';
import { permissionsOf } from './roles.ts';

/**
 * What the caller may do in an organization other than the one that the request is to; undefined where they may not
 * know that it is there. Through a credential it is what its maker may do there now, cut down to what it was given.
 */
export async function permissionsElsewhere(
  caller: Caller,
  organization: Organization,
  store: AuthenticationStore,
): Promise<ReadonlySet<Permission> | undefined> {
  if (isPlatformAdministrator(caller)) return new Set(rolePermissions);
  const [[membership], inherited] = await Promise.all([
    store.memberships(caller.user.id, [organization.id]),
    rolesFromAbove(caller.user.id, organization, store),
  ]);
  const roles = [...(membership?.isActive ? membership.roles : []), ...inherited];
  if (roles.length === 0) return undefined;
  const held = permissionsOf(roles);
  return caller.kind === 'session' ? held : new Set(caller.credential.permissions.filter((name) => held.has(name)));
}
