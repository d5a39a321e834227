import type { Timestamp } from '../timestamp.ts';

/** A signed-in device of a person. Tokens are kept as hashes only. */
export interface Session {
  readonly id: number;
  readonly userId: number;
  readonly accessHash: string;
  readonly accessExpiresAt: Timestamp;
  /** The access token that the last refresh replaced: requests under way with it still finish. */
  readonly previousAccessHash: string | null;
  readonly previousAccessExpiresAt: Timestamp | null;
  /** Hash of the refresh token's part that stays the same for the life of the session. */
  readonly familyHash: string;
  readonly refreshHash: string;
  readonly refreshExpiresAt: Timestamp;
  /** Equal to the user's, or the session is dead. */
  readonly epoch: number;
  readonly createdAt: Timestamp;
}
