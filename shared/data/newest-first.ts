import { invalidField } from '../domain/errors.ts';
import type { Timestamp } from '../domain/timestamp.ts';
import { paddedNumber } from './table.ts';
import type { TableClient } from './table-client.ts';

/** Reading things that happened, newest first, out of partitions of some time each, whose sort keys begin with the time. */

/** How many partitions are asked side by side. */
const partitionsAtOnce = 64;

/** Over how many periods (days, months) a reader reaches at first. */
const periodsAtFirst = 4;

/** How many items one page may cost to read: a filter that finds little answers a short page and where to go on. */
const itemsExaminedMax = 20_000;

/** How many items are taken from a partition at a time: behind a filter, and at least where the page is shared. */
const filteredReadSize = 1_000;
const readSizeMin = 25;

/** A page weighs no more than this, as JSON: a function's answer has at most 6 MB. */
const pageBytesMax = 3_000_000;

/** A place between two entries: everything before it in time has a smaller key. */
type Position = string;

const positionForm = /^[0-9]{16}#[\w=+/.%#-]{0,300}$/;

/** An entry and its key, which begins with the sort key of the item that it is in. */
export interface Placed<Entry> {
  readonly key: string;
  readonly entry: Entry;
}

/** What to read. */
export interface NewestFirstQuery<Entry> {
  /** Both included. */
  readonly start: Timestamp;
  readonly end: Timestamp;
  readonly limit: number;
  readonly cursor: string | undefined;
  /** Undefined where everything matches. */
  readonly matches: ((entry: Entry) => boolean) | undefined;
  /** Over how many partitions each period is spread. */
  readonly shards: number;
  /** The partitions of some periods back from `end`, not beyond that of `start`, and when the earliest of them begins. */
  partitions(start: Timestamp, end: Timestamp, periods: number): { partitions: string[]; begins: Timestamp };
  entriesOf(item: Record<string, unknown>): Placed<Entry>[];
  /** About how much an entry weighs, in bytes, where that differs much. */
  bytesOf?(entry: Entry): number;
}

/**
 * One page, and where the next begins, if there is one. Page after page shows everything once. A page can be short,
 * even empty, and still have a next one, where a filter finds little.
 * @throws `invalid_request` naming `cursor`
 */
export async function readNewestFirst<Entry>(
  table: TableClient,
  query: NewestFirstQuery<Entry>,
): Promise<{ entries: Entry[]; cursor: string | undefined }> {
  const { start, limit, shards, matches } = query;
  const readSize = matches
    ? filteredReadSize
    : Math.max(readSizeMin, Math.ceil((limit + 1) / shards) * (shards === 1 ? 1 : 2));

  async function readPartition(partition: string, before: Position) {
    const from = placeBefore(start);
    if (from > before) return { places: [], isAll: true, items: 0 };
    const page = await table.query({ partition, between: [from, before], descending: true, limit: readSize + 1 });
    const places = page.items.flatMap((item) => query.entriesOf(item)).filter(({ key }) => key < before);
    return { places, isAll: page.last === undefined, items: page.items.length, last: page.items.at(-1)?.sk };
  }

  const found: Placed<Entry>[] = [];
  let bytes = 0;
  let examined = 0;
  let periods = periodsAtFirst;
  let position = placeBefore(query.end + 1);
  if (query.cursor !== undefined && readCursor(query.cursor) < position) position = readCursor(query.cursor);
  while (momentBefore(position) >= start) {
    const window = query.partitions(
      start,
      momentBefore(position),
      Math.max(1, Math.floor(Math.min(periods, partitionsAtOnce / shards))),
    );
    const parts = await Promise.all(window.partitions.map((partition) => readPartition(partition, position)));
    // Where a partition has more to give, only what is newer than its last item is known wholly.
    const horizon = parts
      .map(({ isAll, last }) => (isAll ? undefined : String(last)))
      .reduce((one, other) => (other !== undefined && (one === undefined || other > one) ? other : one), undefined);
    const known = parts
      .flatMap(({ places }) => places)
      .filter(({ key, entry }) => (horizon === undefined || key >= horizon) && (!matches || matches(entry)))
      .sort((one, other) => (one.key < other.key ? 1 : -1));
    for (const place of known) {
      bytes += query.bytesOf?.(place.entry) ?? 0;
      const isFull = found.length === limit || (bytes > pageBytesMax && found.length > 0);
      if (isFull) return pageOf(found, found.at(-1)?.key);
      found.push(place);
    }
    position = horizon ?? placeBefore(window.begins);
    // Busy periods one by one, quiet ones ever more at a time.
    periods = horizon === undefined ? periods * 2 : 1;
    for (const { items } of parts) examined += items;
    if (examined >= itemsExaminedMax && momentBefore(position) >= start) return pageOf(found, position);
  }
  return pageOf(found, undefined);
}

/** The place right before what happened at this moment. */
function placeBefore(moment: Timestamp): Position {
  return `${paddedNumber(Math.max(0, moment))}#`;
}

/** The latest moment that something before this place can have. */
function momentBefore(position: Position): Timestamp {
  const moment = Number(position.slice(0, 16));
  return position.length === 17 ? moment - 1 : moment;
}

function pageOf<Entry>(places: readonly Placed<Entry>[], next: Position | undefined) {
  return {
    entries: places.map(({ entry }) => entry),
    cursor: next === undefined ? undefined : toCursor(next),
  };
}

/** A place, which begins with a time, as what the link to the next page carries. */
export function toCursor(position: Position): string {
  return Buffer.from(position).toString('base64url');
}

/** @throws `invalid_request` naming `cursor` */
export function readCursor(cursor: string): Position {
  const position = Buffer.from(cursor, 'base64url').toString();
  if (!positionForm.test(position)) throw invalidField('cursor', 'Take the cursor from the link to the next page.');
  return position;
}
