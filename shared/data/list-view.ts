import * as z from 'zod/mini';
import type { List } from './list-keys.ts';
import * as listKeys from './list-keys.ts';
import { comparePlaces, firstPlace, type Place, readPlace, stretchOf } from './list-place.ts';
import { type Block, type Part, type Sheet, type Stretch, stretchesOn } from './list-sheets.ts';
import { sortKeyPrefixOf } from './table.ts';
import type { TableClient } from './table-client.ts';
import { StaleReadError, type StoredItem } from './transaction.ts';

/**
 * A list of members, counted in stretches, so that any place in it is found in a fixed number of reads. A block is a
 * stretch of some dozens of members, a part one of some dozens of blocks; each is known by its first place and its
 * count. What came or went lately is not in the counts yet: it stands beside them as a change, written in the transaction
 * that made it, until `list-keeper.ts` counts it. See docs/adr/0010-counted-lists.md.
 */

/** Who came and who left, by their places. */
export interface ListChange {
  readonly id: string;
  readonly added: readonly Place[];
  readonly removed: readonly Place[];
  /** How many places of both that is: another one once a part of them is counted in. */
  readonly left: number;
}

/** A list as it was at one moment. */
export interface ListView extends List {
  /** Grows whenever counts change. */
  readonly version: number;
  readonly sheets: readonly Sheet<Part>[];
  /** All parts of all sheets. */
  readonly parts: readonly Part[];
  readonly changes: readonly ListChange[];
}

const versionItem = z.object({ version: z.number() });
/** The stretches of a sheet are one text: a map for each takes a query several times as long, and more of a read unit. */
const sheetItem = z.object({ sk: z.string(), version: z.number(), stretches: z.string() });
const storedBlocks = z.array(z.tuple([z.string(), z.number()]));
const storedParts = z.array(z.tuple([z.string(), z.number(), z.number()]));
const changeItem = z.object({
  sk: z.string(),
  added: z.array(z.string()),
  removed: z.array(z.string()),
  left: z.number(),
});

/** How often a view is read anew because the list was changed while it was read. */
const readingsMax = 8;

const viewPrefix = 'VIEW#';
/** Comes after the sort key of all blocks, and is none of them: `$` follows `#`. */
const blocksEnd = 'BLOCKS$';

/**
 * What there is to know about a list before one goes into its parts: one query. Begins anew where a change of the
 * counts came between its first item and its last. Undefined where the list is not counted (yet).
 */
export async function readListView(table: TableClient, list: List): Promise<ListView | undefined> {
  const [begin, end] = [listKeys.begin(list).sk, listKeys.until(list).sk];
  const [partPrefix, changePrefix] = [sortKeyPrefixOf('listParts'), sortKeyPrefixOf('listChange')];
  for (let reading = 1; ; reading += 1) {
    const versions = new Map<string, number>();
    const sheets: Sheet<Part>[] = [];
    const changes: ListChange[] = [];
    for await (const item of table.queryAll({ partition: listKeys.partition(list), beginsWith: viewPrefix })) {
      const sortKey = String(item.sk);
      if (sortKey.startsWith(partPrefix)) sheets.push(readStoredParts(item));
      else if (sortKey.startsWith(changePrefix)) changes.push(readChange(item));
      else versions.set(sortKey, versionItem.parse(item).version);
    }
    const version = versions.get(begin);
    if (version === undefined || version === 0) return undefined;
    const isWhole = version === versions.get(end) && sheets.every((sheet) => sheet.version <= version);
    if (isWhole)
      return {
        organizationId: list.organizationId,
        order: list.order,
        version,
        sheets,
        parts: stretchesOn(sheets),
        changes,
      };
    if (reading === readingsMax) throw new StaleReadError('The list changes faster than it can be read.');
  }
}

/** The changes that wait to be counted in, of a list that may have no counts at all. */
export async function readListChanges(table: TableClient, list: List): Promise<ListChange[]> {
  const changes: ListChange[] = [];
  for await (const item of table.queryAll({
    partition: listKeys.partition(list),
    beginsWith: sortKeyPrefixOf('listChange'),
  })) {
    changes.push(readChange(item));
  }
  return changes;
}

function readStoredParts(item: unknown): Sheet<Part> {
  const { sk, version, stretches } = sheetItem.parse(item);
  const parts = storedParts.parse(JSON.parse(stretches)).map(([from, count, blocks]) => ({ from, count, blocks }));
  return { from: readPlace(sk, 'listParts'), version, stretches: parts };
}

function readStoredBlocks(item: unknown): Sheet<Block> {
  const { sk, version, stretches } = sheetItem.parse(item);
  const blocks = storedBlocks.parse(JSON.parse(stretches)).map(([from, count]) => ({ from, count }));
  return { from: readPlace(sk, 'listBlocks'), version, stretches: blocks };
}

function readChange(item: unknown): ListChange {
  const { sk, ...change } = changeItem.parse(item);
  return { id: sk.slice(sortKeyPrefixOf('listChange').length), ...change };
}

/**
 * The blocks of one of a view's parts. Undefined where they are not those of the view: the list was changed since, or
 * while they were read.
 */
export async function readBlocks(
  table: TableClient,
  view: ListView,
  part: number,
): Promise<Sheet<Block>[] | undefined> {
  const [from, until] = [view.parts[part]?.from ?? firstPlace, view.parts[part + 1]?.from];
  const upper = until === undefined ? blocksEnd : listKeys.blocks(view, until).sk;
  const sheets: Sheet<Block>[] = [];
  for await (const item of table.queryAll({
    partition: listKeys.partition(view),
    between: [listKeys.blocks(view, from).sk, upper],
  })) {
    if (item.sk !== upper) sheets.push(readStoredBlocks(item));
  }
  const blocks = stretchesOn(sheets);
  const isOfView =
    sheets.every(({ version }) => version <= view.version) &&
    blocks.length === view.parts[part]?.blocks &&
    blocks.reduce((sum, { count }) => sum + count, 0) === view.parts[part].count;
  return isOfView ? sheets : undefined;
}

export const partsItem = (list: List, { from: begin, version, stretches }: Sheet<Part>): StoredItem => ({
  ...listKeys.parts(list, begin),
  version,
  stretches: JSON.stringify(stretches.map(({ from, count, blocks }) => [from, count, blocks])),
});

export const blocksItem = (list: List, { from: begin, version, stretches }: Sheet<Block>): StoredItem => ({
  ...listKeys.blocks(list, begin),
  version,
  stretches: JSON.stringify(stretches.map(({ from, count }) => [from, count])),
});

/** How many members each stretch has once the changes are counted that fall into one of them. */
export function countsWith(stretches: readonly Stretch[], changes: readonly ListChange[], until?: Place): number[] {
  const counts = stretches.map(({ count }) => count);
  const [first] = stretches;
  const move = (place: Place, by: number) => {
    if (!first || comparePlaces(place, first.from) < 0 || (until !== undefined && comparePlaces(place, until) >= 0))
      return;
    const at = stretchOf(stretches, place);
    counts[at] = (counts[at] ?? 0) + by;
  };
  for (const { added, removed } of changes) {
    for (const place of added) move(place, 1);
    for (const place of removed) move(place, -1);
  }
  return counts;
}

/** In which stretch the member at an offset stands, and at which offset there. */
function locate(counts: readonly number[], offset: number): { index: number; rest: number } | undefined {
  let rest = offset;
  for (const [index, count] of counts.entries()) {
    if (rest < count) return { index, rest };
    rest -= count;
  }
  return undefined;
}

/** How many members a list has. */
export function membersOf({ parts, changes }: ListView): number {
  return countsWith(parts, changes).reduce((sum, count) => sum + count, 0);
}

/**
 * Where to begin to read for the member at an offset, and how many to pass over from there: one query. Undefined where
 * the list has no such member, or has changed since it was looked at.
 */
export async function findPlace(
  table: TableClient,
  view: ListView,
  offset: number,
): Promise<{ from: Place; skipped: number } | undefined> {
  const part = locate(countsWith(view.parts, view.changes), offset);
  const sheets = part && (await readBlocks(table, view, part.index));
  if (!sheets) return undefined;
  const blocks = stretchesOn(sheets);
  const block = locate(countsWith(blocks, view.changes, view.parts[part.index + 1]?.from), part.rest);
  const start = block && blocks[block.index];
  return start && { from: start.from, skipped: block.rest };
}
