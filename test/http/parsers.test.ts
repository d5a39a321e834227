import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { DomainError } from '../../shared/domain/errors.ts';
import { readIdentifier } from '../../shared/domain/identifiers.ts';
import { readFormFile } from '../../shared/http/multipart.ts';
import { times } from '../support/extent.ts';
import { type ApiAnswer, type ApiRequest, openApi } from '../support/in-process-api.ts';
import { anOrganization, signedIn, somebody } from '../support/people-and-organizations.ts';
import { startTable, type TableUnderTest } from '../support/table-under-test.ts';

/** Whatever comes, a parser answers, or refuses in its own words; nothing else escapes from it. */
const longestMilliseconds = 60_000 * times;

/** A change to bytes: some are cut out, some put in. */
const damage = fc.record({
  at: fc.nat(999),
  cut: fc.nat(40),
  put: fc.oneof(
    fc.uint8Array({ maxLength: 12 }).map((bytes) => Buffer.from(bytes)),
    fc
      .constantFrom('\r\n', '\r\n\r\n', '--', '\r\n--form', '--form--', '"', '\\"', '; name=', '\0')
      .map((text) => Buffer.from(text)),
  ),
});

function damaged(bytes: Buffer, damages: readonly { at: number; cut: number; put: Buffer }[]): Buffer {
  return damages.reduce((whole, { at, cut, put }) => {
    const from = Math.min(at, whole.length);
    return Buffer.concat([whole.subarray(0, from), put, whole.subarray(from + cut)]);
  }, bytes);
}

describe('a form', () => {
  const type = 'multipart/form-data; boundary=form';
  const formOf = (bytes: Buffer) =>
    Buffer.concat([
      Buffer.from('--form\r\nContent-Disposition: form-data; name="file"; filename="a.png"\r\n\r\n'),
      bytes,
      Buffer.from('\r\n--form--\r\n'),
    ]);
  const refused = (read: () => Buffer): Buffer | undefined => {
    try {
      return read();
    } catch (error) {
      if (error instanceof DomainError) return undefined;
      throw error;
    }
  };

  test(
    'gives back what was put into it, whatever it was',
    () => {
      fc.assert(
        fc.property(fc.uint8Array({ maxLength: 300 }), (array) => {
          const bytes = Buffer.from(array);
          fc.pre(!bytes.includes('\r\n--form'));
          expect(readFormFile(formOf(bytes), type, 'file').equals(bytes)).toBe(true);
        }),
        { numRuns: 500 * times },
      );
    },
    longestMilliseconds,
  );

  test(
    'that is damaged is read or refused, and what is read stood in it',
    () => {
      fc.assert(
        fc.property(
          fc.uint8Array({ maxLength: 60 }),
          fc.array(damage, { minLength: 1, maxLength: 4 }),
          (array, damages) => {
            const body = damaged(formOf(Buffer.from(array)), damages);
            const file = refused(() => readFormFile(body, type, 'file'));
            if (file) expect(body.includes(file)).toBe(true);
          },
        ),
        { numRuns: 3_000 * times },
      );
    },
    longestMilliseconds,
  );

  test(
    'whose type is anything at all is read or refused',
    () => {
      const part = fc.constantFrom(
        'multipart/form-data',
        ';',
        ' ',
        'boundary',
        '=',
        '"',
        'form',
        'x'.repeat(80),
        '\\',
        ',',
        '\n',
      );
      fc.assert(
        fc.property(fc.array(part, { maxLength: 10 }), (parts) => {
          refused(() => readFormFile(formOf(Buffer.from('x')), parts.join(''), 'file'));
        }),
        { numRuns: 2_000 * times },
      );
    },
    longestMilliseconds,
  );

  // A parser that goes back and forth over it would take hours.
  test.each([
    ['of nothing but the beginnings of parts', '--form\r\n'],
    ['of nothing but line ends', '\r\n'],
    ['of nothing but names', ';name="\\"'],
    ['of nothing but boundaries that do not end', '\r\n--for'],
  ])('%s, two mebibytes of them, is refused in one pass', (_, piece) => {
    const body = Buffer.from(`--form\r\nContent-Disposition: form-data${piece.repeat(2_097_152 / piece.length)}`);
    expect(refused(() => readFormFile(body, type, 'file'))).toBeUndefined();
  });
});

describe('an id', () => {
  test(
    'is read as a number that exists as an id, or not at all',
    () => {
      const spelling = fc.oneof(
        fc.string(),
        fc.stringMatching(/^[0-9a-f]{24}$/),
        fc.uuid(),
        fc.stringMatching(/^(org-)?[0-9]{1,20}$/),
        fc.double().map(String),
      );
      fc.assert(
        fc.property(fc.constantFrom('organization', 'user', 'workspace', 'credential'), spelling, (kind, text) => {
          const read = readIdentifier(kind as 'user', text);
          if (typeof read === 'object') expect(Number.isSafeInteger(read.id) && read.id > 0).toBe(true);
        }),
        { numRuns: 5_000 * times },
      );
    },
    longestMilliseconds,
  );
});

describe('a cursor', () => {
  let table: TableUnderTest;
  let call: (request: ApiRequest) => Promise<ApiAnswer>;
  beforeAll(async () => {
    table = await startTable();
    call = await openApi();
  });
  afterAll(() => table?.stop());

  test(
    'that was damaged, or never given out, is followed or refused by its name',
    async () => {
      const owner = await somebody();
      const { id } = await anOrganization(owner);
      const headers = await signedIn(owner);
      const odd = fc.oneof(
        fc.string(),
        fc.uint8Array({ maxLength: 60 }).map((bytes) => Buffer.from(bytes).toString('base64url')),
        fc
          .tuple(fc.stringMatching(/^[0-9]{15,17}$/), fc.string({ unit: 'binary', maxLength: 40 }))
          .map(([moment, rest]) => Buffer.from(`${moment}#${rest}`).toString('base64url')),
        fc.constant(Buffer.from(`${'0'.repeat(16)}#${'x'.repeat(2_000)}`).toString('base64url')),
        fc.constant(Buffer.from(`${'9'.repeat(16)}#${'x'.repeat(2_000)}`).toString('base64url')),
        fc.constant(Buffer.from(`000${Date.now()}#${'x'.repeat(2_000)}`).toString('base64url')),
        fc.constant(Buffer.from(`000${Date.now()}#${randomBytes(8)}`).toString('base64url')),
      );
      await fc.assert(
        fc.asyncProperty(fc.constantFrom('access_log', 'children_audit'), odd, async (list, cursor) => {
          const query = new URLSearchParams({ cursor: cursor.toWellFormed() });
          const answer = await call({ method: 'GET', path: `/orgs/${id}/${list}?${query}`, headers });
          expect([200, 400], answer.text).toContain(answer.status);
          if (answer.status === 400) expect(Object.keys(answer.body.fields)).toEqual(['cursor']);
        }),
        { numRuns: 150 * times },
      );
    },
    longestMilliseconds,
  );
});
