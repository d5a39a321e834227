import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { keyOf } from '../../shared/data/table.ts';
import { RecordExistsError } from '../../shared/data/table-client.ts';
import { type PutWrite, type Rule, StaleReadError, Transaction } from '../../shared/data/transaction.ts';
import { DomainError, type DomainErrorCode } from '../../shared/domain/errors.ts';
import { services } from '../../shared/runtime/services.ts';
import { tableUnderTest } from '../support/api-under-test.ts';

await tableUnderTest();

const nobody = { email: '', credentialId: null };
let links = 0;
const freshKey = () => keyOf('link', { link: ++links });

async function outcome(transaction: Transaction): Promise<unknown> {
  try {
    await services().table.commit(transaction);
    return 'committed';
  } catch (error) {
    return error instanceof DomainError ? error.code : error;
  }
}

const value = fc.constantFrom<number | string | boolean | null>(-1, 0, 1, 2, 'a', 'b', true, false, null);
const number = fc.integer({ min: -1, max: 2 });
const field = fc.constantFrom('one', 'two');

/** Rules as stores write them: an ordering is asked of numbers only. */
function rule(otherwise: DomainErrorCode): fc.Arbitrary<Rule> {
  return fc.oneof(
    fc.record({ field, otherwise: fc.constant(otherwise), is: fc.constantFrom('present' as const, 'absent' as const) }),
    fc.record({
      field,
      otherwise: fc.constant(otherwise),
      is: fc.constantFrom('equal' as const, 'different' as const),
      value,
    }),
    fc.record({
      field: fc.constant('count'),
      otherwise: fc.constant(otherwise),
      is: fc.constantFrom('atLeast' as const, 'atMost' as const, 'below' as const),
      value: number,
    }),
    fc.record({
      field: fc.constant('count'),
      otherwise: fc.constant(otherwise),
      is: fc.constant('absentOrBelow' as const),
      value: number,
    }),
    fc.record({
      field: fc.constant('count'),
      otherwise: fc.constant(otherwise),
      is: fc.constant('oneOf' as const),
      values: fc.array(number, { minLength: 1, maxLength: 3 }),
    }),
  ) as fc.Arbitrary<Rule>;
}

/** The meaning of a rule, said a second time. */
function isKept(check: Rule, stored: Record<string, unknown>): boolean {
  const found = stored[check.field];
  const known = found !== undefined;
  switch (check.is) {
    case 'present':
      return known;
    case 'absent':
      return !known;
    case 'equal':
      return known && found === check.value;
    case 'different':
      return !known || found !== check.value;
    case 'atLeast':
      return known && Number(found) >= Number(check.value);
    case 'atMost':
      return known && Number(found) <= Number(check.value);
    case 'below':
      return known && Number(found) < Number(check.value);
    case 'absentOrBelow':
      return !known || Number(found) < check.value;
    case 'oneOf':
      return check.values.includes(found as number);
  }
}

describe('a transaction', () => {
  test('refuses with the error of the first rule that the stored item breaks, as the engine sees it', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.record({ one: value, two: value, count: number }, { requiredKeys: [] }),
        rule('last_owner'),
        rule('already_member'),
        async (stored, first, second) => {
          const key = freshKey();
          const written = new Transaction(nobody);
          written.put({ ...key, ...stored });
          expect(await outcome(written)).toBe('committed');
          const checked = new Transaction(nobody);
          checked.check(key, [first, second]);
          const expected = !isKept(first, stored)
            ? 'last_owner'
            : !isKept(second, stored)
              ? 'already_member'
              : 'committed';
          expect(await outcome(checked)).toBe(expected);
        },
      ),
      { numRuns: 300 },
    );
  });

  test('is all or nothing', async () => {
    const [one, other] = [freshKey(), freshKey()];
    const transaction = new Transaction(nobody);
    transaction.put({ ...one, a: 1 });
    transaction.check(other, [{ field: 'pk', is: 'present', otherwise: 'user_not_found' }]);
    expect(await outcome(transaction)).toBe('user_not_found');
    expect(await services().table.get([one])).toEqual([undefined]);
  });

  test('joins the updates of one item, adding up what they add', async () => {
    const key = freshKey();
    const transaction = new Transaction(nobody);
    transaction.update(key, { add: { count: 2 }, set: { name: 'a' } });
    transaction.update(key, { add: { count: 3 }, remove: ['gone'] });
    expect(transaction.size).toBe(1);
    expect(await outcome(transaction)).toBe('committed');
    expect(await services().table.get([key])).toMatchObject([{ count: 5, name: 'a' }]);
  });

  test('that adds up to nothing still holds its rules', async () => {
    const key = freshKey();
    const made = new Transaction(nobody);
    made.put({ ...key, kind: 'link', count: 1 });
    await services().table.commit(made);
    const oneMoreAndOneFewer = (count: number) => {
      const transaction = new Transaction(nobody);
      transaction.update(key, { add: { count: 1 } }, [
        { field: 'count', is: 'equal', value: count, otherwise: 'last_owner' },
      ]);
      transaction.update(key, { add: { count: -1 } });
      return outcome(transaction);
    };
    expect(await oneMoreAndOneFewer(2)).toBe('last_owner');
    expect(await oneMoreAndOneFewer(1)).toBe('committed');
    expect(await services().table.get([key])).toEqual([{ ...key, kind: 'link', count: 1 }]);
  });

  test('two writes to one item that cannot join are a programming error', () => {
    const key = freshKey();
    const transaction = new Transaction(nobody);
    transaction.put({ ...key });
    expect(() => transaction.delete(key)).toThrow(TypeError);
  });

  test('with a rule that says retry, asks to begin anew', async () => {
    const transaction = new Transaction(nobody);
    transaction.check(freshKey(), [{ field: 'pk', is: 'present', otherwise: 'retry' }]);
    expect(await outcome(transaction)).toBeInstanceOf(StaleReadError);
  });

  test('of a hundred that add to one item at once none is lost', async () => {
    const key = freshKey();
    const outcomes = await Promise.all(
      Array.from({ length: 100 }, () => {
        const transaction = new Transaction(nobody);
        transaction.update(key, { add: { count: 1 } });
        return outcome(transaction);
      }),
    );
    expect(new Set(outcomes)).toEqual(new Set(['committed']));
    expect(await services().table.get([key])).toMatchObject([{ count: 100 }]);
  });

  test('that is to be the first under its record fails as such when the record exists', async () => {
    const record: PutWrite = {
      type: 'put',
      item: { ...keyOf('idempotencyRecord', { owner: 'user-1', endpoint: 'POST /x', key: 'k' }), status: 200 },
      rules: [{ field: 'pk', is: 'absent', otherwise: 'retry' }],
    };
    const first = new Transaction(nobody);
    first.put({ ...freshKey() });
    await services().table.commit(first, [], record);
    const second = new Transaction(nobody);
    second.check(freshKey(), [{ field: 'pk', is: 'present', otherwise: 'user_not_found' }]);
    await expect(services().table.commit(second, [], record)).rejects.toBeInstanceOf(RecordExistsError);
  });
});
