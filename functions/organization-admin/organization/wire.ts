import * as z from 'zod/mini';
import { toHex24 } from '../../../shared/domain/identifiers.ts';
import { type Organization, organizationStatuses } from '../../../shared/domain/organization/organization.ts';
import { toIso } from '../../../shared/domain/timestamp.ts';

/** An organization as this dialect shows it. */
export const AdminOrganization = z.object({
  id: z.string(),
  name: z.string(),
  domain: z.nullable(z.string()),
  contact: z.nullable(z.string()),
  parent_id: z.nullable(z.string()),
  status: z.enum(organizationStatuses),
  created_at: z.iso.datetime(),
  updated_at: z.iso.datetime(),
});

export function toAdminOrganization(organization: Organization): z.output<typeof AdminOrganization> {
  return {
    id: toHex24('organization', organization.id),
    name: organization.name,
    domain: organization.domain,
    contact: organization.contact,
    parent_id: organization.parentId === null ? null : toHex24('organization', organization.parentId),
    status: organization.status,
    created_at: toIso(organization.createdAt),
    updated_at: toIso(organization.updatedAt),
  };
}
