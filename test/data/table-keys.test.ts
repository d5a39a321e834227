import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type ItemKindName, itemKinds, keyOf, paddedNumber } from '../../shared/data/table.ts';

const kinds = Object.keys(itemKinds) as ItemKindName[];
const namesIn = (kind: ItemKindName) =>
  [...`${itemKinds[kind].pk} ${itemKinds[kind].sk}`.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => name);

const part = fc.oneof(
  fc.nat(),
  fc.string({ maxLength: 12 }),
  fc.constantFrom('ORG', '#', 'ORG#1', 'USED', '1#USED', 'x#ORG', '%23', 'MEMBER#'),
);

const anyKey = fc
  .constantFrom(...kinds)
  .chain((kind) =>
    fc.record(Object.fromEntries(namesIn(kind).map((name) => [name, part]))).map((parts) => ({ kind, parts })),
  );

describe('the keys of the table', () => {
  test('no two kinds, and no two things of one kind, can share a key, whatever their parts hold', () => {
    fc.assert(
      fc.property(anyKey, anyKey, (one, other) => {
        const [first, second] = [keyOf(one.kind, one.parts as never), keyOf(other.kind, other.parts as never)];
        if (first.pk !== second.pk || first.sk !== second.sk) return;
        expect(one.kind).toBe(other.kind);
        const texts = ({ parts }: typeof one) =>
          Object.values(parts).map((value) => (typeof value === 'number' ? paddedNumber(value) : value));
        expect(texts(one)).toEqual(texts(other));
      }),
      { numRuns: 5_000 },
    );
  });

  test('no value can inject a separator', () => {
    fc.assert(
      fc.property(anyKey, ({ kind, parts }) => {
        const { pk, sk } = keyOf(kind, parts as never);
        const separators = (text: string) => text.split('#').length;
        expect(separators(pk)).toBe(separators(itemKinds[kind].pk));
        expect(separators(sk)).toBe(separators(itemKinds[kind].sk));
      }),
    );
  });

  test('every item begins with its organization, or says why it does not', () => {
    const exceptions = kinds.filter((kind) => !/^[A-Z]+#\{organization\}/.test(itemKinds[kind].pk));
    for (const kind of exceptions) {
      const { outsideTenant } = itemKinds[kind] as { outsideTenant?: string };
      expect(outsideTenant, kind).toBeTruthy();
    }
  });

  test('padded numbers sort as numbers do', () => {
    const number = fc.integer({ min: 0, max: Number.MAX_SAFE_INTEGER });
    fc.assert(
      fc.property(number, number, (one, other) => {
        expect(paddedNumber(one) < paddedNumber(other)).toBe(one < other);
      }),
    );
  });
});
