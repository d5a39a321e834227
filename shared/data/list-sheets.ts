import { firstPlace, type Place, shortestPlace, stretchOf } from './list-place.ts';

/** A stretch of a list: from its place to that of the next. */
export interface Stretch {
  readonly from: Place;
  readonly count: number;
}

/** A stretch of some dozens of members. */
export type Block = Stretch;

/** A stretch of some dozens of blocks. */
export interface Part extends Stretch {
  readonly blocks: number;
}

/**
 * One item with some stretches that follow each other. What a query takes is mostly a matter of how many items it reads,
 * and a write of up to a kilobyte costs the same: so a hundred stretches are read as ten items, and written as cheaply as
 * each alone.
 */
export interface Sheet<Kind extends Stretch> {
  /** Where its first stretch begins. */
  readonly from: Place;
  /** Of the list, when the sheet was last written. */
  readonly version: number;
  readonly stretches: readonly Kind[];
}

const sheetStretchesMax = 16;
/** A sheet that has shrunk to fewer joins a neighbour, if there is room. */
const sheetStretchesMin = 4;

export function stretchesOn<Kind extends Stretch>(sheets: readonly Sheet<Kind>[]): Kind[] {
  return sheets.flatMap(({ stretches }) => stretches);
}

/** Sheets of so many stretches each, which follow each other. */
export function sheetsOf<Kind extends Stretch>(
  stretches: readonly Kind[],
  version: number,
  stretchesMax: number,
): Sheet<Kind>[] {
  return piecesOf(stretches, stretchesMax).map((own) => ({
    from: own[0]?.from ?? firstPlace,
    version,
    stretches: own,
  }));
}

/** As few pieces of at most so many as there can be, about as long as each other; or else as many as allowed. */
function piecesOf<Thing>(things: readonly Thing[], most: number, piecesMax = Number.MAX_SAFE_INTEGER): Thing[][] {
  const count = Math.min(piecesMax, Math.ceil(things.length / most));
  const start = (piece: number) => Math.floor((piece * things.length) / count);
  return Array.from({ length: count }, (_, piece) => things.slice(start(piece), start(piece + 1)));
}

/**
 * The sheets as they are with these stretches instead. A sheet none of whose stretches has changed is the same value;
 * any other is of the version given.
 */
export function sheetsWith<Kind extends Stretch>(
  sheets: readonly Sheet<Kind>[],
  stretches: readonly Kind[],
  version: number,
): Sheet<Kind>[] {
  const own = sheets.map((): Kind[] => []);
  for (const stretch of stretches) own[stretchOf(sheets, stretch.from)]?.push(stretch);
  const shrunk = new Set<Sheet<Kind>>();
  const written = sheets.flatMap((sheet, at) => {
    const { length } = sheet.stretches;
    const after = own[at] ?? [];
    if (after.length === length && after.every((stretch, nth) => stretch === sheet.stretches[nth])) return sheet;
    const made = sheetsOf(after, version, sheetStretchesMax);
    if (made[0] && after.length < Math.min(length, sheetStretchesMin)) shrunk.add(made[0]);
    return made;
  });
  const joined: Sheet<Kind>[] = [];
  for (const sheet of written) {
    const left = joined.at(-1);
    const both = left && [...left.stretches, ...sheet.stretches];
    if (left && both && both.length <= sheetStretchesMax && (shrunk.has(left) || shrunk.has(sheet))) {
      joined[joined.length - 1] = { from: left.from, version, stretches: both };
    } else {
      joined.push(sheet);
    }
  }
  return joined;
}

/** Blocks of at most so many of these places, which follow each other, or else as many as allowed. */
export function blocksOf(places: readonly Place[], from: Place, membersMax: number, blocksMax?: number): Block[] {
  if (places.length === 0) return [{ from, count: 0 }];
  return piecesOf(places, membersMax, blocksMax).map((own, at, pieces) => {
    const [before, first] = [pieces[at - 1]?.at(-1), own[0]];
    const isFirst = before === undefined || first === undefined;
    return { from: isFirst ? from : shortestPlace(before, first), count: own.length };
  });
}
