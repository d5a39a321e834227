import type { MemberOrder } from '../domain/stores.ts';
import type { Timestamp } from '../domain/timestamp.ts';
import { listsCountedSince, uncountedMembersMax } from './list-changes.ts';
import * as listKeys from './list-keys.ts';
import { comparePlaces, firstPlace, orderKeyOf, type Place, placeOf, shortestPlace, stretchOf } from './list-place.ts';
import { type Block, type Part, type Sheet, type Stretch, sheetsOf, sheetsWith, stretchesOn } from './list-sheets.ts';
import { type ListChange, type ListView, readBlocks, readListChanges, readListView } from './list-view.ts';
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

const blockMembersMax = 32;
const blockMembersMin = 4;
const partBlocksMax = 128;
const partBlocksMin = 16;

/** How full stretches are when they are made, and what holds them. */
export interface Fill {
  readonly membersOfBlock: number;
  readonly blocksOfPart: number;
  readonly stretchesOfSheet: number;
}
const fillAtFirst: Fill = { membersOfBlock: 24, blocksOfPart: 96, stretchesOfSheet: 12 };

/** What a step may take of a transaction beside the two version items. */
const stepActionsMax = transactionActionsMax - 10;

/** Into how many one step cuts a block: what it writes are sheets of them. */
const piecesMax = 400;

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

/** What one step makes of a list. What is not named stays as it is. */
interface Step {
  readonly parts?: readonly Part[];
  /** Blocks of a part as they were read, and all of them as they are to be. */
  readonly blocks?: readonly (readonly [before: readonly Sheet<Block>[], after: readonly Block[]])[];
  /** Changes that are counted in, with what of each is not, if anything. */
  readonly counted?: readonly { readonly change: ListChange; readonly rest: ListChange | undefined }[];
}

/** Takes a list from a version to the next. Returns how it is afterwards. */
async function commitStep(table: TableClient, view: ListView, step: Step): Promise<ListView> {
  const list = nameOf(view);
  const version = view.version + 1;
  const transaction = new Transaction(keeper);
  for (const key of [listKeys.begin(list), listKeys.until(list)]) {
    transaction.update(key, { set: { version } }, asRead(view));
  }
  const sheets = step.parts ? sheetsWith(view.sheets, step.parts, version) : view.sheets;
  replaceSheets(transaction, view.sheets, sheets, (sheet) => partsItem(list, sheet));
  for (const [before, after] of step.blocks ?? []) {
    replaceSheets(transaction, before, sheetsWith(before, after, version), (sheet) => blocksItem(list, sheet));
  }
  for (const { change, rest } of step.counted ?? []) {
    const key = listKeys.change(list, change.id);
    if (!rest) transaction.delete(key, asLeft(change));
    else {
      const { added, removed, left } = rest;
      transaction.update(key, { set: { added, removed, left } }, asLeft(change));
    }
  }
  await table.commit(transaction);
  const counted = step.counted ?? [];
  const changes = [...counted.flatMap(({ rest }) => rest ?? []), ...view.changes.slice(counted.length)];
  return { ...view, version, sheets, parts: stretchesOn(sheets), changes };
}

function replaceSheets<Kind extends Stretch>(
  transaction: Transaction,
  before: readonly Sheet<Kind>[],
  after: readonly Sheet<Kind>[],
  itemOf: (sheet: Sheet<Kind>) => StoredItem,
): void {
  const old = new Map(before.map((sheet) => [sheet.from, sheet]));
  for (const sheet of after) {
    const replaced = old.get(sheet.from);
    old.delete(sheet.from);
    if (sheet !== replaced) transaction.put(itemOf(sheet), replaced ? asRead(replaced) : isNew);
  }
  for (const sheet of old.values()) transaction.delete(itemOf(sheet), asRead(sheet));
}

const partsItem = (list: listKeys.ListName, { from, version, stretches }: Sheet<Part>): StoredItem => ({
  ...listKeys.parts(list, from),
  version,
  parts: stretches,
});

const blocksItem = (list: listKeys.ListName, { from, version, stretches }: Sheet<Block>): StoredItem => ({
  ...listKeys.blocks(list, from),
  version,
  blocks: stretches,
});

/** Counts in as many changes as one transaction holds. */
async function countChanges(table: TableClient, view: ListView, touched: Set<Place>): Promise<ListView> {
  const sheetsOfPart = blocksReader(table, view);
  const parts = [...view.parts];
  const blocks = new Map<number, [before: readonly Sheet<Block>[], after: Block[]]>();
  const moved = new Set<Place>();
  const written = new Set<Sheet<Stretch> | undefined>();
  const counted: { change: ListChange; rest: ListChange | undefined }[] = [];
  const isFull = (more: number) => written.size + counted.length + more > stepActionsMax;

  /** Counts one place, if there is room for the sheets that it touches beside its own change. */
  async function count(place: Place, by: number): Promise<boolean> {
    const at = stretchOf(parts, place);
    const part = parts[at];
    const sheets = await sheetsOfPart(at);
    const [, after] = blocks.get(at) ?? [sheets, stretchesOn(sheets)];
    const index = stretchOf(after, place);
    const block = after[index];
    if (!part || !block) throw new StaleReadError('The list has changed meanwhile.');
    const touches = [view.sheets[stretchOf(view.sheets, part.from)], sheets[stretchOf(sheets, block.from)]];
    if (isFull(1 + touches.filter((sheet) => !written.has(sheet)).length)) return false;
    for (const sheet of touches) written.add(sheet);
    parts[at] = { ...part, count: part.count + by };
    after[index] = { ...block, count: block.count + by };
    blocks.set(at, [sheets, after]);
    moved.add(block.from);
    return true;
  }

  for (const change of view.changes) {
    if (isFull(1)) break;
    const [removed, added] = [[...change.removed], [...change.added]];
    while (removed[0] !== undefined && (await count(removed[0], -1))) removed.shift();
    if (removed.length === 0) while (added[0] !== undefined && (await count(added[0], 1))) added.shift();
    const left = removed.length + added.length;
    if (left > 0 && left === change.left) break;
    counted.push({ change, rest: left === 0 ? undefined : { id: change.id, added, removed, left } });
    if (left > 0) break;
  }

  const next = await commitStep(table, view, { parts, blocks: [...blocks.values()], counted });
  for (const from of moved) touched.add(from);
  return next;
}

/** Reads the blocks of each part of a view once. @throws StaleReadError where they are not those of the view */
function blocksReader(table: TableClient, view: ListView): (part: number) => Promise<Sheet<Block>[]> {
  const known = new Map<number, Sheet<Block>[]>();
  return async (part) => {
    const sheets = known.get(part) ?? (await readBlocks(table, view, part));
    if (!sheets) throw new StaleReadError('The list has changed meanwhile.');
    known.set(part, sheets);
    return sheets;
  };
}

/**
 * Splits the block of a place where it has grown, joins it where it has shrunk; undefined where it is well as it is. Of
 * a very large one the pieces may be large as well.
 */
async function shapeBlock(
  table: TableClient,
  view: ListView,
  place: Place,
  sheetsOfPart: (part: number) => Promise<Sheet<Block>[]>,
): Promise<{ view: ListView; large?: readonly Place[] } | undefined> {
  const at = stretchOf(view.parts, place);
  const part = view.parts[at];
  const sheets = await sheetsOfPart(at);
  const blocks = stretchesOn(sheets);
  const index = stretchOf(blocks, place);
  const block = blocks[index];
  if (!part || !block) return undefined;
  const put = (after: readonly Block[]) =>
    commitStep(table, view, {
      parts: view.parts.with(at, { ...part, blocks: after.length }),
      blocks: [[sheets, after]],
    });
  if (block.count > blockMembersMax) {
    const until = blocks[index + 1]?.from ?? view.parts[at + 1]?.from;
    const cut = cutUp(await countedPlaces(table, view, block, until), block.from, blockMembersMax / 2 + 1, piecesMax);
    const next = await put(blocks.toSpliced(index, 1, ...cut));
    return { view: next, large: cut.filter(({ count }) => count > blockMembersMax).map((large) => large.from) };
  }
  if (block.count >= blockMembersMin) return undefined;
  const first = Math.max(0, index - 1);
  const [left, right] = [blocks[first], blocks[first + 1]];
  if (!left || !right || left.count + right.count > blockMembersMax) return undefined;
  return { view: await put(blocks.toSpliced(first, 2, { from: left.from, count: left.count + right.count })) };
}

/** Between two of its sheets, none of which is written. */
async function splitPart(table: TableClient, view: ListView, part: Part): Promise<ListView> {
  const at = view.parts.indexOf(part);
  const sheets = await blocksReader(table, view)(at);
  const half = sheets.length >> 1;
  const parts = [sheets.slice(0, half), sheets.slice(half)].map((own): Part => {
    const blocks = stretchesOn(own);
    const count = blocks.reduce((sum, each) => sum + each.count, 0);
    return { from: own[0]?.from ?? part.from, count, blocks: blocks.length };
  });
  return commitStep(table, view, { parts: view.parts.toSpliced(at, 1, ...parts) });
}

async function joinPart(table: TableClient, view: ListView, part: Part): Promise<ListView> {
  const at = Math.max(1, view.parts.indexOf(part));
  const [left, right] = [view.parts[at - 1], view.parts[at]];
  if (!left || !right) throw new Error('A part of a list has no neighbour.');
  const joined = { from: left.from, count: left.count + right.count, blocks: left.blocks + right.blocks };
  return commitStep(table, view, { parts: view.parts.toSpliced(at - 1, 2, joined) });
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
  for (const kind of ['listBlocks', 'listParts'] as const) {
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
export function stretchItems(list: List, places: readonly Place[], fill: Fill = fillAtFirst): StoredItem[] {
  const name = nameOf(list);
  const blocks = cutUp(places, firstPlace, fill.membersOfBlock);
  const parts: Part[] = [];
  const items: StoredItem[] = [];
  for (let at = 0; at < blocks.length; at += fill.blocksOfPart) {
    const own = blocks.slice(at, at + fill.blocksOfPart);
    const count = own.reduce((sum, block) => sum + block.count, 0);
    parts.push({ from: own[0]?.from ?? firstPlace, count, blocks: own.length });
    items.push(...sheetsOf(own, 1, fill.stretchesOfSheet).map((sheet) => blocksItem(name, sheet)));
  }
  items.push(...sheetsOf(parts, 1, fill.stretchesOfSheet).map((sheet) => partsItem(name, sheet)));
  return items;
}
