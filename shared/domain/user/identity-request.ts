import type { Timestamp } from '../timestamp.ts';

/** Who asked for a change of identity, and when: what its audit entries say, also those that are written later. */
export interface IdentityRequest {
  readonly authorEmail: string;
  readonly authorCredentialId: number | null;
  readonly requestId: string;
  readonly ip: string;
  readonly at: Timestamp;
}
