import { dayMilliseconds, type Timestamp } from '../timestamp.ts';

/** How long what was deleted, an organization or a person, can be brought back; then it is erased. */
export const restorableMilliseconds = 30 * dayMilliseconds;

/** Something that was deleted, and when; whether it still is shows what is stored. */
export interface Deletion {
  readonly kind: 'organization' | 'user';
  readonly id: number;
  readonly deletedAt: Timestamp;
}
