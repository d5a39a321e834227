import type { IdempotencyKey, IdempotencyRecord } from '../domain/access/idempotency-key.ts';
import type { RateLimits } from '../domain/access/rate-limits.ts';
import type { Changes } from '../domain/changes.ts';
import type { Stores } from '../domain/stores.ts';
import type { DomainSettings } from '../domain/work.ts';
import type { Measurement } from './measurement.ts';

/** What the pipeline needs of the world; the composition root (`shared/runtime`) makes it. */
export interface PipelineServices {
  readonly stores: Stores;
  readonly settings: DomainSettings;
  readonly logger: Logger;
  readonly rateLimits: RateLimits;
  now(): number;
  randomBytes(count: number): Buffer;
  newId(): number;
  /** Opens an empty set of changes. */
  openChanges(author: { email: string; credentialId: number | null }): Changes;
  /**
   * Makes the changes true, with their audit entries and the record of their answer.
   * Waits until `patientUntil` while others hold what it changes.
   * @throws the refusal of a rule; what `isStaleRead` or `isAnsweredAlready` recognize; `unavailable`
   */
  commit(
    changes: Changes,
    context: { requestId: string; ip: string; now: number; countedAt?: number; patientUntil?: number },
    answer?: { key: IdempotencyKey; record: IdempotencyRecord },
  ): Promise<void>;
  /** The stored state moved under the request: begin anew. */
  isStaleRead(error: unknown): boolean;
  /** Another request with the same Idempotency-Key was first. */
  isAnsweredAlready(error: unknown): boolean;
}

/** One line of the log: words and numbers, never a person's data or a secret. */
export interface Logger {
  error(line: Readonly<Record<string, unknown>>): void;
  /** A line whose numbers become metrics of the stage. */
  measure(line: Readonly<Record<string, unknown>>, measurement: Measurement, level?: 'INFO' | 'ERROR'): void;
}
