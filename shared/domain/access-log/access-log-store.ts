import type { Tenant } from '../access/tenant.ts';
import type { Timestamp } from '../timestamp.ts';
import type { AccessEntry, AccessLogPage, AccessLogQuery } from './access-entry.ts';

export interface AccessLogStore {
  /**
   * Durable when it returns. `shards`: over how many partitions each organization's day is spread; it becomes more for
   * the next entries where these show that it is too few (`log-shards.ts`).
   */
  append(entries: readonly { entry: AccessEntry; shards: number }[], use?: CredentialUse): Promise<void>;
  list(tenant: Tenant, shards: number, query: AccessLogQuery): Promise<AccessLogPage>;
}

/** A use of a credential, kept to the hour. */
export interface CredentialUse {
  readonly organizationId: number;
  readonly credentialId: number;
  readonly at: Timestamp;
}
