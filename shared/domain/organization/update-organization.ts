import type { TenantScope } from '../access/tenant.ts';
import type { Work } from '../work.ts';
import { changeOrganization } from './change-organization.ts';
import { moveOrganization, type SentParent } from './move-organization.ts';
import type { Organization } from './organization.ts';

/** What is to change; undefined leaves it as it is. */
export interface OrganizationUpdate {
  readonly name: string | undefined;
  /** In lower case. */
  readonly domain: string | null | undefined;
  readonly contact: string | null | undefined;
  readonly parentId: number | null | undefined;
}

/**
 * Changes profile, domain and place of the organization that the scope holds, all of it or nothing.
 * @throws `domain_taken`, and what `moveOrganization` throws
 */
export async function updateOrganization(
  work: Work,
  scope: TenantScope,
  { name, domain, contact, parentId }: OrganizationUpdate,
  sentParent: SentParent,
): Promise<Organization> {
  const { stores, changes } = work;
  const { organization } = scope;
  if (domain !== undefined && domain !== organization.domain) {
    if (organization.domain !== null) stores.organizations.releaseDomain(changes, scope, organization.domain);
    if (domain !== null) stores.organizations.claimDomain(changes, scope, domain);
  }
  const place =
    parentId === undefined
      ? {}
      : await moveOrganization(work, scope, { parentId, name: name ?? organization.name, asSent: sentParent });
  return changeOrganization(work, scope, {
    ...(name === undefined ? {} : { name }),
    ...(domain === undefined ? {} : { domain }),
    ...(contact === undefined ? {} : { contact }),
    ...place,
  });
}
