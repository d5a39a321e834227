import * as z from 'zod/mini';
import { roleNames } from '../../../shared/domain/access/roles.ts';
import type { OwnOrganization } from '../../../shared/domain/organization/list-own-organizations.ts';
import type { User as Person } from '../../../shared/domain/user/user.ts';

/** A person as this dialect shows them. */
export const User = z.object({
  id: z.int(),
  email: z.string(),
  first_name: z.string(),
  middle_name: z.nullable(z.string()),
  last_name: z.string(),
  suffix: z.nullable(z.string()),
  is_verified: z.boolean(),
  platform_admin: z.boolean(),
  home_organization_id: z.nullable(z.int()),
});

export function toUser(user: Person): z.output<typeof User> {
  return {
    id: user.id,
    email: user.email,
    first_name: user.firstName,
    middle_name: user.middleName,
    last_name: user.lastName,
    suffix: user.suffix,
    is_verified: user.isVerified,
    platform_admin: user.isPlatformAdministrator,
    home_organization_id: user.homeOrganizationId,
  };
}

/** A membership as its person sees it. */
export const OwnMembership = z.object({
  organization_id: z.int(),
  organization_name: z.string(),
  roles: z.array(z.enum(roleNames)),
  is_active: z.boolean(),
});

export function toOwnMembership({ organization, roles, isActive }: OwnOrganization): z.output<typeof OwnMembership> {
  return {
    organization_id: organization.id,
    organization_name: organization.name,
    roles: [...roles],
    is_active: isActive,
  };
}
