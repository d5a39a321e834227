import * as z from 'zod/mini';
import { type AccessEntry, accessStatuses } from '../../../shared/domain/access-log/access-entry.ts';
import { toOrgName } from '../../../shared/domain/identifiers.ts';
import { toIso } from '../../../shared/domain/timestamp.ts';

/** An entry of the access log. `user` is an email address or a credential's name; `path` is without the query. */
export const AccessLogEntry = z.object({
  id: z.string(),
  org_id: z.string(),
  timestamp: z.iso.datetime(),
  user: z.string(),
  action: z.string(),
  status: z.enum(accessStatuses),
  ip: z.string(),
  method: z.string(),
  path: z.string(),
  request_id: z.string(),
});

export function toAccessLogEntry(entry: AccessEntry): z.output<typeof AccessLogEntry> {
  return {
    id: entry.id,
    org_id: toOrgName(entry.organizationId),
    timestamp: toIso(entry.timestamp),
    user: entry.user,
    action: entry.action,
    status: entry.status,
    ip: entry.ip,
    method: entry.method,
    path: entry.path,
    request_id: entry.requestId,
  };
}
