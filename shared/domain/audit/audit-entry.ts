import type { AuditChange, AuditEntity } from '../changes.ts';
import type { Timestamp } from '../timestamp.ts';

/** One change of one thing, as the audit trail tells it. */
export interface AuditEntry extends AuditChange {
  /** The same in the organization's own trail and in those of the organizations above it. */
  readonly id: string;
  readonly timestamp: Timestamp;
  /** The email address of who did it; of its maker, where a credential did. */
  readonly admin: string;
  readonly credentialId: number | null;
  readonly ip: string;
  readonly requestId: string;
}

/** What a reader of the trail may ask for. Times are inclusive. */
export interface AuditQuery {
  readonly start: Timestamp;
  readonly end: Timestamp;
  /** Any of these: the spellings of one address. */
  readonly admins?: readonly string[] | undefined;
  readonly action?: AuditChange['action'] | undefined;
  readonly entity?: AuditEntity | undefined;
  /** What was changed in this organization. */
  readonly organizationId?: number | undefined;
  readonly limit: number;
  readonly cursor?: string | undefined;
}

/** Entries, newest first, and where the next page begins. */
export interface AuditPage {
  readonly entries: readonly AuditEntry[];
  readonly cursor: string | undefined;
}

/** What one request changed in one organization: that much is kept together. */
export interface AuditRecordName {
  readonly organizationId: number;
  readonly timestamp: Timestamp;
  readonly requestId: string;
}
