import type { Tenant } from '../domain/access/tenant.ts';
import type { Changes } from '../domain/changes.ts';
import { DomainError } from '../domain/errors.ts';
import { inParallel } from '../domain/in-parallel.ts';
import { counterLimits, type Organization } from '../domain/organization/organization.ts';
import type { OrganizationChange, OrganizationStore } from '../domain/organization/organization-store.ts';
import { deletionItem } from './deletion-notes.ts';
import {
  organizationAttributes,
  profileAttributes,
  readOrganization,
  readTags,
  readUnfinishedDeletion,
} from './items.ts';
import { noteListsCounted } from './list-changes.ts';
import { childNameKey, childOrderPrefix } from './order-keys.ts';
import { keyOf, partitionOf, sortKeyPrefixOf, tableIndexes } from './table.ts';
import type { TableClient } from './table-client.ts';
import { type Rule, type Transaction, transactionOf } from './transaction.ts';

/** How many lists of children are read side by side. */
const parentsAtOnce = 32;

const unfinishedDeletionKey = (organization: number) => keyOf('unfinishedDeletion', { organization });
const childKey = (organization: number, child: number) => keyOf('child', { organization, child });
const domainKey = (domain: string) => keyOf('domainClaim', { domain });
const moveKey = (organization: number) => keyOf('unfinishedMove', { organization });
const tagsKey = (organization: number) => keyOf('tags', { organization });
export const organizationKey = (organization: number) => keyOf('organization', { organization });

/** Reads an organization that is there: a deleted one shows nowhere. */
export function readLiveOrganization(item: Record<string, unknown> | undefined): Organization | undefined {
  if (!item) return undefined;
  const organization = readOrganization(item);
  return organization.deletedAt === null ? organization : undefined;
}

/** Puts an organization into the list of its parent, if it has one. */
function joinParent(transaction: Transaction, { id, name, parentId }: Organization): void {
  if (parentId === null) return;
  transaction.put({ ...childKey(parentId, id), kind: 'child', childId: id, nameKey: childNameKey(name, id) });
}

function leaveParent(transaction: Transaction, { id, parentId }: Organization): void {
  if (parentId !== null) transaction.delete(childKey(parentId, id));
}

const live: Rule = { field: 'deletedAt', is: 'equal', value: null, otherwise: 'organization_not_found' };
const there: Rule = { field: 'pk', is: 'present', otherwise: 'organization_not_found' };
const active: Rule = { field: 'status', is: 'equal', value: 'active', otherwise: 'organization_not_active' };

/** The rules of the counters that have a limit, where they are raised. */
function limitRules(add: OrganizationChange['add'] = {}): Rule[] {
  const counters = Object.keys(counterLimits) as (keyof typeof counterLimits)[];
  return counters.flatMap((field) => {
    const by = add[field] ?? 0;
    const { most, sentence: message } = counterLimits[field];
    const otherwise = () => new DomainError('limit_reached', { message });
    return by > 0 ? [{ field, is: 'absentOrBelow' as const, value: most + 1 - by, otherwise }] : [];
  });
}

export function organizationStore(table: TableClient): OrganizationStore {
  async function getMany(ids: readonly number[]): Promise<Organization[]> {
    const items = await table.get(ids.map(organizationKey));
    for (const item of items) noteListsCounted(table, item);
    return items.map(readLiveOrganization).filter((organization) => organization !== undefined);
  }
  async function childrenOf(parentIds: readonly number[]): Promise<number[]> {
    const found: number[] = [];
    await inParallel(parentIds, parentsAtOnce, async (organization) => {
      for await (const { childId } of table.queryAll({
        partition: partitionOf('child', { organization }),
        beginsWith: sortKeyPrefixOf('child'),
      })) {
        found.push(Number(childId));
      }
    });
    return found;
  }
  return {
    getMany,

    async get(id) {
      const [organization] = await getMany([id]);
      return organization;
    },

    create(changes: Changes, organization: Organization) {
      const transaction = transactionOf(changes);
      transaction.put({ ...organizationKey(organization.id), ...organizationAttributes(organization) }, [
        { field: 'pk', is: 'absent', otherwise: 'retry' },
      ]);
      joinParent(transaction, organization);
    },

    change(changes: Changes, tenant: Tenant, change: OrganizationChange) {
      const rules: Rule[] = change.evenIfDeleted
        ? [there]
        : [there, { ...live, otherwise: change.ifDeleted ?? live.otherwise }];
      rules.push(...limitRules(change.add));
      if (change.keepsOwners) {
        const needed = 1 - (change.add?.activeOwners ?? 0);
        rules.push({ field: 'activeOwners', is: 'atLeast', value: needed, otherwise: 'last_owner' });
      }
      if (change.isDeleted) rules.push({ field: 'deletedAt', is: 'different', value: null, otherwise: 'retry' });
      if (change.isChildless) rules.push({ field: 'children', is: 'atMost', value: 0, otherwise: 'has_children' });
      if (change.fromOwner !== undefined) {
        rules.push({ field: 'ownerId', is: 'equal', value: change.fromOwner, otherwise: 'retry' });
      }
      if (change.fromVersion !== undefined) {
        rules.push({ field: 'version', is: 'equal', value: change.fromVersion, otherwise: change.ifStale ?? 'retry' });
      }
      const { deletedAt } = change.set ?? {};
      if (deletedAt) {
        transactionOf(changes).put(deletionItem({ kind: 'organization', id: tenant.organizationId, deletedAt }));
      }
      transactionOf(changes).update(
        organizationKey(tenant.organizationId),
        {
          set: profileAttributes(change.set ?? {}),
          add: { ...change.add, ...(change.fromVersion === undefined ? {} : { version: 1 }) },
        },
        rules,
      );
    },

    rename(changes, { id, name, parentId }) {
      if (parentId === null) return;
      transactionOf(changes).update(childKey(parentId, id), { set: { nameKey: childNameKey(name, id) } }, [
        { field: 'pk', is: 'present', otherwise: 'retry' },
      ]);
    },

    async children({ organizationId: organization }, { offset, limit, total }) {
      // From whichever end is nearer: what a page costs grows with how far that is, by a megabyte for some 14,000 children.
      const count = Math.max(0, Math.min(limit, total - offset));
      const fromEnd = offset > total / 2;
      const skipped = fromEnd ? total - offset - count : offset;
      if (count === 0) return [];
      const ids: number[] = [];
      let seen = 0;
      let after: Record<string, unknown> | undefined;
      do {
        const page = await table.query({
          partition: partitionOf('child', { organization }),
          index: { name: 'inOrderOfName', sortKey: tableIndexes.inOrderOfName.sortKey },
          beginsWith: childOrderPrefix,
          descending: fromEnd,
          attributes: ['sk'],
          limit: skipped + count - seen,
          after,
        });
        for (const { sk } of page.items.slice(Math.max(0, skipped - seen))) {
          ids.push(Number(String(sk).slice(sortKeyPrefixOf('child').length)));
        }
        seen += page.items.length;
        after = page.last;
      } while (after && seen < skipped + count);
      return getMany(fromEnd ? ids.reverse() : ids);
    },

    async idsBelow({ organizationId }) {
      const found: number[] = [];
      for (let level = [organizationId]; level.length > 0; ) {
        level = await childrenOf(level);
        for (const id of level) found.push(id);
      }
      return found;
    },

    async tags({ organizationId }) {
      const [item] = await table.get([tagsKey(organizationId)]);
      return item ? readTags(item) : { tags: [], version: 0 };
    },

    setTags(changes, { organizationId }, before, tags) {
      const item = { ...tagsKey(organizationId), kind: 'tags', tags, version: before.version + 1 };
      transactionOf(changes).put(item, [
        before.version === 0
          ? { field: 'pk', is: 'absent', otherwise: 'retry' }
          : { field: 'version', is: 'equal', value: before.version, otherwise: 'retry' },
      ]);
    },

    async getManyEvenIfDeleted(ids) {
      const items = await table.get(ids.map(organizationKey));
      return items.filter((item) => item !== undefined).map(readOrganization);
    },

    childrenOf,

    async someChildrenOf({ organizationId: organization }, limit) {
      const { items } = await table.query({
        partition: partitionOf('child', { organization }),
        beginsWith: sortKeyPrefixOf('child'),
        limit,
      });
      return items.map(({ childId }) => Number(childId));
    },

    joinParent: (changes, organization) => joinParent(transactionOf(changes), organization),

    leaveParent: (changes, organization) => leaveParent(transactionOf(changes), organization),

    deletionUnfinished(changes, { organizationId, author, ...of }) {
      transactionOf(changes).put({
        ...unfinishedDeletionKey(organizationId),
        kind: 'unfinishedDeletion',
        organizationId,
        ...author,
        ...of,
      });
    },

    deletionFinished(changes, { organizationId }) {
      transactionOf(changes).delete(unfinishedDeletionKey(organizationId));
    },

    async unfinishedDeletions() {
      const deletions = [];
      for await (const item of table.queryAll({ partition: partitionOf('unfinishedDeletion', {}) })) {
        deletions.push(readUnfinishedDeletion(item));
      }
      return deletions;
    },

    requireAsRead(changes, organization, fields) {
      const stored = organizationAttributes(organization);
      transactionOf(changes).check(
        organizationKey(organization.id),
        fields.map((field) => ({
          field,
          is: 'equal' as const,
          value: stored[field] as number | string | null,
          otherwise: 'retry' as const,
        })),
      );
    },

    async recountLevels({ organizationId }, token) {
      const recount = { levelsBelow: 0, levelsRecount: token };
      const item = await table.update(organizationKey(organizationId), { set: recount }, [there, live]);
      return readOrganization(item);
    },

    move(changes, before, after, moveId) {
      const transaction = transactionOf(changes);
      const { id } = before;
      leaveParent(transaction, before);
      joinParent(transaction, after);
      if (before.counters.children > 0) {
        transaction.put({ ...moveKey(id), kind: 'unfinishedMove', organizationId: id, moveId });
      }
    },

    async unfinishedMoves() {
      const moves: { organizationId: number; moveId: number }[] = [];
      for await (const { organizationId, moveId } of table.queryAll({
        partition: partitionOf('unfinishedMove', {}),
      })) {
        moves.push({ organizationId: Number(organizationId), moveId: Number(moveId) });
      }
      return moves;
    },

    moveFinished(changes, { organizationId, moveId }) {
      transactionOf(changes).delete(moveKey(organizationId), [
        { field: 'moveId', is: 'equal', value: moveId, otherwise: 'retry' },
      ]);
    },

    async isDomainFree(domain) {
      const [claim] = await table.get([domainKey(domain)]);
      return claim === undefined;
    },

    claimDomain(changes, { organizationId }, domain, otherwise = 'domain_taken') {
      transactionOf(changes).put({ ...domainKey(domain), kind: 'domainClaim', organizationId }, [
        { field: 'pk', is: 'absent', otherwise },
      ]);
    },

    releaseDomain(changes, { organizationId }, domain) {
      transactionOf(changes).delete(domainKey(domain), [
        { field: 'organizationId', is: 'equal', value: organizationId, otherwise: 'retry' },
      ]);
    },

    requireLive(changes, tenant, status = 'active', otherwise = 'organization_not_found') {
      const present = [there, live].map((rule) => ({ ...rule, otherwise }));
      const rules = status === 'active' ? [...present, active] : present;
      transactionOf(changes).check(organizationKey(tenant.organizationId), rules);
    },
  };
}
