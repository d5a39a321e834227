import type { Timestamp } from '../timestamp.ts';

/** Whose key, for which request. */
export interface IdempotencyKey {
  /** `user-<id>` or, for a credential, the `organization-<id>` that it belongs to. */
  readonly owner: string;
  /** A hash of method and path. */
  readonly endpoint: string;
  readonly keyHash: string;
  /** The moment of the request: what was to be kept until before it is there no more. */
  readonly at: Timestamp;
}

/** The answer that a key got. */
export interface IdempotencyRecord {
  readonly requestHash: string;
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** Null where the answer carried a secret; then `madeId` names what was made. */
  readonly body: string | null;
  readonly madeId: string | null;
}
