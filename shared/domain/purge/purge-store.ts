import type { Timestamp } from '../timestamp.ts';
import type { Deletion } from './deletion.ts';

/** What was deleted is noted by the stores that delete; here it is erased. */
export interface PurgeStore {
  /** What was deleted until then, and is not forgotten yet. */
  due(until: Timestamp): AsyncIterable<Deletion>;
  /**
   * Erases an organization and all that is its own, but its audit trail and what ends by its time to live. Yields after
   * each step how many items that took; may be left at any step, and begun again.
   */
  eraseOrganization(id: number): AsyncIterable<number>;
  /** Erases a person with sessions, memberships and, in the same write, the claim on the address; likewise. */
  eraseUser(id: number): AsyncIterable<number>;
  forget(deletion: Deletion): Promise<void>;
}
