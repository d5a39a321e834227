import type { TenantScope } from '../access/tenant.ts';
import type { Work } from '../work.ts';
import type { Organization } from './organization.ts';
import { requireWritable } from './require-writable.ts';

/** What an organization says of itself. */
export type OrganizationProfile = Pick<
  Organization,
  'name' | 'status' | 'statusReason' | 'countryCode' | 'contact' | 'domain' | 'avatarUrl' | 'customizations'
>;

/** How the audit trail calls the fields of a profile. */
const auditedNames: Readonly<Record<keyof OrganizationProfile, string>> = {
  name: 'name',
  status: 'status',
  statusReason: 'status_reason',
  countryCode: 'country_code',
  contact: 'contact',
  domain: 'domain',
  avatarUrl: 'avatar_url',
  customizations: 'customizations',
};

/**
 * Changes the profile of the organization that the scope holds; what is there already changes nothing. A profile that
 * has changed since it was read begins the request anew, so whoever checks `If-Match` does it on the scope. A claim on
 * a domain is the caller's business.
 * @throws `organization_not_found`; `organization_not_active` unless `evenIfInactive` says that the change is one that
 * such an organization takes
 */
export function changeOrganization(
  work: Work,
  scope: TenantScope,
  set: Partial<OrganizationProfile>,
  { evenIfInactive = false } = {},
): Organization {
  const { stores, changes, now } = work;
  const { organization } = scope;
  if (evenIfInactive) stores.organizations.requireLive(changes, scope, 'any');
  else requireWritable(work, scope);
  const fields = (Object.keys(set) as (keyof OrganizationProfile)[]).filter(
    (field) => set[field] !== undefined && JSON.stringify(set[field]) !== JSON.stringify(organization[field]),
  );
  if (fields.length === 0) return organization;
  const only = (from: Partial<OrganizationProfile>, nameOf: (field: keyof OrganizationProfile) => string) =>
    Object.fromEntries(fields.map((field) => [nameOf(field), from[field]]));
  const changed: Organization = { ...organization, ...only(set, (field) => field), updatedAt: now };
  stores.organizations.change(changes, scope, {
    set: { ...only(set, (field) => field), updatedAt: now },
    fromVersion: organization.version,
  });
  if (fields.includes('name')) stores.organizations.rename(changes, changed);
  changes.audit({
    organizationId: organization.id,
    action: 'update',
    entity: 'organization',
    entityId: String(organization.id),
    oldData: only(organization, (field) => auditedNames[field]),
    newData: only(set, (field) => auditedNames[field]),
  });
  return { ...changed, version: organization.version + 1 };
}
