import { hash } from 'node:crypto';
import { accessEntryLifeDays } from '../domain/access-log/access-entry.ts';
import type { UsageStore } from '../domain/stores.ts';
import { dayMilliseconds, dayOf, hourOf, monthOf } from '../domain/timestamp.ts';
import { activeOrganizationItem, lateHourItem } from './active-organizations.ts';
import { readAdjustments } from './items.ts';
import { timeToLive } from './session-store.ts';
import { keyOf, partitionOf } from './table.ts';
import type { TableClient } from './table-client.ts';
import { transactionOf } from './transaction.ts';

/** Over how many partitions the ids of an organization's events are spread. */
export const claimShards = 64;

function claimKey(organization: number, event: string) {
  const shard = hash('sha256', event, 'buffer').readUInt32BE(0) % claimShards;
  return keyOf('usageClaim', { organization, shard, event });
}

export function usageStore(table: TableClient): UsageStore {
  return {
    async claimants({ organizationId }, ids) {
      const items = await table.get(ids.map((id) => claimKey(organizationId, id)));
      return new Map(ids.flatMap((id, at) => (items[at] ? [[id, String(items[at]?.claimant)]] : [])));
    },

    async announce({ organizationId }, hours, now) {
      await table.putAll(
        [...hours].map((hour) =>
          hour === hourOf(now) ? activeOrganizationItem(organizationId, now) : lateHourItem(organizationId, hour, now),
        ),
      );
    },

    record(changes, { organizationId: organization }, { claimant, name, receivedAt, events, counted, adjustments }) {
      const transaction = transactionOf(changes);
      for (const { id } of events) {
        transaction.put({ ...claimKey(organization, id), kind: 'usageClaim', claimant }, [
          { field: 'pk', is: 'absent', otherwise: 'retry' },
        ]);
      }
      for (const [hour, some] of Map.groupBy(counted, ({ countedAt }) => hourOf(countedAt))) {
        const [{ countedAt } = { countedAt: receivedAt }] = some;
        transaction.put({
          ...keyOf('usageRecord', { organization, day: dayOf(countedAt), hour, time: receivedAt, record: name }),
          kind: 'usageRecord',
          organizationId: organization,
          events: JSON.stringify(some),
          expiresAt: timeToLive(countedAt + accessEntryLifeDays * dayMilliseconds),
        });
      }
      for (const [month, some] of Map.groupBy(adjustments, ({ timestamp }) => monthOf(timestamp))) {
        transaction.put({
          ...keyOf('adjustments', { organization, month, time: receivedAt, record: name }),
          kind: 'adjustments',
          organizationId: organization,
          receivedAt,
          events: JSON.stringify(some),
        });
      }
    },

    async adjustments({ organizationId: organization }, month) {
      const found = [];
      for await (const item of table.queryAll({
        partition: partitionOf('adjustments', { organization }),
        beginsWith: `${month}#`,
      })) {
        found.push(...readAdjustments(item));
      }
      return found;
    },
  };
}
