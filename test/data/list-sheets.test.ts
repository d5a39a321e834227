import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Block, type Sheet, sheetsOf, sheetsWith, stretchesOn } from '../../shared/data/list-sheets.ts';

/** What may happen to the blocks of a list: to the one at a place between its first and its last. */
const change = fc.record({
  what: fc.constantFrom('count' as const, 'cut' as const, 'join' as const),
  where: fc.double({ min: 0, max: 0.999, noNaN: true }),
  pieces: fc.integer({ min: 2, max: 60 }),
});

const blocksOf = (count: number): Block[] =>
  Array.from({ length: count }, (_, at) => ({ from: at === 0 ? '' : place(at), count: 10 }));
const place = (at: number) => at.toFixed(9).padStart(16, '0');

function changed(
  blocks: readonly Block[],
  { what, where, pieces }: typeof change extends fc.Arbitrary<infer C> ? C : never,
) {
  const at = Math.floor(where * blocks.length);
  const block = blocks[at];
  if (!block) return [...blocks];
  if (what === 'count') return blocks.with(at, { ...block, count: block.count + 1 });
  if (what === 'join') return blocks.toSpliced(at + 1, 1);
  const [begin, end] = [Number(block.from), Number(blocks[at + 1]?.from ?? 1_000)];
  // Where there is no room for places of their own between the two, nothing is cut.
  if ((end - begin) / pieces < 1e-6) return [...blocks];
  const cut = Array.from({ length: pieces }, (_, piece) => ({
    from: piece === 0 ? block.from : place(begin + ((end - begin) * piece) / pieces),
    count: 1,
  }));
  return blocks.toSpliced(at, 1, ...cut);
}

const many = fc.tuple(fc.integer({ min: 1, max: 120 }), fc.array(change, { maxLength: 40 }));

describe('sheets', () => {
  test('hold the stretches that they are given, in order, however those change', () => {
    fc.assert(
      fc.property(many, ([count, changes]) => {
        let blocks = blocksOf(count);
        let sheets = sheetsOf(blocks, 1, 12);
        for (const [nth, each] of changes.entries()) {
          blocks = changed(blocks, each);
          sheets = sheetsWith(sheets, blocks, nth + 2);
          expect(stretchesOn(sheets)).toEqual(blocks);
          for (const { from, stretches } of sheets) {
            expect(stretches[0]?.from).toBe(from);
            expect(stretches.length).toBeLessThanOrEqual(16);
          }
        }
      }),
    );
  });

  test('are written only where one of their stretches has changed, or a neighbour had to join', () => {
    fc.assert(
      fc.property(many, ([count, changes]) => {
        let blocks = blocksOf(count);
        let sheets: Sheet<Block>[] = sheetsOf(blocks, 1, 12);
        for (const [nth, each] of changes.entries()) {
          const before = new Set(sheets);
          blocks = changed(blocks, each);
          sheets = sheetsWith(sheets, blocks, nth + 2);
          const written = sheets.filter((sheet) => !before.has(sheet));
          expect(written.every(({ version }) => version === nth + 2)).toBe(true);
          const most = { count: 1, cut: Math.ceil((16 + each.pieces) / 16) + 1, join: 1 }[each.what];
          expect(written.length).toBeLessThanOrEqual(most);
        }
      }),
    );
  });

  test('do not become many where stretches become few', () => {
    let blocks = blocksOf(1_000);
    let sheets = sheetsOf(blocks, 1, 12);
    for (let left = 1_000; left > 30; left -= 1) {
      blocks = changed(blocks, { what: 'join', where: ((left * 7_919) % 997) / 997, pieces: 2 });
      sheets = sheetsWith(sheets, blocks, 1_002 - left);
    }
    expect(sheets.length).toBeLessThan(10);
  });
});
