import { describe, expect, test } from 'vitest';
import type { Caller } from '../../../shared/domain/access/caller.ts';
import { type CountedRequests, type RateStanding, rateLimits } from '../../../shared/domain/access/rate-limits.ts';
import { minuteMilliseconds } from '../../../shared/domain/timestamp.ts';

const aSession = (id: number) => ({ kind: 'session', session: { id } }) as Caller;
const aKey = (id: number) => ({ kind: 'credential', credential: { id } }) as Caller;
const limits = { session: 100, credential: 500 };
const minute = 29_000_000;
const now = minute * minuteMilliseconds;

/** What the table counts, told by instances that serve one request after the other. */
function tableOf(instances: readonly ReturnType<typeof rateLimits>[]) {
  let counted: CountedRequests | undefined;
  let writes = 0;
  return {
    writes: () => writes,
    counted: () => counted?.requests ?? 0,
    ask(instance: number, caller: Caller, at = now): RateStanding | undefined {
      const standing = instances[instance]?.take(caller, counted, at);
      if (standing?.unsettled) {
        const { minute: told, requests } = standing.unsettled;
        counted = { minute: told, requests: requests + (counted?.minute === told ? counted.requests : 0) };
        writes += 1;
      }
      return standing;
    },
  };
}

describe('one instance', () => {
  test.each([
    ['a session', aSession(1), 100],
    ['an API key', aKey(1), 500],
  ])('lets %s make exactly as many requests as it may', (_, caller, limit) => {
    for (const first of [0, 0.5, 0.999]) {
      const table = tableOf([rateLimits(limits, () => first)]);
      for (let request = 1; request <= limit; request += 1) {
        expect(table.ask(0, caller)).toMatchObject({ isExceeded: false, limit, remaining: limit - request });
      }
      expect(table.ask(0, caller)).toMatchObject({ isExceeded: true, limit, remaining: 0 });
      expect(table.writes()).toBeLessThanOrEqual(limit / 20 + 1);
    }
  });

  test('writes once at most in any twenty requests, and not at all for those that it refuses', () => {
    for (const first of [0, 0.3, 0.999]) {
      const instance = rateLimits(limits, () => first);
      const settles = Array.from({ length: 400 }, () => (instance.take(aKey(1), undefined, now)?.unsettled ? 1 : 0));
      for (let from = 0; from + 20 <= settles.length; from += 1) {
        expect(settles.slice(from, from + 20).reduce<number>((sum, settled) => sum + settled, 0)).toBeLessThan(2);
      }
      const full = { minute, requests: 500 };
      for (let request = 0; request < 40; request += 1)
        expect(instance.take(aKey(1), full, now)).toMatchObject({ isExceeded: true, unsettled: undefined });
    }
  });

  test('counts each credential by itself, a session and a key of the same number too', () => {
    const table = tableOf([rateLimits({ session: 2, credential: 2 }, () => 0.999)]);
    for (const caller of [aSession(1), aSession(2), aKey(1), aKey(2)]) {
      expect([1, 2, 3].map(() => table.ask(0, caller)?.isExceeded)).toEqual([false, false, true]);
    }
  });

  test('begins anew with each minute of the clock, and says how long that is', () => {
    const table = tableOf([rateLimits({ session: 3, credential: 3 }, () => 0)]);
    const ask = (milliseconds: number) => table.ask(0, aSession(1), now + milliseconds);
    expect([ask(0), ask(1), ask(500)].map((standing) => standing?.secondsLeft)).toEqual([60, 60, 60]);
    expect(ask(12_345)).toMatchObject({ isExceeded: true, secondsLeft: 48 });
    expect(ask(59_999)).toMatchObject({ isExceeded: true, secondsLeft: 1 });
    expect(ask(60_000)).toMatchObject({ isExceeded: false, remaining: 2, secondsLeft: 60 });
  });

  test('limits nothing where there is no limit', () => {
    const instance = rateLimits({ session: undefined, credential: 1 }, () => 0);
    expect(instance.take(aSession(1), { minute, requests: 1_000 }, now)).toBeUndefined();
    expect(instance.take(aKey(1), undefined, now)).toMatchObject({ isExceeded: false });
  });
});

describe('several instances', () => {
  test.each([2, 4, 10, 50])(
    '%i share the limit: none refuses too early, and together they are off by 19 each at most',
    (count) => {
      for (const seed of [1, 2, 3, 4, 5]) {
        let state = seed;
        const random = () => {
          state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
          return state / 2_147_483_648;
        };
        const table = tableOf(Array.from({ length: count }, () => rateLimits(limits, random)));
        let passed = 0;
        for (let request = 0; request < 5_000; request += 1) {
          const standing = table.ask(Math.floor(random() * count), aSession(1));
          if (standing?.isExceeded) expect(passed).toBeGreaterThanOrEqual(100);
          else passed += 1;
        }
        expect(passed).toBeGreaterThanOrEqual(100);
        expect(passed).toBeLessThanOrEqual(100 + 19 * (count - 1));
      }
    },
  );

  test('a credential that is spread thinly is seen as well, at one write in twenty requests', () => {
    let state = 7;
    const random = () => {
      state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
      return state / 2_147_483_648;
    };
    let writes = 0;
    let counted = 0;
    for (let round = 0; round < 200; round += 1) {
      const table = tableOf(Array.from({ length: 40 }, () => rateLimits({ session: 1e9, credential: 1e9 }, random)));
      for (let request = 0; request < 400; request += 1) table.ask(request % 40, aSession(1));
      writes += table.writes();
      counted += table.counted();
    }
    expect(writes / (200 * 400)).toBeLessThan(1 / 19);
    // Ten requests to each instance: half of the instances have told of five or six.
    expect(counted / (200 * 400)).toBeGreaterThan(0.2);
  });
});
