import type { Work } from './work.ts';

/**
 * Does a unit of work, its commit included, and answers once everything that it had go on beside is at its end too.
 * @throws what the unit throws or, where nothing, what failed beside it
 */
export async function withBeside<Result>(unit: (beside: Work['beside']) => Promise<Result>): Promise<Result> {
  const begun: Promise<unknown>[] = [];
  try {
    const result = await unit((doing) => {
      begun.push(doing);
      // It is heard of at the end, however early it fails.
      doing.catch(() => undefined);
    });
    await Promise.all(begun);
    return result;
  } finally {
    // Nothing goes on behind a refusal, or into the next beginning.
    await Promise.allSettled(begun);
  }
}
