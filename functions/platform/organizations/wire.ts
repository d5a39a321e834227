import * as z from 'zod/mini';
import { toUuid } from '../../../shared/domain/identifiers.ts';
import type { Organization } from '../../../shared/domain/organization/organization.ts';
import { toIso } from '../../../shared/domain/timestamp.ts';

/** An organization as this dialect shows it: bare, without the envelope. */
export const PlatformOrganization = z.object({
  id: z.uuid(),
  name: z.string(),
  avatarUrl: z.nullable(z.string()),
  status: z.enum(['active', 'inactive', 'suspended']),
  statusReason: z.nullable(z.string()),
  type: z.enum(['root', 'child']),
  /** The longest-standing OWNER. */
  owner: z.uuid(),
  /** Null where the organization was made through a dialect that does not ask for a country. */
  countryCode: z.nullable(z.string()),
  createdAt: z.iso.datetime(),
});

export function toPlatformOrganization(organization: Organization): z.output<typeof PlatformOrganization> {
  return {
    id: toUuid('organization', organization.id),
    name: organization.name,
    avatarUrl: organization.avatarUrl,
    status: organization.status,
    statusReason: organization.statusReason,
    type: organization.parentId === null ? 'root' : 'child',
    owner: toUuid('user', organization.ownerId),
    countryCode: organization.countryCode,
    createdAt: toIso(organization.createdAt),
  };
}
