import type { Changes } from './changes.ts';
import type { Stores } from './stores.ts';
import type { Timestamp } from './timestamp.ts';

/** What a stage settles for the domain. */
export interface DomainSettings {
  readonly accessTokenSeconds: number;
  readonly refreshTokenSeconds: number;
  /** Whether anybody may register. */
  readonly isSignUpOpen: boolean;
  /** Where the links in mails lead; without a slash at the end. */
  readonly consoleUrl: string;
  /** Where uploaded avatars are served; without a slash at the end. */
  readonly avatarsUrl: string;
  /** Invitations an organization may send in a day. */
  readonly invitationsPerDayMax: number;
}

/** One unit of work: what it reads and writes with, the moment it happens, and its randomness. */
export interface Work {
  readonly stores: Stores;
  /** Committed by whoever opened the work, once its answer is known. */
  readonly changes: Changes;
  readonly settings: DomainSettings;
  /** The moment of the request: one for everything that it writes. */
  readonly now: Timestamp;
  readonly requestId: string;
  readonly ip: string;
  /** A fresh identifier (`identifiers.ts`). */
  newId(): number;
  randomBytes(count: number): Buffer;
  /**
   * Has something go on beside the commit, which need not wait for it. It is at its end before the answer leaves, or
   * before all begins anew; where it fails, so does the request.
   */
  beside(doing: Promise<unknown>): void;
}
