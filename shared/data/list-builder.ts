import type { Timestamp } from '../domain/timestamp.ts';
import type { List } from './list-keys.ts';
import * as listKeys from './list-keys.ts';
import { comparePlaces, firstPlace, orderKeyOf, type Place, placeOf } from './list-place.ts';
import { blocksOf, type Part, sheetsOf } from './list-sheets.ts';
import { blocksItem, type ListChange, partsItem, readListChanges } from './list-view.ts';
import { memberIndexOf, memberOrderEnd } from './order-keys.ts';
import { type ItemKey, partitionOf, sortKeyPrefixOf } from './table.ts';
import type { TableClient } from './table-client.ts';
import { type Rule, StaleReadError, type StoredItem, Transaction } from './transaction.ts';

/** Counts lists for the first time, from their indexes. From there on `list-keeper.ts` keeps them. */

/** How full stretches are when they are made, and what holds them. */
export interface Fill {
  readonly membersOfBlock: number;
  readonly blocksOfPart: number;
  readonly stretchesOfSheet: number;
}
const fillAtFirst: Fill = { membersOfBlock: 24, blocksOfPart: 96, stretchesOfSheet: 12 };

/** A builder that has not ended after so long has been stopped: functions run for 15 minutes at most. */
const buildPatienceMilliseconds = 20 * 60 * 1_000;

/** How often the changes are read until two readings agree. */
const readingsMax = 20;

/** Who writes what is kept of lists. */
export const listKeeper = { email: 'member-lists', credentialId: null };

/**
 * Counts a whole list for the first time, from the index. One builder at a time: it leaves its mark on the list, and
 * only what bears its mark becomes the first version.
 */
export async function buildList(table: TableClient, list: List, now: Timestamp): Promise<void> {
  const begin = listKeys.begin(list);
  // A transaction: sent again because its answer was lost, it is not refused for its own mark.
  const marking = new Transaction(listKeeper);
  marking.update(begin, { set: { version: 0, builtSince: now } }, [
    { field: 'version', is: 'absentOrBelow', value: 1, otherwise: 'retry' },
    { field: 'builtSince', is: 'absentOrBelow', value: now - buildPatienceMilliseconds, otherwise: 'retry' },
  ]);
  await table.commit(marking);
  const mark: Rule = { field: 'builtSince', is: 'equal', value: now, otherwise: 'retry' };
  try {
    await clearStretches(table, list);
    const known = await readListChanges(table, list);
    const shown = await readPlaces(table, list);
    const places = placesBefore(shown, known, await readAllListChanges(table, list));
    if (!places) throw new StaleReadError('The list changed while it was counted.');
    await putFirstVersion(table, list, places, mark);
  } catch (error) {
    // The next builder need not wait; where the mark is another's, or this one was done after all, it stays.
    await table.update(begin, { remove: ['builtSince'] }, [mark]).catch(() => undefined);
    throw error;
  }
}

/** Puts the first version of a list, which holds these places, in order. */
export async function putFirstVersion(
  table: TableClient,
  list: List,
  places: readonly Place[],
  rule: Rule,
): Promise<void> {
  await table.putAll(stretchItems(list, places));
  const first = new Transaction(listKeeper);
  first.update(listKeys.begin(list), { set: { version: 1 }, remove: ['builtSince'] }, [rule]);
  first.put({ ...listKeys.until(list), version: 1 });
  await table.commit(first);
}

/** Every change of a list, read until two readings agree: one alone may miss one that comes before one it has seen. */
async function readAllListChanges(table: TableClient, list: List): Promise<ListChange[]> {
  let changes = await readListChanges(table, list);
  for (let reading = 1; reading < readingsMax; reading += 1) {
    const again = await readListChanges(table, list);
    if (again.map(({ id }) => id).join(' ') === changes.map(({ id }) => id).join(' ')) return again;
    changes = again;
  }
  throw new StaleReadError('The list changes faster than it can be read.');
}

/** Takes away what a builder has left that was stopped. */
async function clearStretches(table: TableClient, list: List): Promise<void> {
  for (const kind of ['listBlocks', 'listParts'] as const) {
    const keys: ItemKey[] = [];
    for await (const { pk, sk } of table.queryAll({
      partition: listKeys.partition(list),
      beginsWith: sortKeyPrefixOf(kind),
    })) {
      keys.push({ pk: String(pk), sk: String(sk) });
    }
    await table.deleteAll(keys);
  }
}

/** The items of the stretches of a list that holds these places. */
export function stretchItems(list: List, places: readonly Place[], fill: Fill = fillAtFirst): StoredItem[] {
  const blocks = blocksOf(places, firstPlace, fill.membersOfBlock);
  const parts: Part[] = [];
  const items: StoredItem[] = [];
  for (let at = 0; at < blocks.length; at += fill.blocksOfPart) {
    const own = blocks.slice(at, at + fill.blocksOfPart);
    const count = own.reduce((sum, block) => sum + block.count, 0);
    parts.push({ from: own[0]?.from ?? firstPlace, count, blocks: own.length });
    items.push(...sheetsOf(own, 1, fill.stretchesOfSheet).map((sheet) => blocksItem(list, sheet)));
  }
  items.push(...sheetsOf(parts, 1, fill.stretchesOfSheet).map((sheet) => partsItem(list, sheet)));
  return items;
}

/** Every place that the index shows in a stretch, by default in all of the list. */
export async function readPlaces(
  table: TableClient,
  list: List,
  from: Place = firstPlace,
  until?: Place,
): Promise<Place[]> {
  const index = memberIndexOf(list.order);
  const places: Place[] = [];
  for await (const item of table.queryAll({
    partition: partitionOf('membership', { organization: list.organizationId }),
    index,
    between: [orderKeyOf(from), until === undefined ? memberOrderEnd : orderKeyOf(until)],
    attributes: [index.sortKey],
  })) {
    const place = placeOf(String(item[index.sortKey]));
    if (until === undefined || place !== until) places.push(place);
  }
  return places;
}

/**
 * The places that there were before all outstanding changes, none of which is counted. `known` were outstanding before
 * the index was read, so it shows them; those that came since it may show or not, so only what they do in sum tells
 * what was there. Undefined where that cannot be told.
 */
export function placesBefore(
  shown: readonly Place[],
  known: readonly ListChange[],
  outstanding: readonly ListChange[],
): Place[] | undefined {
  const knownIds = new Set(known.map(({ id }) => id));
  const sums = (changes: readonly ListChange[]) => {
    const sum = new Map<Place, number>();
    for (const { added, removed } of changes) {
      for (const place of added) sum.set(place, (sum.get(place) ?? 0) + 1);
      for (const place of removed) sum.set(place, (sum.get(place) ?? 0) - 1);
    }
    return sum;
  };
  const certain = sums(outstanding.filter(({ id }) => knownIds.has(id)));
  const uncertain = sums(outstanding.filter(({ id }) => !knownIds.has(id)));
  if ([...uncertain.values()].includes(0)) return undefined;
  const places = new Set(shown);
  for (const [place, by] of [...uncertain, ...certain]) {
    if (by > 0) places.delete(place);
    if (by < 0) places.add(place);
  }
  return [...places].sort(comparePlaces);
}
