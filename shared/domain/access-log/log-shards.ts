import { hash } from 'node:crypto';
import { secondMilliseconds } from '../timestamp.ts';

/**
 * Over how many partitions an organization's day of the access log is spread. One partition takes a thousand writes a
 * second; no organization comes to half of that, not even in the first second of a rush.
 *
 * Nobody counts all requests of an organization: they come to hundreds of instances. Instead, one write in a few tells
 * a counter of that second, with the weight of those that it stands for. Whoever finds that the second is busier than
 * the partitions suit widens the spread, for all that follow: the number stands on the organization, which every
 * request reads. It only grows, so whoever reads that many partitions of any day has read everything.
 */

/**
 * What an organization begins with: enough for the requests that are under way before the first rush is noticed. Those
 * about sessions, which do not read the organization, keep to these: a person makes one an hour or so.
 */
export const logShardsAtFirst = 4;

/** The widest spread, for some fifty thousand requests a second. */
export const logShardsMax = 128;

/** So many writes a second are meant for one partition. Low, because news takes as long as a request. */
const writesPerShardAndSecond = 125;

/** What a second comes to is not guessed from less than a tenth of it. */
const shortestSampleMilliseconds = 100;

/** One write in so many is counted, for each partition that there is: the wider the spread, the rarer. */
const writesPerCountAndShard = 8;

const hashParts = (entryId: string): readonly [number, number] => {
  const digest = hash('sha256', entryId, 'buffer');
  return [digest.readUInt32BE(0), digest.readUInt32BE(4)];
};

/** The partition of the day that an entry goes to. */
export function logShardOf(entryId: string, shards: number): number {
  return hashParts(entryId)[0] % shards;
}

/** How many writes this one stands for in the count of its second; 0 for those that are not counted. */
export function countedWeightOf(entryId: string, shards: number): number {
  const weight = writesPerCountAndShard * shards;
  return hashParts(entryId)[1] % weight === 0 ? weight : 0;
}

/** The spread for a second with so many writes in so many milliseconds. */
export function shardsFor(writes: number, milliseconds: number): number {
  const sample = Math.min(secondMilliseconds, Math.max(shortestSampleMilliseconds, milliseconds));
  const writesPerSecond = (writes * secondMilliseconds) / sample;
  return Math.max(logShardsAtFirst, Math.min(logShardsMax, Math.ceil(writesPerSecond / writesPerShardAndSecond)));
}
