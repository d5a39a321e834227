import type { Tenant } from '../domain/access/tenant.ts';
import { accessEntryLifeDays } from '../domain/access-log/access-entry.ts';
import { type CountedMonth, noConsumption } from '../domain/consumption/consumption.ts';
import type { ConsumptionStore } from '../domain/consumption/consumption-store.ts';
import { dayMilliseconds, dayOf, hourOf } from '../domain/timestamp.ts';
import { activeOrganizationItem, rollupShardOf } from './active-organizations.ts';
import { readFigures, readMonth, readRollupProgress } from './items.ts';
import { keyOf, partitionOf, sortKeyPrefixOf, timeToLive } from './table.ts';
import type { TableClient } from './table-client.ts';
import { transactionOf } from './transaction.ts';

export function consumptionStore(table: TableClient): ConsumptionStore {
  return {
    latestMonth: (tenant, upTo) => monthUpTo(table, tenant, upTo),

    async day({ organizationId: organization }, day) {
      const [item] = await table.get([keyOf('consumptionDay', { organization, day })]);
      return item ? readFigures(item) : noConsumption;
    },

    async hours({ organizationId: organization }, { from, until }) {
      const hours = [];
      for await (const item of table.queryAll({
        partition: partitionOf('consumptionHour', { organization }),
        between: [
          keyOf('consumptionHour', { organization, hour: hourOf(from) }).sk,
          keyOf('consumptionHour', { organization, hour: hourOf(until) }).sk,
        ],
      })) {
        hours.push(readFigures(item));
      }
      return hours;
    },

    async countedUntil(ids) {
      const items = await table.get(ids.map((id) => keyOf('rollupProgress', { shard: rollupShardOf(id) })));
      return items.map((item) => (item ? readRollupProgress(item).asOf : null));
    },

    recordMail(changes, { organizationId: organization }, { id, takenAt }) {
      const transaction = transactionOf(changes);
      transaction.put({
        ...keyOf('mailRecord', { organization, day: dayOf(takenAt), hour: hourOf(takenAt), mail: id }),
        kind: 'mailRecord',
        organizationId: organization,
        takenAt,
        expiresAt: timeToLive(takenAt + accessEntryLifeDays * dayMilliseconds),
      });
      transaction.put(activeOrganizationItem(organization, takenAt));
    },
  };
}

/** The last month that the rollup wrote, not after this one. */
export async function monthUpTo(
  table: TableClient,
  { organizationId: organization }: Tenant,
  upTo: string,
): Promise<CountedMonth | undefined> {
  const { items } = await table.query({
    partition: partitionOf('consumptionMonth', { organization }),
    between: [sortKeyPrefixOf('consumptionMonth'), keyOf('consumptionMonth', { organization, month: upTo }).sk],
    descending: true,
    limit: 1,
  });
  return items[0] && readMonth(items[0]);
}
