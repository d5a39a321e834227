import * as z from 'zod/mini';
import { hierarchy } from '../../../shared/dialects/hierarchy/envelope.ts';
import { accessStatuses } from '../../../shared/domain/access-log/access-entry.ts';
import { readAccessLog } from '../../../shared/domain/access-log/read-access-log.ts';
import { defineEndpoint } from '../../../shared/http/define-endpoint.ts';
import { isoMoment, lineOfText, pageCursor, queryInteger } from '../../../shared/http/fields.ts';
import { nextPageLink } from '../../../shared/http/next-page-link.ts';
import { respond } from '../../../shared/http/respond.ts';
import { serve } from '../../../shared/runtime/serve.ts';
import { AccessLogEntry, toAccessLogEntry } from './wire.ts';

/** Who did what in the organization, newest first. The header `Link` leads to the next page. */
export const endpoint = defineEndpoint(hierarchy, {
  operation: 'access_log.list',
  method: 'GET',
  path: '/orgs/{org_id}/access_log',
  summary: 'Read the access log',
  permission: 'logs:read',
  table: { actions: ['Query'] },
  request: {
    query: z.object({
      start: z.optional(isoMoment),
      end: z.optional(isoMoment),
      user: z.optional(lineOfText(1, 254)),
      action: z.optional(lineOfText(1, 100)),
      status: z.optional(z.enum(accessStatuses)),
      limit: queryInteger(1, 1_000, 100),
      cursor: z.optional(pageCursor),
    }),
  },
  responses: { 200: z.array(AccessLogEntry) },
  errors: [],
});

export const handler = serve(endpoint, {}, async ({ query, scope, work, exchange }) => {
  const { start, end, user, action, status, limit, cursor } = query;
  const page = await readAccessLog(work, scope, { start, end, user, action, status, limit, cursor });
  return respond(200, page.entries.map(toAccessLogEntry), { headers: nextPageLink(exchange, page.cursor) });
});
