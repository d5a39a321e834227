import * as z from 'zod/mini';
import type { AuditEntry } from '../../../shared/domain/audit/audit-entry.ts';
import { auditActions, auditEntities } from '../../../shared/domain/changes.ts';
import { toOrgName } from '../../../shared/domain/identifiers.ts';
import { toIso } from '../../../shared/domain/timestamp.ts';

const changedFields = z.nullable(z.record(z.string(), z.unknown()));

/** One change. `old_data` and `new_data` hold the changed fields; null before an insert and after a delete. */
export const AuditTrailEntry = z.object({
  id: z.string(),
  org_id: z.string(),
  timestamp: z.iso.datetime(),
  admin: z.string(),
  credential: z.nullable(z.string()),
  action: z.enum(auditActions),
  entity: z.enum(auditEntities),
  entity_id: z.string(),
  old_data: changedFields,
  new_data: changedFields,
  ip: z.string(),
  request_id: z.string(),
});

export function toAuditTrailEntry(entry: AuditEntry): z.output<typeof AuditTrailEntry> {
  const isOrganization = entry.entityId === String(entry.organizationId);
  return {
    id: entry.id,
    org_id: toOrgName(entry.organizationId),
    timestamp: toIso(entry.timestamp),
    admin: entry.admin,
    credential: entry.credentialId === null ? null : String(entry.credentialId),
    action: entry.action,
    entity: entry.entity,
    entity_id: isOrganization ? toOrgName(entry.organizationId) : entry.entityId,
    old_data: entry.oldData,
    new_data: entry.newData,
    ip: entry.ip,
    request_id: entry.requestId,
  };
}
