import type { Caller } from '../access/caller.ts';
import { newMembership } from '../member/membership.ts';
import { emptyWallet } from '../wallet/wallet.ts';
import type { Work } from '../work.ts';
import { countersOfNewOrganization, type Organization } from './organization.ts';

/** What a new root organization is made of. */
export interface NewOrganization {
  readonly name: string;
  readonly countryCode: string | null;
}

/** Makes a root organization; the caller, or the maker of the calling credential, is its first OWNER. */
export function createOrganization(work: Work, caller: Caller, { name, countryCode }: NewOrganization): Organization {
  const { stores, changes, now } = work;
  const organization: Organization = {
    id: work.newId(),
    name,
    status: 'active',
    statusReason: null,
    countryCode,
    domain: null,
    contact: null,
    avatarUrl: null,
    customizations: {},
    parentId: null,
    ancestors: [],
    ownerId: caller.user.id,
    logShards: 1,
    version: 1,
    deletedAt: null,
    createdAt: now,
    updatedAt: now,
    counters: countersOfNewOrganization(caller.user),
    wallet: emptyWallet,
  };
  stores.organizations.create(changes, organization);
  stores.members.add(changes, newMembership(organization.id, caller.user, ['OWNER'], now), caller.user);
  changes.audit({
    organizationId: organization.id,
    action: 'insert',
    entity: 'organization',
    entityId: String(organization.id),
    oldData: null,
    newData: { name, country_code: countryCode, parent_id: null },
  });
  return organization;
}
