import type { Caller } from '../access/caller.ts';
import type { TenantScope } from '../access/tenant.ts';
import { DomainError } from '../errors.ts';
import { newMembership } from '../member/membership.ts';
import { emptyWallet } from '../wallet/wallet.ts';
import type { Work } from '../work.ts';
import { countersOfNewOrganization, type Organization } from './organization.ts';
import { requireWritable } from './require-writable.ts';

/** What a new root organization is made of. */
export interface NewOrganization {
  readonly name: string;
  readonly countryCode: string | null;
}

/** A tree has so many levels, the root being the first. */
export const levelsMax = 10;

/** Makes a root organization; the caller, or the maker of the calling credential, is its first OWNER. */
export function createOrganization(work: Work, caller: Caller, wanted: NewOrganization): Organization {
  return addOrganization(work, caller, wanted, undefined);
}

/**
 * Makes an organization right below the one of the scope; the caller, or the maker of the calling credential, is its
 * first OWNER.
 * @throws `hierarchy_too_deep`
 */
export function createChild(work: Work, scope: TenantScope, { name }: { readonly name: string }): Organization {
  const { organization: parent, caller } = scope;
  if (parent.ancestors.length + 2 > levelsMax) throw new DomainError('hierarchy_too_deep');
  // Whoever moves the parent meanwhile gives it another version, so the child never gets a place that is gone.
  work.stores.organizations.change(work.changes, scope, { add: { children: 1 }, atVersion: parent.version });
  requireWritable(work, scope);
  return addOrganization(work, caller, { name, countryCode: null }, parent);
}

function addOrganization(
  work: Work,
  caller: Caller,
  { name, countryCode }: NewOrganization,
  parent: Organization | undefined,
): Organization {
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
    parentId: parent?.id ?? null,
    ancestors: parent ? [...parent.ancestors, parent.id] : [],
    levelsBelow: 0,
    levelsRecount: null,
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
    newData: { name, country_code: countryCode, parent_id: organization.parentId },
  });
  return organization;
}
