import { hash } from 'node:crypto';
import { accessEntryLifeDays } from '../domain/access-log/access-entry.ts';
import type { Adjustment } from '../domain/consumption/consumption.ts';
import { inParallel } from '../domain/in-parallel.ts';
import { dayMilliseconds, dayOf, hourOf, monthOf, type Timestamp } from '../domain/timestamp.ts';
import type { CountedUsageEvent } from '../domain/usage/usage-event.ts';
import type { UsageStore } from '../domain/usage/usage-store.ts';
import { activeOrganizationItem, lateHourItem } from './active-organizations.ts';
import { readAdjustments } from './items.ts';
import { readCursor, toCursor } from './newest-first.ts';
import { keyOf, partitionOf, timeToLive } from './table.ts';
import type { TableClient } from './table-client.ts';
import { type StoredItem, transactionOf } from './transaction.ts';

/** Over how many partitions the ids of an organization's events are spread. */
export const claimShards = 64;

/** A page has at most so many adjustments. Those that were recorded together stay together, and are far fewer. */
const adjustmentsPageMax = 1_000;

/** How many organizations of a subtree are asked side by side. */
const organizationsAtOnce = 32;

function claimKey(organization: number, event: string) {
  const shard = hash('sha256', event, 'buffer').readUInt32BE(0) % claimShards;
  return keyOf('usageClaim', { organization, shard, event });
}

/** Events that count in one hour. `name` is unique. */
export function usageRecordItem(
  organization: number,
  {
    hour,
    receivedAt,
    name,
    events,
  }: { hour: string; receivedAt: Timestamp; name: string; events: readonly CountedUsageEvent[] },
): StoredItem {
  const [{ countedAt } = { countedAt: receivedAt }] = events;
  return {
    ...keyOf('usageRecord', { organization, day: dayOf(countedAt), hour, time: receivedAt, record: name }),
    kind: 'usageRecord',
    organizationId: organization,
    events: JSON.stringify(events),
    expiresAt: timeToLive(countedAt + accessEntryLifeDays * dayMilliseconds),
  };
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
        transaction.put(usageRecordItem(organization, { hour, receivedAt, name, events: some }));
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

    async adjustments(organizationIds, month, cursor) {
      const begun = cursor === undefined ? undefined : readCursor(cursor);
      const found: { place: string; adjustments: Adjustment[] }[] = [];
      await inParallel(organizationIds, organizationsAtOnce, async (organization) => {
        const partition = partitionOf('adjustments', { organization });
        const after = begun === undefined ? undefined : { pk: partition, sk: `${month}#${begun}` };
        let count = 0;
        for await (const item of table.queryAll({ partition, beginsWith: `${month}#`, after })) {
          const adjustments = readAdjustments(item);
          found.push({ place: String(item.sk).slice(month.length + 1), adjustments });
          count += adjustments.length;
          // No more than that fits on the page, whatever the other organizations have.
          if (count > adjustmentsPageMax) break;
        }
      });
      found.sort((one, other) => (one.place < other.place ? -1 : 1));
      const page: Adjustment[] = [];
      let last: string | undefined;
      for (const { place, adjustments } of found) {
        if (last !== undefined && page.length + adjustments.length > adjustmentsPageMax) {
          return { adjustments: page, cursor: toCursor(last) };
        }
        page.push(...adjustments);
        last = place;
      }
      return { adjustments: page, cursor: undefined };
    },
  };
}
