import type { TenantScope } from '../access/tenant.ts';
import type { Wish } from '../wish.ts';
import type { Work } from '../work.ts';
import { changeOrganization } from './change-organization.ts';
import { moveOrganization, type SentParent } from './move-organization.ts';
import type { Organization } from './organization.ts';

/**
 * Changes profile, domain and place of the organization that the scope holds, all of it or nothing.
 * @throws `domain_taken`, and what `moveOrganization` throws
 */
export async function updateOrganization(
  work: Work,
  scope: TenantScope,
  { parentId, ...profile }: Wish<Pick<Organization, 'name' | 'domain' | 'contact' | 'customizations' | 'parentId'>>,
  asSent: SentParent,
): Promise<Organization> {
  const { stores, changes } = work;
  const { organization } = scope;
  const { name = organization.name, domain } = profile;
  if (domain !== undefined && domain !== organization.domain) {
    if (organization.domain !== null) stores.organizations.releaseDomain(changes, scope, organization.domain);
    if (domain !== null) stores.organizations.claimDomain(changes, scope, domain);
  }
  const place = parentId === undefined ? {} : await moveOrganization(work, scope, { parentId, name, asSent });
  return changeOrganization(work, scope, { ...profile, ...place });
}
