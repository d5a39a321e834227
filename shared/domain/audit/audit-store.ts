import type { Tenant } from '../access/tenant.ts';
import type { AuditPage, AuditQuery, AuditRecordName } from './audit-entry.ts';

export interface AuditStore {
  /** What was changed in the organization and, copied to it, in those below. */
  trail(tenant: Tenant, query: AuditQuery): Promise<AuditPage>;
  /** Puts copies of a record into the trails of these organizations. Doing it again changes nothing. */
  copyTo(record: AuditRecordName, organizationIds: readonly number[]): Promise<void>;
}
