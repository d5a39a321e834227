import type { Timestamp } from '../timestamp.ts';

/** Something that was deleted, and when; whether it still is shows what is stored. */
export interface Deletion {
  readonly kind: 'organization' | 'user';
  readonly id: number;
  readonly deletedAt: Timestamp;
}
