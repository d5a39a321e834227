import type { Caller } from '../access/caller.ts';
import type { TenantScope } from '../access/tenant.ts';
import { logShardsAtFirst } from '../access-log/log-shards.ts';
import { newMembership } from '../member/membership.ts';
import { requireRoomToJoin } from '../member/require-room-to-join.ts';
import { emptyWallet } from '../wallet/wallet.ts';
import type { Work } from '../work.ts';
import { countersOfNewOrganization, type Organization } from './organization.ts';
import { placeBelow, wayDownTo } from './place-below.ts';
import { requireWritable } from './require-writable.ts';

/** What a new root organization is made of. */
export interface NewOrganization {
  readonly name: string;
  readonly countryCode: string | null;
}

/**
 * Makes a root organization; the caller, or the maker of the calling credential, is its first OWNER.
 * @throws `limit_reached`
 */
export function createOrganization(work: Work, caller: Caller, wanted: NewOrganization): Promise<Organization> {
  return addOrganization(work, caller, wanted, []);
}

/**
 * Makes an organization right below the one of the scope; the caller, or the maker of the calling credential, is its
 * first OWNER.
 * @throws `hierarchy_too_deep`, `limit_reached`
 */
export async function createChild(
  work: Work,
  scope: TenantScope,
  { name }: { readonly name: string },
): Promise<Organization> {
  const { organization: parent, caller } = scope;
  const way = await wayDownTo(work, parent);
  placeBelow(work, way, 1);
  work.stores.organizations.change(work.changes, scope, { add: { children: 1 } });
  requireWritable(work, scope);
  return addOrganization(work, caller, { name, countryCode: null }, way);
}

async function addOrganization(
  work: Work,
  caller: Caller,
  { name, countryCode }: NewOrganization,
  way: readonly Organization[],
): Promise<Organization> {
  const { stores, changes, now } = work;
  await requireRoomToJoin(work, [caller.user]);
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
    parentId: way.at(-1)?.id ?? null,
    ancestors: way.map(({ id }) => id),
    levelsBelow: 0,
    levelsRecount: null,
    ownerId: caller.user.id,
    logShards: logShardsAtFirst,
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
