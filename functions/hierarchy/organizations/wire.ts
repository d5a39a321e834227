import * as z from 'zod/mini';
import { toOrgName } from '../../../shared/domain/identifiers.ts';
import { type Organization, organizationStatuses, rootOf } from '../../../shared/domain/organization/organization.ts';
import { toIso } from '../../../shared/domain/timestamp.ts';

/** An organization as this dialect shows it. */
export const HierarchyOrganization = z.object({
  id: z.string(),
  name: z.string(),
  status: z.enum(organizationStatuses),
  parent_org_id: z.nullable(z.string()),
  root_org_id: z.string(),
  created_at: z.iso.datetime(),
  updated_at: z.iso.datetime(),
  customizations: z.record(z.string(), z.unknown()),
});

export function toHierarchyOrganization(organization: Organization): z.output<typeof HierarchyOrganization> {
  return {
    id: toOrgName(organization.id),
    name: organization.name,
    status: organization.status,
    parent_org_id: organization.parentId === null ? null : toOrgName(organization.parentId),
    root_org_id: toOrgName(rootOf(organization)),
    created_at: toIso(organization.createdAt),
    updated_at: toIso(organization.updatedAt),
    customizations: { ...organization.customizations },
  };
}
