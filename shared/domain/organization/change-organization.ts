import type { TenantScope } from '../access/tenant.ts';
import { changedFields } from '../audit/changed-fields.ts';
import type { Wish } from '../wish.ts';
import type { Work } from '../work.ts';
import type { Organization } from './organization.ts';
import { requireWritable } from './require-writable.ts';

/** What an organization says of itself. */
export type OrganizationProfile = Pick<
  Organization,
  'name' | 'status' | 'statusReason' | 'countryCode' | 'contact' | 'domain' | 'avatarUrl' | 'customizations'
>;

/** Where an organization stands (`move-organization.ts` decides it). */
export type OrganizationPlace = Pick<Organization, 'parentId' | 'ancestors' | 'levelsBelow' | 'levelsRecount'>;

type Changeable = OrganizationProfile & OrganizationPlace;

type AuditedField = keyof OrganizationProfile | 'parentId';

/** How the audit trail calls the fields of an organization. Customizations are a thing of their own there. */
const auditedNames: Readonly<Record<Exclude<AuditedField, 'customizations'>, string>> = {
  name: 'name',
  status: 'status',
  statusReason: 'status_reason',
  countryCode: 'country_code',
  contact: 'contact',
  domain: 'domain',
  avatarUrl: 'avatar_url',
  parentId: 'parent_id',
};

const isAudited = (field: keyof Changeable): field is keyof typeof auditedNames => field in auditedNames;

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
  wish: Wish<Changeable>,
  { evenIfInactive = false } = {},
): Organization {
  const { stores, changes, now } = work;
  const { organization } = scope;
  // What is asked of the status was judged by the one that was read, also where it is the same.
  if (wish.status !== undefined) stores.organizations.requireAsRead(changes, organization, ['status']);
  if (evenIfInactive) stores.organizations.requireLive(changes, scope, 'any');
  else requireWritable(work, scope);
  const fields = (Object.keys(wish) as (keyof Changeable)[]).filter(
    (field) => wish[field] !== undefined && JSON.stringify(wish[field]) !== JSON.stringify(organization[field]),
  );
  if (fields.length === 0) return organization;
  const set: Partial<Changeable> = Object.fromEntries(fields.map((field) => [field, wish[field]]));
  const changed: Organization = { ...organization, ...set, updatedAt: now };
  stores.organizations.change(changes, scope, {
    set: { ...set, updatedAt: now },
    fromVersion: organization.version,
  });
  // A move gives it a place in another list anyway.
  if (fields.includes('name') && !fields.includes('parentId')) stores.organizations.rename(changes, changed);
  const entry = { organizationId: organization.id, action: 'update', entityId: String(organization.id) } as const;
  if (fields.includes('avatarUrl')) noteUnusedAvatar(work, organization);
  const audited = fields.filter(isAudited);
  if (audited.length > 0) {
    const told = (of: Organization) => Object.fromEntries(audited.map((field) => [auditedNames[field], of[field]]));
    changes.audit({ ...entry, entity: 'organization', oldData: told(organization), newData: told(changed) });
  }
  if (fields.includes('customizations')) {
    const difference = changedFields(organization.customizations, changed.customizations);
    changes.audit({ ...entry, entity: 'customizations', ...difference });
  }
  return { ...changed, version: organization.version + 1 };
}

/** What was uploaded and is not shown any more waits for the purge. */
function noteUnusedAvatar({ stores, changes, now }: Work, { id, avatarUrl }: Organization): void {
  if (avatarUrl?.startsWith('/')) stores.avatars.note(changes, { organizationId: id, path: avatarUrl, since: now });
}
