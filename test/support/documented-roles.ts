import { type Permission, permissions } from '../../shared/domain/access/permissions.ts';
import type { Role } from '../../shared/domain/access/roles.ts';

/** What each role allows: said here a second time, as it is documented. Strongest first. */
export const documentedRoles: Readonly<Record<Role, readonly Permission[]>> = {
  OWNER: permissions.filter((name) => name !== 'organization:create'),
  ADMIN: permissions.filter((name) => !['organization:create', 'organization:delete', 'owners:write'].includes(name)),
  CONTRIBUTOR: ['organization:read', 'members:read', 'customizations:read', 'usage:write'],
  ACCOUNTING: ['organization:read', 'members:read', 'customizations:read', 'wallet:read', 'consumption:read'],
  VIEWER: ['organization:read', 'members:read', 'customizations:read'],
};
