import type { Timestamp } from '../timestamp.ts';

/** Counts attempts on an address, known or not. */
export interface AttemptStore {
  /**
   * Takes one of the attempts that are left. Answers how long to wait where `failuresMax` have failed, and `busy` where
   * that many are under way.
   */
  reserve(
    subject: string,
    now: Timestamp,
    limit: { failuresMax: number; windowMilliseconds: number },
  ): Promise<{ outcome: 'reserved' } | { outcome: 'exhausted'; retryAfterSeconds: number } | { outcome: 'busy' }>;
  noteFailure(subject: string): Promise<void>;
  reset(subject: string): Promise<void>;
}
