import type { Timestamp } from '../domain/timestamp.ts';
import { buildList, listKeeper, readPlaces } from './list-builder.ts';
import { listsCountedSince, uncountedMembersMax } from './list-changes.ts';
import type { List } from './list-keys.ts';
import * as listKeys from './list-keys.ts';
import { comparePlaces, type Place, stretchOf } from './list-place.ts';
import { type Block, blocksOf, type Part, type Sheet, type Stretch, sheetsWith, stretchesOn } from './list-sheets.ts';
import { blocksItem, type ListChange, type ListView, partsItem, readBlocks, readListView } from './list-view.ts';
import { memberOrders } from './order-keys.ts';
import { keyOf } from './table.ts';
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

/** What a step may take of a transaction beside the two version items. */
const stepActionsMax = transactionActionsMax - 10;

/** Into how many one step cuts a block: what it writes are sheets of them. */
const piecesMax = 400;

/** How many steps one run makes, and how often one is tried that another keeper, or a change, has come before. */
const stepsMax = 2_000;
const triesMax = 20;
const pauseMillisecondsMax = 100;

/** Begins to count the lists of an organization once it has too many members to do without; goes on where it stopped. */
export async function keepLists(table: TableClient, organizationId: number, now: Timestamp): Promise<void> {
  const key = keyOf('organization', { organization: organizationId });
  const lists = memberOrders.map((order) => ({ organizationId, order }));
  const [organization, ...begins] = await table.get([key, ...lists.map((list) => listKeys.begin(list))]);
  if (!organization || Number(organization.members) <= uncountedMembersMax) return;
  if (organization[listsCountedSince] === undefined) await beginToCount(table, organizationId, now);
  for (const [at, list] of lists.entries()) {
    const isBuilt = Number(begins[at]?.version ?? 0) > 0;
    if (!isBuilt) await keepList(table, list, now);
  }
}

/** From here on, whoever changes a membership leaves a note of it in the lists. */
export async function beginToCount(table: TableClient, organizationId: number, now: Timestamp): Promise<void> {
  await table.update(keyOf('organization', { organization: organizationId }), { set: { [listsCountedSince]: now } }, [
    { field: 'pk', is: 'present', otherwise: 'retry' },
  ]);
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
  let view = await readListView(table, list);
  if (!view) {
    const [organization] = await table.get([keyOf('organization', { organization: list.organizationId })]);
    if (organization?.[listsCountedSince] === undefined) return;
    await buildList(table, list, now);
    view = await readListView(table, list);
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
      view = await readListView(table, list);
    }
  }
}

/**
 * The next thing to do with a list, and the view after it; undefined where there is nothing to do. First of all what has
 * changed is counted in; `touched` are places whose blocks are to be looked at then.
 */
async function takeStep(table: TableClient, view: ListView, touched: Set<Place>): Promise<ListView | undefined> {
  if (view.changes.length > 0) return countChanges(table, view, touched);
  const sheetsOfPart = blocksReader(table, view);
  for (const place of touched) {
    const shaped = await shapeBlock(table, view, place, sheetsOfPart);
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
  const version = view.version + 1;
  const transaction = new Transaction(listKeeper);
  for (const key of [listKeys.begin(view), listKeys.until(view)]) {
    transaction.update(key, { set: { version } }, asRead(view));
  }
  const sheets = step.parts ? sheetsWith(view.sheets, step.parts, version) : view.sheets;
  replaceSheets(transaction, view.sheets, sheets, (sheet) => partsItem(view, sheet));
  for (const [before, after] of step.blocks ?? []) {
    replaceSheets(transaction, before, sheetsWith(before, after, version), (sheet) => blocksItem(view, sheet));
  }
  for (const { change, rest } of step.counted ?? []) {
    const key = listKeys.change(view, change.id);
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
    const cut = blocksOf(
      await countedPlaces(table, view, block, until),
      block.from,
      blockMembersMax / 2 + 1,
      piecesMax,
    );
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

/**
 * The places of a block, from the index.
 * @throws StaleReadError where it is not certain that the index shows what is counted: members come or go just now
 */
async function countedPlaces(table: TableClient, view: ListView, block: Block, until: Place | undefined) {
  const shown = await readPlaces(table, view, block.from, until);
  const after = await readListView(table, view);
  const isInside = (place: Place) =>
    comparePlaces(place, block.from) >= 0 && (until === undefined || comparePlaces(place, until) < 0);
  const isMoving = after?.changes.some(({ added, removed }) => added.some(isInside) || removed.some(isInside));
  if (after?.version !== view.version || isMoving || shown.length !== block.count) {
    throw new StaleReadError('The list has changed meanwhile, or its counts are not those of the index.');
  }
  return shown;
}
