import * as z from 'zod/mini';
import type { MemberOrder } from '../domain/stores.ts';
import * as listKeys from './list-keys.ts';
import { comparePlaces, type Place, readPlace, stretchOf } from './list-place.ts';
import { partitionOf, sortKeyPrefixOf } from './table.ts';
import type { TableClient } from './table-client.ts';
import { StaleReadError } from './transaction.ts';

/**
 * A list of members, counted in stretches, so that any place in it is found in a fixed number of reads. A block is a
 * stretch of some dozens of members, a part one of some dozens of blocks; each is one small item with its first place
 * and its count. What came or went lately is not in the counts yet: it stands beside them as a change, written in the
 * transaction that made it, until `list-keeper.ts` counts it. See docs/adr/0010-counted-lists.md.
 */

/** A stretch of a list: from its place to that of the next. */
export interface Stretch {
  readonly from: Place;
  readonly count: number;
}

interface VersionedStretch extends Stretch {
  /** Of the list, when the stretch was last written. */
  readonly version: number;
}

export interface Part extends VersionedStretch {
  readonly blocks: number;
}

export type Block = VersionedStretch;

/** Who came and who left, by their places. */
export interface ListChange {
  readonly id: string;
  readonly added: readonly Place[];
  readonly removed: readonly Place[];
  /** How many places of both that is: another one once a part of them is counted in. */
  readonly left: number;
}

/** A list as it was at one moment. */
export interface ListView {
  readonly organizationId: number;
  readonly order: MemberOrder;
  /** Grows whenever counts change. */
  readonly version: number;
  readonly parts: readonly Part[];
  readonly changes: readonly ListChange[];
}

const versionItem = z.object({ version: z.number() });
const blockItem = z.object({ sk: z.string(), count: z.number(), version: z.number() });
const partItem = z.extend(blockItem, { blocks: z.number() });
const changeItem = z.object({
  sk: z.string(),
  added: z.array(z.string()),
  removed: z.array(z.string()),
  left: z.number(),
});

/** How often a view is read anew because the list was changed while it was read. */
const readingsMax = 8;

const viewPrefix = 'VIEW#';
/** Comes after the sort key of every block, and is none: `$` follows `#`. */
const blocksEnd = 'BLOCK$';

/**
 * What there is to know about a list before one goes into its parts: one query. Begins anew where a change of the
 * counts came between its first item and its last. Undefined where the list is not counted (yet).
 */
export async function readListView(
  table: TableClient,
  organizationId: number,
  order: MemberOrder,
): Promise<ListView | undefined> {
  const list = { organization: organizationId, order };
  const [begin, end] = [listKeys.begin(list).sk, listKeys.until(list).sk];
  const [partPrefix, changePrefix] = [sortKeyPrefixOf('listPart'), sortKeyPrefixOf('listChange')];
  for (let reading = 1; ; reading += 1) {
    const versions = new Map<string, number>();
    const parts: Part[] = [];
    const changes: ListChange[] = [];
    for await (const item of table.queryAll({ partition: partitionOf('listVersion', list), beginsWith: viewPrefix })) {
      const sortKey = String(item.sk);
      if (sortKey.startsWith(partPrefix)) parts.push(readPart(item));
      else if (sortKey.startsWith(changePrefix)) changes.push(readChange(item));
      else versions.set(sortKey, versionItem.parse(item).version);
    }
    const version = versions.get(begin);
    if (version === undefined || version === 0) return undefined;
    const isWhole = version === versions.get(end) && parts.every((part) => part.version <= version);
    if (isWhole) return { organizationId, order, version, parts, changes };
    if (reading === readingsMax) throw new StaleReadError('The list changes faster than it can be read.');
  }
}

/** The changes that wait to be counted in, of a list that may have no counts at all. */
export async function readListChanges(
  table: TableClient,
  organizationId: number,
  order: MemberOrder,
): Promise<ListChange[]> {
  const changes: ListChange[] = [];
  for await (const item of table.queryAll({
    partition: partitionOf('listChange', { organization: organizationId, order }),
    beginsWith: sortKeyPrefixOf('listChange'),
  })) {
    changes.push(readChange(item));
  }
  return changes;
}

function readPart(item: unknown): Part {
  const { sk, ...part } = partItem.parse(item);
  return { from: readPlace(sk, 'listPart'), ...part };
}

function readChange(item: unknown): ListChange {
  const { sk, ...change } = changeItem.parse(item);
  return { id: sk.slice(sortKeyPrefixOf('listChange').length), ...change };
}

/** The blocks from a place up to another, which is where the next part begins; undefined for the end of the list. */
export async function readBlocks(
  table: TableClient,
  organizationId: number,
  order: MemberOrder,
  from: Place,
  until: Place | undefined,
): Promise<Block[]> {
  const list = { organization: organizationId, order };
  const upper = until === undefined ? blocksEnd : listKeys.block(list, until).sk;
  const blocks: Block[] = [];
  for await (const item of table.queryAll({
    partition: partitionOf('listBlock', list),
    between: [listKeys.block(list, from).sk, upper],
  })) {
    const { sk, ...block } = blockItem.parse(item);
    if (until === undefined || sk !== upper) blocks.push({ from: readPlace(sk, 'listBlock'), ...block });
  }
  return blocks;
}

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
  const found = part && view.parts[part.index];
  if (!found) return undefined;
  const until = view.parts[part.index + 1]?.from;
  const blocks = await readBlocks(table, view.organizationId, view.order, found.from, until);
  if (blocks.some(({ version }) => version > view.version)) return undefined;
  const block = locate(countsWith(blocks, view.changes, until), part.rest);
  const start = block && blocks[block.index];
  return start && { from: start.from, skipped: block.rest };
}
