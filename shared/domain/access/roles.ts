import { type Permission, rolePermissions } from './permissions.ts';

/** The roles of a membership, strongest first. `id` and `adminName` are how two of the dialects spell them. */
export const roles = {
  OWNER: { id: 1, adminName: 'organization_owner', permissions: rolePermissions },
  ADMIN: {
    id: 2,
    adminName: 'organization_admin',
    permissions: rolePermissions.filter((name) => name !== 'organization:delete' && name !== 'owners:write'),
  },
  CONTRIBUTOR: {
    id: 3,
    adminName: 'organization_user',
    permissions: ['organization:read', 'members:read', 'customizations:read', 'usage:write'],
  },
  ACCOUNTING: {
    id: 4,
    adminName: 'organization_accounting',
    permissions: ['organization:read', 'members:read', 'customizations:read', 'wallet:read', 'consumption:read'],
  },
  VIEWER: {
    id: 5,
    adminName: 'organization_viewer',
    permissions: ['organization:read', 'members:read', 'customizations:read'],
  },
} as const satisfies Record<string, { id: number; adminName: string; permissions: readonly Permission[] }>;

export type Role = keyof typeof roles;

/** The names of all roles, strongest first. */
export const roleNames = Object.keys(roles) as [Role, ...Role[]];

/** The roles that reach down into every descendant organization. */
export const inheritedRoles: ReadonlySet<Role> = new Set<Role>(['OWNER', 'ADMIN']);

/** The role with this integer id, if there is one. */
export function roleById(id: number): Role | undefined {
  return roleNames.find((name) => roles[name].id === id);
}

/** The strongest of a non-empty set of roles: the one that is shown where one is shown. */
export function strongestRole(held: readonly Role[]): Role {
  return roleNames.find((name) => held.includes(name)) ?? 'VIEWER';
}

/** The union of what these roles allow. */
export function permissionsOf(held: Iterable<Role>): ReadonlySet<Permission> {
  const union = new Set<Permission>();
  for (const role of held) for (const permission of roles[role].permissions) union.add(permission);
  return union;
}

/** `held` without duplicates, strongest first: how a set of roles is stored. */
export function sortRoles(held: Iterable<Role>): Role[] {
  const set = new Set(held);
  return roleNames.filter((name) => set.has(name));
}
