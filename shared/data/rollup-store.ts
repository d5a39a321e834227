import { accessEntryLifeDays } from '../domain/access-log/access-entry.ts';
import type { RollupStore } from '../domain/consumption/rollup-store.ts';
import { inParallel } from '../domain/in-parallel.ts';
import { dayMilliseconds, dayOf, minuteMilliseconds, type Timestamp } from '../domain/timestamp.ts';
import type { CountedUsageEvent } from '../domain/usage/usage-event.ts';
import { monthUpTo } from './consumption-store.ts';
import { readCountedEntry, readFigures, readOrganization, readRollupProgress, readUsageEvents } from './items.ts';
import { keyOf, paddedNumber, partitionOf, sortKeyPrefixOf, timeToLive } from './table.ts';
import type { TableClient } from './table-client.ts';
import type { Rule } from './transaction.ts';
import { ledgerEntries } from './wallet-store.ts';

/** How many partitions of one organization's day are read side by side. */
const shardsAtOnce = 16;

/** Ledger entries are in the order of their writing, and say when their requests began. */
const longestRequestMilliseconds = minuteMilliseconds;

const unitKinds = { hour: 'consumptionHour', day: 'consumptionDay' } as const;

export const progressKey = (shard: number) => keyOf('rollupProgress', { shard });
const organizationKey = (organization: number) => keyOf('organization', { organization });

/** The rule that nobody was as far already. */
const unlessBeyond = (field: 'order' | 'asOf' | 'recountFrom', value: number): readonly Rule[] => [
  { field, is: 'absentOrBelow', value, otherwise: 'retry' },
];

export function rollupStore(table: TableClient): RollupStore {
  return {
    async progress(shard) {
      const [item] = await table.get([progressKey(shard)]);
      return item && readRollupProgress(item);
    },

    async advance(shard, { recountFrom, asOf }) {
      const key = progressKey(shard);
      await table.updateIf(
        key,
        { set: { kind: 'rollupProgress', recountFrom } },
        unlessBeyond('recountFrom', recountFrom),
      );
      if (asOf !== null) await table.updateIf(key, { set: { asOf } }, unlessBeyond('asOf', asOf));
    },

    async activeOrganizations(hour, shard) {
      const found = [];
      for await (const item of table.queryAll({ partition: partitionOf('activeOrganization', { hour, shard }) })) {
        // Either the hour itself, or an earlier one of which something was heard late.
        found.push({ organizationId: Number(item.organizationId), hours: [String(item.late ?? hour)] });
      }
      return found;
    },

    async organizations(ids) {
      const items = await table.get(ids.map(organizationKey));
      const organizations = items.filter((item) => item !== undefined).map(readOrganization);
      return new Map(
        organizations.map(({ id, logShards, wallet }) => [id, { logShards, hasLedger: wallet.entries > 0 }]),
      );
    },

    async forEachAccessEntry({ organizationId: organization }, shards, { from, until }, visit) {
      await inParallel(Array(shards).keys(), shardsAtOnce, async (shard) => {
        for await (const item of table.queryAll({
          partition: partitionOf('accessEntry', { organization, day: dayOf(from), shard }),
          between: [paddedNumber(from), `${paddedNumber(until)}#\u{10FFFF}`],
          attributes: ['action', 'status', 'userId'],
        })) {
          visit(readCountedEntry(item));
        }
      });
    },

    async charged({ organizationId }, { from, until }) {
      let sum = 0;
      // From the newest back: what is counted is mostly the present hour.
      const newestFirst = { from: 0, to: Number.MAX_SAFE_INTEGER, descending: true };
      for await (const entry of ledgerEntries(table, organizationId, newestFirst)) {
        if (entry.createdAt < from - longestRequestMilliseconds) break;
        if (entry.type === 'charge' && entry.createdAt >= from && entry.createdAt <= until) sum += entry.amount;
      }
      return sum;
    },

    async usage({ organizationId: organization }, hour) {
      const events: CountedUsageEvent[] = [];
      const mailsTakenAt: Timestamp[] = [];
      for await (const item of table.queryAll({
        partition: partitionOf('usageRecord', { organization, day: hour.slice(0, 10) }),
        beginsWith: `${hour}#`,
      })) {
        if (item.kind === 'mailRecord') mailsTakenAt.push(Number(item.takenAt));
        else events.push(...readUsageEvents(item));
      }
      return { events, mailsTakenAt };
    },

    async figures({ organizationId: organization }, unit, within) {
      const figures = [];
      for await (const item of table.queryAll({
        partition: partitionOf(unitKinds[unit], { organization }),
        beginsWith: `${sortKeyPrefixOf(unitKinds[unit])}${within}`,
      })) {
        figures.push(readFigures(item));
      }
      return figures;
    },

    async putFigures({ organizationId: organization }, unit, name, figures, order) {
      const key =
        unit === 'hour'
          ? keyOf('consumptionHour', { organization, hour: name })
          : keyOf('consumptionDay', { organization, day: name });
      const set = { kind: unitKinds[unit], ...figuresAttributes(figures), order };
      await table.updateIf(key, { set }, unlessBeyond('order', order));
    },

    monthBefore(tenant, month) {
      return monthUpTo(table, tenant, previousMonth(month));
    },

    async putMonth({ organizationId: organization }, month, order) {
      const key = keyOf('consumptionMonth', { organization, month: month.month });
      const set = { kind: 'consumptionMonth', ...figuresAttributes(month), order };
      await table.updateIf(key, { set }, unlessBeyond('order', order));
    },

    async activeMembers({ organizationId: organization }, month) {
      const users = new Set<number>();
      for await (const { userId } of table.queryAll({
        partition: partitionOf('activeMember', { organization, month }),
      })) {
        users.add(Number(userId));
      }
      return users;
    },

    async addActiveMembers({ organizationId: organization }, month, userIds) {
      const expiresAt = timeToLive(Date.parse(`${month}-01`) + accessEntryLifeDays * dayMilliseconds);
      const items = userIds.map((user) => ({
        ...keyOf('activeMember', { organization, month, user }),
        kind: 'activeMember',
        userId: user,
        expiresAt,
      }));
      if (items.length > 0) await table.putAll(items);
    },
  };
}

const figuresAttributes = <Figures extends { meters: object }>(figures: Figures) => ({
  ...figures,
  meters: JSON.stringify(figures.meters),
});

function previousMonth(month: string): string {
  return new Date(Date.parse(`${month}-01`) - dayMilliseconds).toISOString().slice(0, 7);
}
