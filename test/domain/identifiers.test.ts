import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  type IdentifierKind,
  identifierKinds,
  newIdentifier,
  readIdentifier,
  toHex24,
  toOrgName,
  toUuid,
} from '../../shared/domain/identifiers.ts';

const kind = fc.constantFrom(...(Object.keys(identifierKinds) as IdentifierKind[]));
const id = fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER });

describe('identifiers', () => {
  test('every spelling reads back as the number it was made from', () => {
    fc.assert(
      fc.property(kind, id, (of, number) => {
        for (const spelled of [number, String(number), toUuid(of, number), toHex24(of, number)]) {
          expect(readIdentifier(of, spelled)).toEqual({ id: number });
        }
        expect(readIdentifier(of, toUuid(of, number).toUpperCase())).toEqual({ id: number });
        expect(readIdentifier('organization', toOrgName(number))).toEqual({ id: number });
      }),
    );
  });

  test('the UUID is a version 8 UUID of RFC 9562, the other spelling has 24 hex digits', () => {
    fc.assert(
      fc.property(kind, id, (of, number) => {
        expect(toUuid(of, number)).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
        expect(toHex24(of, number)).toMatch(/^[0-9a-f]{24}$/);
      }),
    );
  });

  test('a spelling of another kind is the id of something that does not exist', () => {
    fc.assert(
      fc.property(kind, kind, id, (one, other, number) => {
        fc.pre(one !== other);
        expect(readIdentifier(other, toUuid(one, number))).toBe('unknown');
        expect(readIdentifier(other, toHex24(one, number))).toBe('unknown');
      }),
    );
    expect(readIdentifier('user', 'org-5')).toBe('unknown');
  });

  test('one changed digit makes a spelling unknown', () => {
    fc.assert(
      fc.property(kind, id, fc.nat(23), fc.integer({ min: 1, max: 15 }), (of, number, at, by) => {
        const spelled = toHex24(of, number);
        const digit = ((Number.parseInt(spelled[at] ?? '0', 16) + by) % 16).toString(16);
        expect(readIdentifier(of, spelled.slice(0, at) + digit + spelled.slice(at + 1))).toBe('unknown');
      }),
    );
  });

  test.each([
    '',
    'x',
    '-1',
    '0',
    '1.5',
    ' 1',
    '1e3',
    '00012',
    '9007199254740992',
    'org-',
    'org-0',
    -1,
    0,
    1.5,
    Number.NaN,
  ])('%j is no spelling at all', (spelled) => {
    expect(readIdentifier('organization', spelled)).toBe('malformed');
  });

  test('new identifiers are safe integers that grow with time', () => {
    const early = Date.UTC(2026, 0, 1);
    const late = Date.UTC(2090, 0, 1);
    fc.assert(
      fc.property(
        fc.integer({ min: early, max: late }),
        fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
        (now, random) => {
          const made = newIdentifier(now, random);
          expect(Number.isSafeInteger(made) && made > 0).toBe(true);
          expect(newIdentifier(now + 1, 0)).toBeGreaterThan(made);
        },
      ),
    );
  });
});
