import {
  type AccessEntry,
  accessEntryLifeDays,
  noOrganization,
  sessionActions,
} from '../domain/access-log/access-entry.ts';
import type { AccessLogStore, CredentialUse } from '../domain/access-log/access-log-store.ts';
import { countedWeightOf, logShardOf, shardsFor } from '../domain/access-log/log-shards.ts';
import { inParallel } from '../domain/in-parallel.ts';
import {
  dayMilliseconds,
  dayOf,
  hourMilliseconds,
  minuteMilliseconds,
  secondMilliseconds,
  type Timestamp,
} from '../domain/timestamp.ts';
import { activeOrganizationItem } from './active-organizations.ts';
import { readAccessEntry } from './items.ts';
import { readNewestFirst } from './newest-first.ts';
import { keyOf, partitionOf, timeToLive } from './table.ts';
import type { TableClient } from './table-client.ts';
import type { StoredItem } from './transaction.ts';

/** Somebody who signs in may be a member of many organizations. */
const writesAtOnce = 16;

/** The count of a second is of no use after it. */
const pulseLifeSeconds = (10 * minuteMilliseconds) / secondMilliseconds;

/** So much an instance remembers to have told; then it begins anew. */
const toldMax = 20_000;

export function accessLogStore(table: TableClient, clock: () => Timestamp = Date.now): AccessLogStore {
  /** What this instance has told the store already: which organizations are active, which credentials in use, and when. */
  const told = new Set<string>();

  /** Counts a write that stands for others, and widens the spread where the second is too busy for it. */
  async function countWrite(
    { id, organizationId: organization, timestamp }: AccessEntry,
    shards: number,
  ): Promise<void> {
    const weight = countedWeightOf(id, shards);
    if (weight === 0 || organization === noOrganization) return;
    const second = Math.floor(timestamp / secondMilliseconds);
    try {
      const { writes } = await table.update(keyOf('logPulse', { organization, second }), {
        set: { kind: 'logPulse', expiresAt: second + pulseLifeSeconds },
        add: { writes: weight },
      });
      const wanted = shardsFor(Number(writes), clock() - second * secondMilliseconds);
      if (wanted > shards) await widenLog(table, organization, wanted);
    } catch {
      // The entry itself is kept; the next count of a busy organization tells the same.
    }
  }

  return {
    async append(entries, use) {
      const active = entries.map(({ entry }) => activeOrganizationItem(entry.organizationId, entry.timestamp));
      const news = new Map([...active, ...(use ? [useItem(use)] : [])].map((item) => [newsName(item), item]));
      // Sign-ins, and what is denied, take both writes every time, also where they are of no organization: how long a
      // refusal takes tells nobody whether an address is a member's, or an organization there.
      const isKnown = (name: string) =>
        told.has(name) &&
        !entries.some(({ entry: { action, status } }) => sessionActions.has(action) || status === 'DENIED');
      for (const name of news.keys()) if (isKnown(name)) news.delete(name);
      // First: an entry that the rollup is not told of would never be counted.
      await inParallel(news.values(), writesAtOnce, async ({ pk, sk, ...set }) => {
        await table.update({ pk, sk }, { set });
      });
      if (told.size > toldMax) told.clear();
      for (const name of news.keys()) told.add(name);
      await inParallel(entries, writesAtOnce, async ({ entry, shards }) => {
        await Promise.all([table.putAll([entryItem(entry, shards)]), countWrite(entry, shards)]);
      });
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
        // The path is as long as whoever called has made it.
        bytesOf: ({ path }) => Buffer.byteLength(JSON.stringify(path)) + 800,
      });
    },
  };
}

/** Spreads the log over at least so many partitions from now on. */
async function widenLog(table: TableClient, organization: number, shards: number): Promise<void> {
  await table.updateIf(keyOf('organization', { organization }), { set: { logShards: shards } }, [
    { field: 'logShards', is: 'below', value: shards, otherwise: 'retry' },
  ]);
}

/** The hour of an activity is in its key, that of a credential's use beside it. */
const newsName = ({ pk, sk, lastUsedAt }: StoredItem) => `${pk}|${sk}|${lastUsedAt}`;

function entryItem(entry: AccessEntry, shards: number): StoredItem {
  return {
    ...keyOf('accessEntry', {
      organization: entry.organizationId,
      day: dayOf(entry.timestamp),
      shard: logShardOf(entry.id, shards),
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
