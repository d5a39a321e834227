import * as z from 'zod/mini';
import { rolesFromAbove } from '../../../shared/domain/access/authorize.ts';
import { type Role, roleNames, strongestRole } from '../../../shared/domain/access/roles.ts';
import type { TenantScope } from '../../../shared/domain/access/tenant.ts';
import type { Membership } from '../../../shared/domain/member/membership.ts';
import type { OrganizationLine } from '../../../shared/domain/organization/list-own-organizations.ts';
import { organizationStatuses } from '../../../shared/domain/organization/organization.ts';
import { toIso } from '../../../shared/domain/timestamp.ts';
import type { Work } from '../../../shared/domain/work.ts';

/** An organization as this dialect shows it: with the caller's own place in it. */
export const Account = z.object({
  id: z.int(),
  organization_name: z.string(),
  role: z.nullable(z.enum(roleNames)),
  is_active: z.boolean(),
  status: z.enum(organizationStatuses),
  parent_id: z.nullable(z.int()),
  created_on: z.iso.datetime(),
});

/**
 * The caller in an organization: the roles that count there, and whether they are active in it: their own membership
 * or, where they have none, what they inherit.
 */
export interface Standing {
  readonly roles: readonly Role[];
  readonly isActive: boolean;
}

/** The caller's place in the organization of the scope: without a membership there, what is inherited. */
export function standingIn({ membership, roles }: TenantScope): Standing {
  return { roles, isActive: membership?.isActive ?? roles.length > 0 };
}

/**
 * The caller's place once these memberships are as they are given, where one of them is their own. Deactivated, it is
 * still shown with its role.
 */
export async function standingAfter(
  { stores }: Work,
  scope: TenantScope,
  members: readonly Membership[],
): Promise<Standing> {
  const own = members.find(({ userId }) => userId === scope.caller.user.id);
  if (!own) return standingIn(scope);
  const inherited = await rolesFromAbove(own.userId, scope.organization, stores.authentication);
  const held = [...(own.isActive ? own.roles : []), ...inherited];
  return { roles: held.length > 0 ? held : own.roles, isActive: own.isActive };
}

/** `role` is null for a platform administrator who has no role there. */
export function toAccount(organization: OrganizationLine, { roles, isActive }: Standing): z.output<typeof Account> {
  return {
    id: organization.id,
    organization_name: organization.name,
    role: roles.length > 0 ? strongestRole(roles) : null,
    is_active: isActive,
    status: organization.status,
    parent_id: organization.parentId,
    created_on: toIso(organization.createdAt),
  };
}
