import type { MemberOrder } from '../domain/stores.ts';
import type { Timestamp } from '../domain/timestamp.ts';
import { listsCountedSince, uncountedMembersMax } from './list-changes.ts';
import * as listKeys from './list-keys.ts';
import { comparePlaces, firstPlace, orderKeyOf, type Place, placeOf, shortestPlace, stretchOf } from './list-place.ts';
import {
  type Block,
  type ListChange,
  type ListView,
  type Part,
  readBlocks,
  readListChanges,
  readListView,
  type Stretch,
} from './list-view.ts';
import { memberIndexOf, memberOrderEnd, memberOrders } from './order-keys.ts';
import { type ItemKey, keyOf, partitionOf, sortKeyPrefixOf } from './table.ts';
import type { TableClient } from './table-client.ts';
import { type Rule, StaleReadError, type StoredItem, Transaction, transactionActionsMax } from './transaction.ts';

/**
 * Keeps the counts of lists: counts changes in, splits stretches that have grown and joins those that have shrunk. It is
 * the only writer of counts. Each step is a transaction from one version of a list to the next, on the condition that
 * everything it changes is as it was read, so any number of keepers at once do no harm: one goes on, the others begin
 * anew. Splitting and joining never changes how many are counted.
 */

const blockMembersMax = 64;
const blockMembersMin = 8;
const partBlocksMax = 128;
const partBlocksMin = 16;
/** How full stretches are when they are made. */
const blockMembersAtFirst = 48;
const partBlocksAtFirst = 96;

/** What a step may take of a transaction beside the two version items. */
const stepActionsMax = transactionActionsMax - 10;

/** Into how many one step cuts a block. */
const piecesMax = 80;

/** How many steps one run makes, and how often one is tried that another keeper, or a change, has come before. */
const stepsMax = 2_000;
const triesMax = 20;
const pauseMillisecondsMax = 100;

/** A builder that has not ended after so long has been stopped: functions run for 15 minutes at most. */
const buildPatienceMilliseconds = 20 * 60 * 1_000;

const keeper = { email: 'member-lists', credentialId: null };

export interface List {
  readonly organizationId: number;
  readonly order: MemberOrder;
}

const nameOf = ({ organizationId, order }: List) => ({ organization: organizationId, order });

/** Begins to count the lists of an organization once it has too many members to do without; goes on where it stopped. */
export async function keepLists(table: TableClient, organizationId: number, now: Timestamp): Promise<void> {
  const key = keyOf('organization', { organization: organizationId });
  const lists = memberOrders.map((order) => ({ organizationId, order }));
  const [organization, ...begins] = await table.get([key, ...lists.map((list) => listKeys.begin(nameOf(list)))]);
  if (!organization || Number(organization.members) <= uncountedMembersMax) return;
  if (organization[listsCountedSince] === undefined) await beginToCount(table, organizationId, now);
  for (const [at, list] of lists.entries()) {
    const isBuilt = Number(begins[at]?.version ?? 0) > 0;
    if (!isBuilt) await keepList(table, list, now);
  }
}

/** From here on, whoever changes a membership leaves a note of it in the lists. */
export async function beginToCount(table: TableClient, organizationId: number, now: Timestamp): Promise<void> {
  await table.update({
    type: 'update',
    key: keyOf('organization', { organization: organizationId }),
    set: { [listsCountedSince]: now },
    add: {},
    remove: new Set(),
    rules: [{ field: 'pk', is: 'present', otherwise: 'retry' }],
  });
}

/**
 * Counts in all changes of one list; builds it first where that was begun and has not ended.
 * @param moved Places that have come or gone. Where a keeper has counted them in and was stopped then, their blocks are
 * still to be split or joined, and nothing in the list says so.
 */
export async function keepList(
  table: TableClient,
  list: List,
  now: Timestamp,
  moved: readonly Place[] = [],
): Promise<void> {
  let view = await readListView(table, list.organizationId, list.order);
  if (!view) {
    const [organization] = await table.get([keyOf('organization', { organization: list.organizationId })]);
    if (organization?.[listsCountedSince] === undefined) return;
    await buildList(table, list, now);
    view = await readListView(table, list.organizationId, list.order);
  }
  const waiting = new Set(view?.changes.flatMap(({ added, removed }) => [...added, ...removed]));
  const touched = new Set(moved.filter((place) => !waiting.has(place)));
  let tries = 0;
  for (let steps = 0; view && steps < stepsMax; steps += 1) {
    try {
      const next: ListView | undefined = await takeStep(table, view, touched);
      if (!next) return;
      view = next;
      tries = 0;
    } catch (error) {
      tries += 1;
      if (!(error instanceof StaleReadError) || tries === triesMax) throw error;
      await new Promise((resolve) => setTimeout(resolve, Math.random() * pauseMillisecondsMax));
      view = await readListView(table, list.organizationId, list.order);
    }
  }
}

/**
 * The next thing to do with a list, and the view after it; undefined where there is nothing to do. First of all what has
 * changed is counted in; `touched` are places whose blocks are to be looked at then.
 */
async function takeStep(table: TableClient, view: ListView, touched: Set<Place>): Promise<ListView | undefined> {
  if (view.changes.length > 0) return countChanges(table, view, touched);
  const blocksOf = blocksReader(table, view);
  for (const place of touched) {
    const shaped = await shapeBlock(table, view, place, blocksOf);
    touched.delete(place);
    for (const large of shaped?.large ?? []) touched.add(large);
    if (shaped) return shaped.view;
  }
  const [large, small] = [view.parts.find(isLarge), view.parts.find((part) => isSmall(part, view.parts.length))];
  if (large) return splitPart(table, view, large);
  if (small) return joinPart(table, view, small);
  return undefined;
}

const isLarge = ({ blocks }: Part) => blocks > partBlocksMax;
const isSmall = ({ blocks }: Part, parts: number) => blocks < partBlocksMin && parts > 1;

/** That it is as it was read. */
const asRead = ({ version }: { readonly version: number }): Rule[] => [
  { field: 'version', is: 'equal', value: version, otherwise: 'retry' },
];
const asLeft = ({ left }: ListChange): Rule[] => [{ field: 'left', is: 'equal', value: left, otherwise: 'retry' }];
const isNew: Rule[] = [{ field: 'pk', is: 'absent', otherwise: 'retry' }];

/** One step, from a version of a list to the next: what it writes, and how the list is afterwards. */
function openStep(view: ListView) {
  const list = nameOf(view);
  const version = view.version + 1;
  const transaction = new Transaction(keeper);
  for (const key of [listKeys.begin(list), listKeys.until(list)]) {
    transaction.update(key, { set: { version } }, asRead(view));
  }
  return {
    /** In place of the block as it was read; undefined for a new one. */
    putBlock({ from, count }: Stretch, before: Block | undefined): void {
      transaction.put({ ...listKeys.block(list, from), count, version }, before ? asRead(before) : isNew);
    },
    deleteBlock(block: Block): void {
      transaction.delete(listKeys.block(list, block.from), asRead(block));
    },
    putPart({ from, count, blocks }: Omit<Part, 'version'>, before: Part | undefined): Part {
      transaction.put({ ...listKeys.part(list, from), count, blocks, version }, before ? asRead(before) : isNew);
      return { from, count, blocks, version };
    },
    deletePart(part: Part): void {
      transaction.delete(listKeys.part(list, part.from), asRead(part));
    },
    /** `rest` is what of the change is not counted in yet. */
    countIn(change: ListChange, rest: ListChange | undefined): void {
      const key = listKeys.change(list, change.id);
      if (!rest) transaction.delete(key, asLeft(change));
      else {
        const { added, removed, left } = rest;
        transaction.update(key, { set: { added, removed, left } }, asLeft(change));
      }
    },
    async commit(table: TableClient, after: Partial<Pick<ListView, 'parts' | 'changes'>>): Promise<ListView> {
      await table.commit(transaction);
      return { ...view, ...after, version };
    },
  };
}

/** Counts in as many changes as one transaction holds. */
async function countChanges(table: TableClient, view: ListView, touched: Set<Place>): Promise<ListView> {
  const blocksOf = blocksReader(table, view);
  const counted = new Map<Place, { readonly part: number; readonly block: Block; by: number }>();
  const movedParts = new Map<number, number>();
  const done: { change: ListChange; rest: ListChange | undefined }[] = [];
  const isFull = (more: number) => counted.size + movedParts.size + done.length + more > stepActionsMax;

  /** Counts one place, if there is room for what it touches beside its own change. */
  async function count(place: Place, by: number): Promise<boolean> {
    const at = stretchOf(view.parts, place);
    const blocks = await blocksOf(at);
    const block = blocks[stretchOf(blocks, place)];
    if (!block) throw new StaleReadError('The list has changed meanwhile.');
    const known = counted.get(block.from);
    if (isFull(1 + (known ? 0 : 1) + (movedParts.has(at) ? 0 : 1))) return false;
    if (known) known.by += by;
    else counted.set(block.from, { part: at, block, by });
    movedParts.set(at, (movedParts.get(at) ?? 0) + by);
    return true;
  }

  for (const change of view.changes) {
    if (isFull(1)) break;
    const [removed, added] = [[...change.removed], [...change.added]];
    while (removed[0] !== undefined && (await count(removed[0], -1))) removed.shift();
    if (removed.length === 0) while (added[0] !== undefined && (await count(added[0], 1))) added.shift();
    const left = removed.length + added.length;
    if (left > 0 && left === change.left) break;
    done.push({ change, rest: left === 0 ? undefined : { id: change.id, added, removed, left } });
    if (left > 0) break;
  }

  const step = openStep(view);
  for (const [from, { block, by }] of counted) step.putBlock({ from, count: block.count + by }, block);
  const parts = [...view.parts];
  for (const [at, by] of movedParts) {
    const part = parts[at];
    if (part) parts[at] = step.putPart({ ...part, count: part.count + by }, part);
  }
  for (const { change, rest } of done) step.countIn(change, rest);
  const rests = done.flatMap(({ rest }) => rest ?? []);
  const next = await step.commit(table, { parts, changes: [...rests, ...view.changes.slice(done.length)] });
  for (const from of counted.keys()) touched.add(from);
  return next;
}

/** Reads the blocks of each part of a view once. */
function blocksReader(table: TableClient, view: ListView): (part: number) => Promise<Block[]> {
  const known = new Map<number, Block[]>();
  return async (part) => {
    const blocks = known.get(part) ?? (await blocksIn(table, view, part));
    known.set(part, blocks);
    return blocks;
  };
}

/** The blocks of a part as of the view. @throws StaleReadError where they are newer */
async function blocksIn(table: TableClient, view: ListView, part: number): Promise<Block[]> {
  const from = view.parts[part]?.from ?? firstPlace;
  const blocks = await readBlocks(table, view.organizationId, view.order, from, view.parts[part + 1]?.from);
  if (blocks.some(({ version }) => version > view.version)) throw new StaleReadError('The list has changed meanwhile.');
  return blocks;
}

/**
 * Splits the block of a place where it has grown, joins it where it has shrunk; undefined where it is well as it is. Of
 * a very large one the pieces may be large as well.
 */
async function shapeBlock(
  table: TableClient,
  view: ListView,
  place: Place,
  blocksOf: (part: number) => Promise<Block[]>,
): Promise<{ view: ListView; large?: readonly Place[] } | undefined> {
  const at = stretchOf(view.parts, place);
  const part = view.parts[at];
  const blocks = await blocksOf(at);
  const index = stretchOf(blocks, place);
  const block = blocks[index];
  if (!part || !block) return undefined;
  if (block.count > blockMembersMax) {
    const until = blocks[index + 1]?.from ?? view.parts[at + 1]?.from;
    const cut = cutUp(await countedPlaces(table, view, block, until), block.from, blockMembersMax / 2 + 1, piecesMax);
    const step = openStep(view);
    for (const [nth, each] of cut.entries()) step.putBlock(each, nth === 0 ? block : undefined);
    const changed = step.putPart({ ...part, blocks: part.blocks + cut.length - 1 }, part);
    const next = await step.commit(table, { parts: view.parts.with(at, changed) });
    return { view: next, large: cut.filter(({ count }) => count > blockMembersMax).map((large) => large.from) };
  }
  if (block.count >= blockMembersMin) return undefined;
  const [left, right] = index > 0 ? [blocks[index - 1], block] : [block, blocks[1]];
  if (!left || !right || left.count + right.count > blockMembersMax) return undefined;
  const step = openStep(view);
  step.putBlock({ from: left.from, count: left.count + right.count }, left);
  step.deleteBlock(right);
  const changed = step.putPart({ ...part, blocks: part.blocks - 1 }, part);
  return { view: await step.commit(table, { parts: view.parts.with(at, changed) }) };
}

async function splitPart(table: TableClient, view: ListView, part: Part): Promise<ListView> {
  const at = view.parts.indexOf(part);
  const blocks = await blocksIn(table, view, at);
  const halves = [blocks.slice(0, blocks.length >> 1), blocks.slice(blocks.length >> 1)];
  const step = openStep(view);
  const made = halves.map((half, index) => {
    const count = half.reduce((sum, each) => sum + each.count, 0);
    const from = half[0]?.from ?? part.from;
    return step.putPart({ from, count, blocks: half.length }, index === 0 ? part : undefined);
  });
  const isWhole = blocks.length === part.blocks && made.reduce((sum, { count }) => sum + count, 0) === part.count;
  if (!isWhole) throw new StaleReadError('The list has changed meanwhile.');
  return step.commit(table, { parts: view.parts.toSpliced(at, 1, ...made) });
}

async function joinPart(table: TableClient, view: ListView, part: Part): Promise<ListView> {
  const at = Math.max(1, view.parts.indexOf(part));
  const [left, right] = [view.parts[at - 1], view.parts[at]];
  if (!left || !right) throw new Error('A part of a list has no neighbour.');
  const step = openStep(view);
  step.deletePart(right);
  const joined = step.putPart(
    { from: left.from, count: left.count + right.count, blocks: left.blocks + right.blocks },
    left,
  );
  return step.commit(table, { parts: view.parts.toSpliced(at - 1, 2, joined) });
}

/** Cuts places that follow each other into blocks of at most so many, or else into as many as allowed. */
function cutUp(
  places: readonly Place[],
  from: Place,
  membersMax: number,
  blocksMax = Number.MAX_SAFE_INTEGER,
): Stretch[] {
  const pieces = Math.min(blocksMax, Math.max(1, Math.ceil(places.length / membersMax)));
  const cut: Stretch[] = [];
  for (let piece = 0; piece < pieces; piece += 1) {
    const start = Math.floor((piece * places.length) / pieces);
    const end = Math.floor(((piece + 1) * places.length) / pieces);
    const [before, first] = [places[start - 1], places[start]];
    cut.push({
      from: before === undefined || first === undefined ? from : shortestPlace(before, first),
      count: end - start,
    });
  }
  return cut;
}

/**
 * The places of a block, from the index.
 * @throws StaleReadError where it is not certain that the index shows what is counted: members come or go just now
 */
async function countedPlaces(table: TableClient, view: ListView, block: Block, until: Place | undefined) {
  const shown = await readPlaces(table, view, block.from, until);
  const after = await readListView(table, view.organizationId, view.order);
  const isInside = (place: Place) =>
    comparePlaces(place, block.from) >= 0 && (until === undefined || comparePlaces(place, until) < 0);
  const isMoving = after?.changes.some(({ added, removed }) => added.some(isInside) || removed.some(isInside));
  if (after?.version !== view.version || isMoving || shown.length !== block.count) {
    throw new StaleReadError('The list has changed meanwhile, or its counts are not those of the index.');
  }
  return shown;
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

/**
 * Counts a whole list for the first time, from the index. One builder at a time: it leaves its mark on the list, and
 * only what bears its mark becomes the first version.
 */
async function buildList(table: TableClient, list: List, now: Timestamp): Promise<void> {
  const begin = listKeys.begin(nameOf(list));
  // A transaction: sent again because its answer was lost, it is not refused for its own mark.
  const marking = new Transaction(keeper);
  marking.update(begin, { set: { version: 0, builtSince: now } }, [
    { field: 'version', is: 'absentOrBelow', value: 1, otherwise: 'retry' },
    { field: 'builtSince', is: 'absentOrBelow', value: now - buildPatienceMilliseconds, otherwise: 'retry' },
  ]);
  await table.commit(marking);
  const mark: Rule = { field: 'builtSince', is: 'equal', value: now, otherwise: 'retry' };
  try {
    await clearStretches(table, list);
    const known = await readListChanges(table, list.organizationId, list.order);
    const shown = await readPlaces(table, list);
    const places = placesBefore(shown, known, await readAllListChanges(table, list));
    if (!places) throw new StaleReadError('The list changed while it was counted.');
    await putFirstVersion(table, list, places, mark);
  } catch (error) {
    // The next builder need not wait; where the mark is another's, or this one was done after all, it stays.
    const unmarked = { type: 'update' as const, key: begin, set: {}, add: {}, remove: new Set(['builtSince']) };
    await table.update({ ...unmarked, rules: [mark] }).catch(() => undefined);
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
  const first = new Transaction(keeper);
  first.update(listKeys.begin(nameOf(list)), { set: { version: 1 }, remove: ['builtSince'] }, [rule]);
  first.put({ ...listKeys.until(nameOf(list)), version: 1 });
  await table.commit(first);
}

/** Every change of a list, read until two readings agree: one alone may miss one that comes before one it has seen. */
async function readAllListChanges(table: TableClient, { organizationId, order }: List): Promise<ListChange[]> {
  let changes = await readListChanges(table, organizationId, order);
  for (let reading = 1; reading < triesMax; reading += 1) {
    const again = await readListChanges(table, organizationId, order);
    if (again.map(({ id }) => id).join(' ') === changes.map(({ id }) => id).join(' ')) return again;
    changes = again;
  }
  throw new StaleReadError('The list changes faster than it can be read.');
}

/** Takes away what a builder has left that was stopped. */
async function clearStretches(table: TableClient, list: List): Promise<void> {
  for (const kind of ['listBlock', 'listPart'] as const) {
    const keys: ItemKey[] = [];
    for await (const { pk, sk } of table.queryAll({
      partition: partitionOf(kind, nameOf(list)),
      beginsWith: sortKeyPrefixOf(kind),
    })) {
      keys.push({ pk: String(pk), sk: String(sk) });
    }
    await table.deleteAll(keys);
  }
}

/** The items of the stretches of a list that holds these places. */
export function stretchItems(list: List, places: readonly Place[]): StoredItem[] {
  const blocks = cutUp(places, firstPlace, blockMembersAtFirst);
  const items: StoredItem[] = blocks.map(({ from, count }) => ({
    ...listKeys.block(nameOf(list), from),
    count,
    version: 1,
  }));
  for (let at = 0; at < blocks.length; at += partBlocksAtFirst) {
    const part = blocks.slice(at, at + partBlocksAtFirst);
    const count = part.reduce((sum, block) => sum + block.count, 0);
    items.push({ ...listKeys.part(nameOf(list), part[0]?.from ?? firstPlace), count, blocks: part.length, version: 1 });
  }
  return items;
}
