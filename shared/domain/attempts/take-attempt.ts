import { DomainError } from '../errors.ts';
import { minuteMilliseconds } from '../timestamp.ts';
import type { Work } from '../work.ts';

/** So many wrong passwords for one address in so long a time, and every further attempt is refused. */
const limit = { failuresMax: 5, windowMilliseconds: 15 * minuteMilliseconds };

/** As many attempts may be under way at once as may still fail. Others wait for their turn, this long at most. */
const patienceMilliseconds = 2_000;
const pauseMilliseconds = 50;

/**
 * Takes one of the attempts at a password that an address has left, known or not, the right password included. The
 * attempt has to end with `attempts.noteFailure` or `attempts.reset`.
 * @throws `too_many_attempts` with the time to wait
 */
export async function takeAttempt(work: Work, email: string): Promise<void> {
  for (let waited = 0; ; waited += pauseMilliseconds) {
    const taken = await work.stores.attempts.reserve(email, work.now + waited, limit);
    if (taken.outcome === 'reserved') return;
    if (taken.outcome === 'exhausted') {
      throw new DomainError('too_many_attempts', { retryAfterSeconds: taken.retryAfterSeconds });
    }
    if (waited >= patienceMilliseconds) throw new DomainError('too_many_attempts', { retryAfterSeconds: 1 });
    await new Promise((resolve) => setTimeout(resolve, pauseMilliseconds));
  }
}
