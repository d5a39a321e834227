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
  const pieces = Math.ceil(stretches.length / stretchesMax);
  return Array.from({ length: pieces }, (_, piece) => {
    const [start, end] = [piece, piece + 1].map((at) => Math.floor((at * stretches.length) / pieces));
    const own = stretches.slice(start, end);
    return { from: own[0]?.from ?? firstPlace, version, stretches: own };
  });
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

/** Cuts places that follow each other into blocks of at most so many, or else into as many as allowed. */
export function cutUp(
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
