import type { Timestamp } from '../domain/timestamp.ts';

/** The pause before the next beginning: up to twice as long each time, so that a hundred at once spread out. */
const pauseMilliseconds = 10;
const pauseMillisecondsMax = 1_280;

/** How long to go on. */
export interface Patience {
  /** Whether an error says that others came first, so that another beginning may go well. */
  readonly isMoved: (error: unknown) => boolean;
  readonly now: () => Timestamp;
  /** Nothing begins after this. */
  readonly until: Timestamp;
}

/**
 * Does something, and does all of it anew where what it read has changed before it could write. What happens between
 * reading and writing must bear being repeated.
 * @param begin Told how often it has begun before: 0, then 1 …
 * @throws what the last beginning threw
 */
export async function beginAnew<Result>(
  begin: (before: number) => Promise<Result>,
  { isMoved, now, until }: Patience,
): Promise<Result> {
  for (let before = 0; ; before += 1) {
    try {
      return await begin(before);
    } catch (error) {
      const pause = Math.random() * Math.min(pauseMilliseconds * 2 ** before, pauseMillisecondsMax);
      if (!isMoved(error) || now() + pause > until) throw error;
      await new Promise((resolve) => setTimeout(resolve, pause));
    }
  }
}
