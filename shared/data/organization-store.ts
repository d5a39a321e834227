import type { Tenant } from '../domain/access/tenant.ts';
import type { Changes } from '../domain/changes.ts';
import type { Organization } from '../domain/organization/organization.ts';
import type { OrganizationChange, OrganizationStore } from '../domain/stores.ts';
import { organizationAttributes, readOrganization } from './items.ts';
import { childNameKey } from './order-keys.ts';
import { keyOf } from './table.ts';
import type { TableClient } from './table-client.ts';
import { type Rule, transactionOf } from './transaction.ts';

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
      if (change.keepsOwners) rules.push({ field: 'activeOwners', is: 'atLeast', value: 2, otherwise: 'last_owner' });
      if (change.fromVersion !== undefined) {
        rules.push({ field: 'version', is: 'equal', value: change.fromVersion, otherwise: change.ifStale ?? 'retry' });
      }
      transactionOf(changes).update(
        organizationKey(tenant.organizationId),
        { set: change.set ?? {}, add: { ...change.add, ...(change.fromVersion === undefined ? {} : { version: 1 }) } },
        rules,
      );
    },

    requireLive(changes, tenant, status = 'active') {
      const rules = status === 'active' ? [there, live, active] : [there, live];
      transactionOf(changes).check(organizationKey(tenant.organizationId), rules);
    },
  };
}
