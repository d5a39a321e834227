import * as z from 'zod/mini';
import { hierarchy } from '../../../shared/dialects/hierarchy/envelope.ts';
import { readConsumption } from '../../../shared/domain/consumption/read-consumption.ts';
import { defineEndpoint } from '../../../shared/http/define-endpoint.ts';
import { pageCursor, queryFlag } from '../../../shared/http/fields.ts';
import { nextPageLink } from '../../../shared/http/next-page-link.ts';
import { respond } from '../../../shared/http/respond.ts';
import { serve } from '../../../shared/runtime/serve.ts';
import { consumption, organizations, usage } from '../../../shared/runtime/stores.ts';
import { Consumption, toConsumption } from './wire.ts';

/** What the organization consumed in a month, as the rollup has counted it. `Link` leads to the next page of adjustments. */
export const endpoint = defineEndpoint(hierarchy, {
  operation: 'consumption.read',
  method: 'GET',
  path: '/orgs/{org_id}/consumption',
  summary: 'Read the consumption of a month',
  permission: 'consumption:read',
  table: { actions: ['BatchGetItem', 'Query'] },
  request: {
    query: z.object({
      month: z.optional(z.string().check(z.regex(/^\d{4}-(?:0[1-9]|1[0-2])$/, 'Must be a month as YYYY-MM.'))),
      include_children: queryFlag(false),
      cursor: z.optional(pageCursor),
    }),
  },
  responses: { 200: Consumption },
  errors: [],
});

export const handler = serve(
  endpoint,
  { consumption, organizations, usage },
  async ({ query, scope, work, exchange }) => {
    const { month, include_children: includeChildren, cursor } = query;
    const read = await readConsumption(work, scope, { month, includeChildren, cursor });
    return respond(200, toConsumption(read), { headers: nextPageLink(exchange, read.cursor) });
  },
);
