/** Everything that a role may allow. `organization:create` belongs to no role: every session has it (see `caller.ts`). */
export const permissions = [
  'organization:read',
  'organization:update',
  'organization:delete',
  'organization:create',
  'children:create',
  'members:read',
  'members:write',
  'owners:write',
  'invitations:write',
  'credentials:write',
  'customizations:read',
  'customizations:write',
  'logs:read',
  'consumption:read',
  'usage:write',
  'wallet:read',
  'metrics:read',
] as const;

export type Permission = (typeof permissions)[number];

/** All permissions that a role can hold. */
export const rolePermissions: readonly Permission[] = permissions.filter((name) => name !== 'organization:create');
