import { createHash } from 'node:crypto';
import type { AccessEntry, AccessLogPage } from '../domain/access-log/access-entry.ts';
import { accessEntryLifeDays, sessionActions } from '../domain/access-log/access-entry.ts';
import { rollupLookBackMilliseconds, rollupShards } from '../domain/consumption/rollup-lists.ts';
import { invalidField } from '../domain/errors.ts';
import type { AccessLogStore, CredentialUse } from '../domain/stores.ts';
import { dayMilliseconds, dayOf, hourMilliseconds, hourOf, type Timestamp } from '../domain/timestamp.ts';
import { readAccessEntry } from './items.ts';
import { timeToLive } from './session-store.ts';
import { keyOf, paddedNumber, partitionOf } from './table.ts';
import type { TableClient } from './table-client.ts';
import type { StoredItem } from './transaction.ts';

/** How many partitions a reader of the log asks side by side, and over how many days they reach at first. */
const partitionsAtOnce = 64;
const daysAtFirst = 4;

/** How many entries one page may cost to read: a filter that finds little answers a short page and where to go on. */
const entriesExaminedMax = 20_000;

/** How many entries are taken from a partition at a time: behind a filter, and at least where the page is shared. */
const filteredReadSize = 1_000;
const readSizeMin = 25;

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
    expiresAt: timeToLive(at + rollupLookBackMilliseconds),
  };
}

/** So much an instance remembers to have told; then it begins anew. */
const toldMax = 20_000;

/** A place in the log, between two entries: everything before it has a smaller sort key. */
type Position = string;

const positionForm = /^[0-9]{16}#[\w=+/.%-]{0,200}$/;

/** The place right before the entries of this moment. */
const placeBefore = (moment: Timestamp): Position => `${paddedNumber(Math.max(0, moment))}#`;

/** The latest moment that an entry before this place can have. */
function momentBefore(position: Position): Timestamp {
  const moment = Number(position.slice(0, 16));
  return position.length === 17 ? moment - 1 : moment;
}

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

    async list(tenant, shards, query) {
      const matches = (entry: AccessEntry) =>
        (query.users === undefined || query.users.includes(entry.user)) &&
        (query.action === undefined || entry.action === query.action) &&
        (query.status === undefined || entry.status === query.status);
      const isFiltered = (query.users ?? query.action ?? query.status) !== undefined;
      const readSize = isFiltered
        ? filteredReadSize
        : Math.max(readSizeMin, Math.ceil((query.limit + 1) / shards) * (shards === 1 ? 1 : 2));

      const found: LogPlace[] = [];
      let position = placeBefore(query.end + 1);
      if (query.cursor !== undefined && readCursor(query.cursor) < position) position = readCursor(query.cursor);
      let examined = 0;
      let days = daysAtFirst;
      while (momentBefore(position) >= query.start) {
        const window = daysBack(
          query.start,
          momentBefore(position),
          Math.max(1, Math.min(days, partitionsAtOnce / shards)),
        );
        const parts = await Promise.all(
          window.days.flatMap((day) =>
            Array.from({ length: shards }, (_, shard) => readPartition(day, shard, position)),
          ),
        );
        // Where a partition has more to give, only what is newer than its last entry is known wholly.
        const horizon = parts
          .map(({ places, isAll }) => (isAll ? undefined : places.at(-1)?.key))
          .reduce((one, other) => (other !== undefined && (one === undefined || other > one) ? other : one), undefined);
        const known = parts
          .flatMap(({ places }) => places)
          .filter(({ key, entry }) => (horizon === undefined || key >= horizon) && matches(entry))
          .sort((one, other) => (one.key < other.key ? 1 : -1));
        for (const place of known) found.push(place);
        if (found.length > query.limit) return pageOf(found.slice(0, query.limit), found[query.limit - 1]?.key);
        position = horizon ?? placeBefore(window.start);
        // Busy days one by one, quiet ones ever more at a time.
        days = horizon === undefined ? days * 2 : 1;
        for (const { places } of parts) examined += places.length;
        if (examined >= entriesExaminedMax && momentBefore(position) >= query.start) return pageOf(found, position);
      }
      return pageOf(found, undefined);

      async function readPartition(day: string, shard: number, before: Position) {
        const from = placeBefore(query.start);
        if (from > before) return { places: [], isAll: true };
        const page = await table.query({
          partition: partitionOf('accessEntry', { organization: tenant.organizationId, day, shard }),
          between: [from, before],
          descending: true,
          limit: readSize + 1,
        });
        const places = page.items
          .map((item): LogPlace => ({ key: String(item.sk), entry: readAccessEntry(item) }))
          .filter(({ key }) => key < before);
        return { places, isAll: page.last === undefined };
      }
    },
  };
}

interface LogPlace {
  readonly key: Position;
  readonly entry: AccessEntry;
}

function pageOf(places: readonly LogPlace[], next: Position | undefined): AccessLogPage {
  return { entries: places.map(({ entry }) => entry), cursor: next === undefined ? undefined : writeCursor(next) };
}

/** Some UTC days back from `end`, not beyond that of `start`, and the moment at which the earliest of them begins. */
function daysBack(start: Timestamp, end: Timestamp, count: number): { days: string[]; start: Timestamp } {
  const last = Math.floor(end / dayMilliseconds);
  const first = Math.max(Math.floor(start / dayMilliseconds), last - Math.floor(count) + 1);
  const days = Array.from({ length: last - first + 1 }, (_, back) => dayOf((last - back) * dayMilliseconds));
  return { days, start: first * dayMilliseconds };
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

function writeCursor(position: Position): string {
  return Buffer.from(position).toString('base64url');
}

function readCursor(cursor: string): Position {
  const position = Buffer.from(cursor, 'base64url').toString();
  if (!positionForm.test(position)) throw invalidField('cursor', 'Take the cursor from the link to the next page.');
  return position;
}
