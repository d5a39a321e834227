import * as z from 'zod/mini';
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
