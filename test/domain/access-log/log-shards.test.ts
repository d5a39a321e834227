import { describe, expect, it } from 'vitest';
import {
  countedWeightOf,
  logShardOf,
  logShardsAtFirst,
  logShardsMax,
  shardsFor,
} from '../../../shared/domain/access-log/log-shards.ts';

/** What is asked of a partition at most, in any second. */
const writesPerSecondMax = 500;

interface Load {
  /** Requests a second, second by second. */
  readonly requestsPerSecond: readonly number[];
  /** How long a request takes: it reads the spread at its beginning and writes its entry at its end. */
  readonly requestMilliseconds: readonly [number, number];
  /** How long a count, and then the wider spread, takes to be true. */
  readonly writeMilliseconds: number;
}

/** A number in [0, 1) that is the same in every run. */
function randomNumbers(): () => number {
  let state = 0x2545f491;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

/** Plays the requests of one organization through the code that spreads its log. Times in milliseconds. */
function simulate({ requestsPerSecond, requestMilliseconds: [shortest, longest], writeMilliseconds }: Load) {
  const random = randomNumbers();
  const writes: { at: number; begun: number; id: string }[] = [];
  for (const [second, requests] of requestsPerSecond.entries()) {
    for (let number = 0; number < requests; number += 1) {
      const begun = second * 1_000 + random() * 1_000;
      writes.push({ at: begun + shortest + random() * (longest - shortest), begun, id: `${second}-${number}` });
    }
  }
  writes.sort((one, other) => one.at - other.at);
  // The spread as it was from which moment on.
  const spreads = [{ since: Number.NEGATIVE_INFINITY, shards: logShardsAtFirst }];
  const spreadAt = (moment: number) => spreads.findLast(({ since }) => since <= moment)?.shards ?? logShardsAtFirst;
  const counts = new Map<number, number>();
  const perKey = new Map<string, number>();
  let counted = 0;
  for (const { at, begun, id } of writes) {
    const shards = spreadAt(begun);
    const key = `${Math.floor(at / 1_000)} ${logShardOf(id, shards)}`;
    perKey.set(key, (perKey.get(key) ?? 0) + 1);
    const weight = countedWeightOf(id, shards);
    if (weight === 0) continue;
    counted += 1;
    // An entry's second is that of the request's beginning.
    const second = Math.floor(begun / 1_000);
    counts.set(second, (counts.get(second) ?? 0) + weight);
    const wanted = shardsFor(counts.get(second) ?? 0, at - second * 1_000);
    const present = spreads.at(-1)?.shards ?? logShardsAtFirst;
    if (wanted > present) spreads.push({ since: at + 2 * writeMilliseconds, shards: wanted });
  }
  return { hottest: Math.max(...perKey.values()), shards: spreads.at(-1)?.shards, writes: writes.length, counted };
}

describe('an organization with ten thousand requests a second', () => {
  it.each([
    ['from one moment to the next', [0, ...Array(5).fill(10_000)], [10, 60]],
    ['from one moment to the next, slow', [0, ...Array(5).fill(10_000)], [50, 150]],
    ['growing over seconds', [100, 500, 1_000, 2_000, 5_000, 10_000, 10_000], [10, 60]],
    ['in bursts', [10_000, 0, 10_000, 1, 10_000], [10, 60]],
  ] as const)('puts at most 500 writes a second on one partition, %s', (_, requestsPerSecond, requestMilliseconds) => {
    const { hottest, shards } = simulate({ requestsPerSecond, requestMilliseconds, writeMilliseconds: 8 });
    expect(hottest).toBeLessThanOrEqual(writesPerSecondMax);
    expect(shards).toBeGreaterThanOrEqual(10_000 / writesPerSecondMax);
  });

  it('costs few counts: less than one in a hundred writes, once it is noticed', () => {
    const { counted, writes } = simulate({
      requestsPerSecond: Array(5).fill(10_000),
      requestMilliseconds: [10, 60],
      writeMilliseconds: 8,
    });
    expect(counted / writes).toBeLessThan(0.01);
  });
});

it('three times as many requests, once they have come slowly, fit as well', () => {
  const requestsPerSecond = [1_000, 5_000, 10_000, 20_000, 30_000, 30_000];
  const { hottest, shards } = simulate({ requestsPerSecond, requestMilliseconds: [10, 60], writeMilliseconds: 8 });
  expect(hottest).toBeLessThanOrEqual(writesPerSecondMax);
  expect(shards).toBe(logShardsMax);
});

it('an organization of a few requests a second keeps the spread that it began with', () => {
  const { shards, counted, writes } = simulate({
    requestsPerSecond: Array.from({ length: 3_600 }, (_, second) => (second % 60 === 0 ? 40 : 3)),
    requestMilliseconds: [5, 500],
    writeMilliseconds: 8,
  });
  expect(shards).toBe(logShardsAtFirst);
  expect(counted / writes).toBeLessThan(0.05);
});

it('spreads evenly', () => {
  const shards = 40;
  const counts = new Map<number, number>();
  for (let at = 0; at < 40_000; at += 1) {
    const shard = logShardOf(`request-${at}`, shards);
    counts.set(shard, (counts.get(shard) ?? 0) + 1);
  }
  expect(counts.size).toBe(shards);
  expect(Math.max(...counts.values())).toBeLessThan(1_200);
  expect(Math.min(...counts.values())).toBeGreaterThan(800);
});

it('counts, in the mean, every write once', () => {
  for (const shards of [4, 40]) {
    let sum = 0;
    for (let at = 0; at < 200_000; at += 1) sum += countedWeightOf(`request-${at}`, shards);
    expect(sum / 200_000).toBeGreaterThan(0.9);
    expect(sum / 200_000).toBeLessThan(1.1);
  }
});
