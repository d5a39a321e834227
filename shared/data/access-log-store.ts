import { createHash } from 'node:crypto';
import type { AccessEntry } from '../domain/access-log/access-entry.ts';
import { accessEntryLifeDays, sessionActions } from '../domain/access-log/access-entry.ts';
import type { AccessLogStore, CredentialUse } from '../domain/stores.ts';
import { dayMilliseconds, dayOf, hourMilliseconds } from '../domain/timestamp.ts';
import { activeOrganizationItem } from './active-organizations.ts';
import { readAccessEntry } from './items.ts';
import { readNewestFirst } from './newest-first.ts';
import { timeToLive } from './session-store.ts';
import { keyOf, partitionOf } from './table.ts';
import type { TableClient } from './table-client.ts';
import type { StoredItem } from './transaction.ts';

/** The shard of a day of the access log that an entry goes to. */
export function accessShardOf(entryId: string, shards: number): number {
  return createHash('sha256').update(entryId).digest().readUInt32BE(0) % shards;
}

/** So much an instance remembers to have told; then it begins anew. */
const toldMax = 20_000;

export function accessLogStore(table: TableClient): AccessLogStore {
  /** What this instance has told the store already: which organizations are active, which credentials in use, and when. */
  const told = new Set<string>();

  return {
    async append(entries, use) {
      const all = entries.map(({ entry }) => activeOrganizationItem(entry.organizationId, entry.timestamp));
      const news = new Map([...all, ...(use ? [useItem(use)] : [])].map((item) => [newsName(item), item]));
      // Sign-ins take both writes every time, also where they are of no organization: how long a refusal takes tells
      // nobody whether an address is a member's.
      const isKnown = (name: string) =>
        told.has(name) && !entries.some(({ entry }) => sessionActions.has(entry.action));
      for (const name of news.keys()) if (isKnown(name)) news.delete(name);
      // First: an entry that the rollup is not told of would never be counted.
      if (news.size > 0) await table.putAll([...news.values()]);
      if (told.size > toldMax) told.clear();
      for (const name of news.keys()) told.add(name);
      await table.putAll(entries.map(({ entry, shards }) => entryItem(entry, shards)));
    },

    list({ organizationId: organization }, shards, { users, action, status, ...query }) {
      const isFiltered = (users ?? action ?? status) !== undefined;
      const matches = (entry: AccessEntry) =>
        (users === undefined || users.includes(entry.user)) &&
        (action === undefined || entry.action === action) &&
        (status === undefined || entry.status === status);
      return readNewestFirst(table, {
        ...query,
        cursor: query.cursor,
        matches: isFiltered ? matches : undefined,
        shards,
        partitions(start, end, days) {
          const last = Math.floor(end / dayMilliseconds);
          const first = Math.max(Math.floor(start / dayMilliseconds), last - days + 1);
          const partitions: string[] = [];
          for (let day = last; day >= first; day -= 1) {
            for (let shard = 0; shard < shards; shard += 1) {
              partitions.push(partitionOf('accessEntry', { organization, day: dayOf(day * dayMilliseconds), shard }));
            }
          }
          return { partitions, begins: first * dayMilliseconds };
        },
        entriesOf: (item) => [{ key: String(item.sk), entry: readAccessEntry(item) }],
      });
    },
  };
}

/** The hour of an activity is in its key, that of a credential's use beside it. */
const newsName = ({ pk, sk, lastUsedAt }: StoredItem) => `${pk}|${sk}|${lastUsedAt}`;

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
