import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readToken, secretBytesOf, type TokenPrefix, writeToken } from '../../shared/domain/access/tokens.ts';

const idCounts: Readonly<Record<TokenPrefix, number>> = { st: 2, rt: 2, ak: 3, id: 3, sk: 0, it: 2, lt: 2 };
const prefixes = Object.keys(idCounts) as TokenPrefix[];
const id = fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER });

describe('tokens', () => {
  test.each(prefixes)('%s_: what was written is read back', (prefix) => {
    fc.assert(
      fc.property(fc.array(id, { minLength: idCounts[prefix], maxLength: idCounts[prefix] }), (ids) => {
        const secret = randomBytes(secretBytesOf(prefix));
        const read = readToken(prefix, writeToken(prefix, { ids, secret }));
        expect(read?.ids).toEqual(ids);
        expect(read?.secret.equals(secret)).toBe(true);
      }),
    );
  });

  test.each(prefixes)('%s_: one flipped character is garbage', (prefix) => {
    const ids = Array.from({ length: idCounts[prefix] }, (_, at) => at + 1);
    const token = writeToken(prefix, { ids, secret: randomBytes(secretBytesOf(prefix)) });
    for (let at = 0; at < token.length; at += 1) {
      const flipped = token[at] === 'A' ? 'B' : 'A';
      expect(readToken(prefix, token.slice(0, at) + flipped + token.slice(at + 1))).toBeUndefined();
    }
  });

  test('a token of one kind is never one of another', () => {
    const secret = randomBytes(32);
    const session = writeToken('st', { ids: [1, 2], secret });
    const invitation = writeToken('it', { ids: [1, 2], secret });
    expect(readToken('it', session)).toBeUndefined();
    expect(readToken('it', session.replace('st_', 'it_'))).toBeUndefined();
    expect(readToken('st', invitation.replace('it_', 'st_'))).toBeUndefined();
  });

  test('arbitrary text is no token', () => {
    fc.assert(
      fc.property(fc.constantFrom(...prefixes), fc.string(), (prefix, text) => {
        expect(readToken(prefix, text)).toBeUndefined();
        expect(readToken(prefix, `${prefix}_${text}`)).toBeUndefined();
      }),
    );
  });
});
