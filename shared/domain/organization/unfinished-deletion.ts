import type { Author } from '../changes.ts';

/** An organization that was deleted and under which something may still live, and on whose behalf that is to go. */
export interface UnfinishedDeletion {
  readonly organizationId: number;
  readonly author: Author;
  readonly requestId: string;
  readonly ip: string;
}
