import { createHash } from 'node:crypto';
import type { AccessEntry } from '../domain/access-log/access-entry.ts';
import { accessEntryLifeDays } from '../domain/access-log/access-entry.ts';
import { invalidField } from '../domain/errors.ts';
import type { AccessLogStore, CredentialUse } from '../domain/stores.ts';
import { dayMilliseconds, dayOf, hourMilliseconds, hourOf, type Timestamp } from '../domain/timestamp.ts';
import { readAccessEntry } from './items.ts';
import { timeToLive } from './session-store.ts';
import { keyOf, paddedNumber, partitionOf } from './table.ts';
import type { TableClient } from './table-client.ts';
import type { StoredItem } from './transaction.ts';

/** Over how many partitions the list of an hour's active organizations is spread. */
export const rollupShards = 16;

/** How long the list of an hour's active organizations is kept: past the longest a rollup may be late. */
const activeOrganizationLifeDays = 40;

/** How many days are read side by side. */
const daysAtOnce = 8;

/** The shard of the hour's list in which an organization stands. */
export function rollupShardOf(organizationId: number): number {
  return organizationId % rollupShards;
}

/** The shard of a day of the access log that an entry goes to. */
export function accessShardOf(entryId: string, shards: number): number {
  return createHash('sha256').update(entryId).digest().readUInt32BE(0) % shards;
}

/** The item that tells the rollup to look at an organization's hour. */
export function activeOrganizationItem(organizationId: number, at: Timestamp): StoredItem {
  const hour = hourOf(at);
  return {
    ...keyOf('activeOrganization', { hour, shard: rollupShardOf(organizationId), organization: organizationId }),
    kind: 'activeOrganization',
    organizationId,
    expiresAt: timeToLive(at + activeOrganizationLifeDays * dayMilliseconds),
  };
}

const cursorForm = /^[0-9]{16}#[\w=+/.%-]{1,200}$/;

export function accessLogStore(table: TableClient): AccessLogStore {
  /** What this instance has told the store already this hour: organizations that are active, credentials in use. */
  const told = { hour: '', names: new Set<string>() };

  function tell(name: string, at: Timestamp, item: StoredItem, items: StoredItem[], news: string[]): void {
    const hour = hourOf(at);
    if (told.hour !== hour) {
      told.hour = hour;
      told.names.clear();
    }
    if (told.names.has(name)) return;
    items.push(item);
    news.push(name);
  }

  return {
    async append(entries, use) {
      const items: StoredItem[] = [];
      const news: string[] = [];
      for (const { entry, shards } of entries) {
        items.push(entryItem(entry, shards));
        const active = activeOrganizationItem(entry.organizationId, entry.timestamp);
        tell(`organization ${entry.organizationId}`, entry.timestamp, active, items, news);
      }
      if (use) tell(`credential ${use.credentialId}`, use.at, useItem(use), items, news);
      await table.putAll(items);
      for (const name of news) told.names.add(name);
    },

    async list(tenant, shards, query) {
      const before = query.cursor === undefined ? undefined : readCursor(query.cursor);
      const end = before === undefined ? query.end : Math.min(query.end, Number(before.slice(0, 16)));
      const found: { key: string; entry: AccessEntry }[] = [];
      const days = daysBack(query.start, end);
      for (let at = 0; at < days.length && found.length <= query.limit; at += daysAtOnce) {
        const parts = days
          .slice(at, at + daysAtOnce)
          .flatMap((day) => Array.from({ length: shards }, (_, shard) => readShard(day, shard)));
        const merged = (await Promise.all(parts)).flat().sort((one, other) => (one.key < other.key ? 1 : -1));
        found.push(...merged);
      }
      const entries = found.slice(0, query.limit);
      const last = found.length > query.limit ? entries.at(-1) : undefined;
      return { entries: entries.map(({ entry }) => entry), cursor: last && writeCursor(last.key) };

      /** Up to one more than the page holds, newest first. */
      async function readShard(day: string, shard: number) {
        const some: { key: string; entry: AccessEntry }[] = [];
        for await (const item of table.queryAll({
          partition: partitionOf('accessEntry', { organization: tenant.organizationId, day, shard }),
          between: [paddedNumber(Math.max(0, query.start)), before ?? `${paddedNumber(end)}#\u{10FFFF}`],
          descending: true,
          limit: query.limit + 2,
        })) {
          const key = String(item.sk);
          const entry = readAccessEntry(item);
          if (key !== before && matches(entry)) some.push({ key, entry });
          if (some.length > query.limit) break;
        }
        return some;
      }

      function matches(entry: AccessEntry): boolean {
        return (
          (query.user === undefined || entry.user === query.user) &&
          (query.action === undefined || entry.action === query.action) &&
          (query.status === undefined || entry.status === query.status)
        );
      }
    },
  };
}

/** The UTC days from `end` back to `start`. */
function daysBack(start: Timestamp, end: Timestamp): string[] {
  const days: string[] = [];
  const first = Math.floor(start / dayMilliseconds);
  for (let day = Math.floor(end / dayMilliseconds); day >= first; day -= 1) days.push(dayOf(day * dayMilliseconds));
  return days;
}

function entryItem(entry: AccessEntry, shards: number): StoredItem {
  return {
    ...keyOf('accessEntry', {
      organization: entry.organizationId,
      day: dayOf(entry.timestamp),
      shard: accessShardOf(entry.id, shards),
      time: entry.timestamp,
      entry: entry.id,
    }),
    kind: 'accessEntry',
    ...entry,
    expiresAt: timeToLive(entry.timestamp + accessEntryLifeDays * dayMilliseconds),
  };
}

function useItem({ organizationId, credentialId, at }: CredentialUse): StoredItem {
  return {
    ...keyOf('credentialUse', { organization: organizationId, credential: credentialId }),
    kind: 'credentialUse',
    credentialId,
    lastUsedAt: Math.floor(at / hourMilliseconds) * hourMilliseconds,
  };
}

function writeCursor(sortKey: string): string {
  return Buffer.from(sortKey).toString('base64url');
}

function readCursor(cursor: string): string {
  const sortKey = Buffer.from(cursor, 'base64url').toString();
  if (!cursorForm.test(sortKey)) throw invalidField('cursor', 'Take the cursor from the link to the next page.');
  return sortKey;
}
