import * as z from 'zod/mini';
import { type Role, roleNames, roles, strongestRole } from '../../../shared/domain/access/roles.ts';
import { toHex24 } from '../../../shared/domain/identifiers.ts';
import type { Membership } from '../../../shared/domain/member/membership.ts';
import { toIso } from '../../../shared/domain/timestamp.ts';

type AdminRoleName = (typeof roles)[Role]['adminName'];

/** The roles as this dialect calls them, strongest first. */
export const adminRoleNames = roleNames.map((name) => roles[name].adminName) as [AdminRoleName, ...AdminRoleName[]];

/** The role that goes by this name here. */
export function roleOfAdminName(adminName: AdminRoleName): Role {
  return roleNames.find((name) => roles[name].adminName === adminName) ?? 'VIEWER';
}

/** A member as this dialect shows it: the person, and the membership in the credential's organization. */
export const AdminMember = z.object({
  id: z.string(),
  first_name: z.string(),
  middle_name: z.nullable(z.string()),
  last_name: z.string(),
  suffix: z.nullable(z.string()),
  email: z.string(),
  role: z.enum(adminRoleNames),
  is_verified: z.boolean(),
  is_locked: z.boolean(),
  is_deleted: z.boolean(),
  bytes_limit: z.nullable(z.int()),
  bytes_used: z.int(),
  created_at: z.iso.datetime(),
  updated_at: z.iso.datetime(),
});

export function toAdminMember(membership: Membership): z.output<typeof AdminMember> {
  const { identity } = membership;
  return {
    id: toHex24('user', membership.userId),
    first_name: identity.firstName,
    middle_name: identity.middleName,
    last_name: identity.lastName,
    suffix: identity.suffix,
    email: identity.email,
    role: roles[strongestRole(membership.roles)].adminName,
    is_verified: identity.isVerified,
    is_locked: identity.isLocked,
    is_deleted: identity.isDeleted,
    bytes_limit: membership.bytesLimit,
    bytes_used: membership.bytesUsed,
    created_at: toIso(membership.joinedAt),
    updated_at: toIso(membership.updatedAt),
  };
}
