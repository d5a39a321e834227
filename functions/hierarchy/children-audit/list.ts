import * as z from 'zod/mini';
import { hierarchy } from '../../../shared/dialects/hierarchy/envelope.ts';
import { readAuditTrail } from '../../../shared/domain/audit/read-audit-trail.ts';
import { auditActions, auditEntities } from '../../../shared/domain/changes.ts';
import { defineEndpoint } from '../../../shared/http/define-endpoint.ts';
import { identifier, isoMoment, lineOfText, pageCursor, queryInteger } from '../../../shared/http/fields.ts';
import { nextPageLink } from '../../../shared/http/next-page-link.ts';
import { respond } from '../../../shared/http/respond.ts';
import { serve } from '../../../shared/runtime/serve.ts';
import { audit, organizations } from '../../../shared/runtime/stores.ts';
import { AuditTrailEntry, toAuditTrailEntry } from './wire.ts';

/** What was changed in the organization and in all below it, newest first. `Link` leads to the next page. */
export const endpoint = defineEndpoint(hierarchy, {
  operation: 'children_audit.list',
  method: 'GET',
  path: '/orgs/{org_id}/children_audit',
  summary: 'Read the audit trail of the organization and all below it',
  permission: 'logs:read',
  table: { actions: ['BatchGetItem', 'Query'] },
  request: {
    query: z.object({
      start: z.optional(isoMoment),
      end: z.optional(isoMoment),
      admin: z.optional(lineOfText(1, 254)),
      action: z.optional(z.enum(auditActions)),
      entity: z.optional(z.enum(auditEntities)),
      org_id: z.optional(identifier('organization')),
      limit: queryInteger(1, 1_000, 100),
      cursor: z.optional(pageCursor),
    }),
  },
  responses: { 200: z.array(AuditTrailEntry) },
  errors: [],
});

export const handler = serve(endpoint, { audit, organizations }, async ({ query, scope, work, exchange }) => {
  const { org_id: organizationId, start, end, admin, action, entity, limit, cursor } = query;
  const search = { organizationId, start, end, admin, action, entity, limit, cursor };
  const page = await readAuditTrail(work, scope, search);
  return respond(200, page.entries.map(toAuditTrailEntry), { headers: nextPageLink(exchange, page.cursor) });
});
