import type { Tenant } from '../domain/access/tenant.ts';
import type { Changes } from '../domain/changes.ts';
import { inParallel } from '../domain/in-parallel.ts';
import type { Organization } from '../domain/organization/organization.ts';
import type { OrganizationChange, OrganizationStore } from '../domain/stores.ts';
import { organizationAttributes, profileAttributes, readOrganization, readTags } from './items.ts';
import { childNameKey } from './order-keys.ts';
import { keyOf, partitionOf, sortKeyPrefixOf } from './table.ts';
import type { TableClient } from './table-client.ts';
import { type Rule, transactionOf } from './transaction.ts';

/** How many lists of children are read side by side. */
const parentsAtOnce = 32;

const tagsKey = (organization: number) => keyOf('tags', { organization });
const organizationKey = (organization: number) => keyOf('organization', { organization });

/** Reads an organization that is there: a deleted one shows nowhere. */
export function readLiveOrganization(item: Record<string, unknown> | undefined): Organization | undefined {
  if (!item) return undefined;
  const organization = readOrganization(item);
  return organization.deletedAt === null ? organization : undefined;
}

const live: Rule = { field: 'deletedAt', is: 'equal', value: null, otherwise: 'organization_not_found' };
const there: Rule = { field: 'pk', is: 'present', otherwise: 'organization_not_found' };
const active: Rule = { field: 'status', is: 'equal', value: 'active', otherwise: 'organization_not_active' };

export function organizationStore(table: TableClient): OrganizationStore {
  return {
    async get(id) {
      const [item] = await table.get([organizationKey(id)]);
      return readLiveOrganization(item);
    },

    async getMany(ids) {
      const items = await table.get(ids.map(organizationKey));
      return items.map(readLiveOrganization).filter((organization) => organization !== undefined);
    },

    create(changes: Changes, organization: Organization) {
      const transaction = transactionOf(changes);
      transaction.put({ ...organizationKey(organization.id), ...organizationAttributes(organization) }, [
        { field: 'pk', is: 'absent', otherwise: 'retry' },
      ]);
      if (organization.parentId === null) return;
      transaction.put({
        ...keyOf('child', { organization: organization.parentId, child: organization.id }),
        kind: 'child',
        childId: organization.id,
        nameKey: childNameKey(organization.name, organization.id),
      });
    },

    change(changes: Changes, tenant: Tenant, change: OrganizationChange) {
      const rules: Rule[] = change.evenIfDeleted ? [there] : [there, live];
      if (change.keepsOwners) {
        const needed = 1 - (change.add?.activeOwners ?? 0);
        rules.push({ field: 'activeOwners', is: 'atLeast', value: needed, otherwise: 'last_owner' });
      }
      if (change.fromOwner !== undefined) {
        rules.push({ field: 'ownerId', is: 'equal', value: change.fromOwner, otherwise: 'retry' });
      }
      if (change.fromVersion !== undefined) {
        rules.push({ field: 'version', is: 'equal', value: change.fromVersion, otherwise: change.ifStale ?? 'retry' });
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
      transactionOf(changes).update(
        keyOf('child', { organization: parentId, child: id }),
        { set: { nameKey: childNameKey(name, id) } },
        [{ field: 'pk', is: 'present', otherwise: 'retry' }],
      );
    },

    async idsBelow({ organizationId }) {
      const found: number[] = [];
      for (let level = [organizationId]; level.length > 0; ) {
        const next: number[] = [];
        await inParallel(level, parentsAtOnce, async (organization) => {
          for await (const { childId } of table.queryAll({
            partition: partitionOf('child', { organization }),
            beginsWith: sortKeyPrefixOf('child'),
          })) {
            next.push(Number(childId));
          }
        });
        for (const id of next) found.push(id);
        level = next;
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

    requireLive(changes, tenant, status = 'active') {
      const rules = status === 'active' ? [there, live, active] : [there, live];
      transactionOf(changes).check(organizationKey(tenant.organizationId), rules);
    },
  };
}
