import type { Permission } from '../access/permissions.ts';
import type { Timestamp } from '../timestamp.ts';

/** An API key, which is a service account too: it acts for its maker inside one organization. */
export interface Credential {
  readonly id: number;
  readonly organizationId: number;
  readonly makerId: number;
  readonly name: string;
  readonly permissions: readonly Permission[];
  readonly secretHash: string;
  /** The secret before the last rotation, while it still works. */
  readonly previousSecretHash: string | null;
  readonly previousSecretExpiresAt: Timestamp | null;
  readonly expiresAt: Timestamp | null;
  readonly createdAt: Timestamp;
}
