import * as z from 'zod/mini';
import { organizationAdmin, succeeded, successOf } from '../../../shared/dialects/organization-admin/envelope.ts';
import { defineEndpoint } from '../../../shared/http/define-endpoint.ts';
import { queryInteger } from '../../../shared/http/fields.ts';
import { respond } from '../../../shared/http/respond.ts';
import { serve } from '../../../shared/runtime/serve.ts';
import { memberLists } from '../../../shared/runtime/stores.ts';
import { AdminMember, toAdminMember } from './wire.ts';

const offsetOf = (query: { readonly page: number; readonly limit: number }) => (query.page - 1) * query.limit;

/** The members of the organization in order of joining, with the exact total. */
export const endpoint = defineEndpoint(organizationAdmin, {
  operation: 'member.list',
  method: 'GET',
  path: '/clients/v1/organization-admin/members/list',
  summary: 'List members',
  permission: 'members:read',
  table: { actions: ['Query'], indexes: ['inOrderOfJoining'] },
  request: {
    query: z.object({ page: queryInteger(1, Number.MAX_SAFE_INTEGER, 1), limit: queryInteger(1, 100, 10) }),
  },
  opensMembers: (query) => ({ order: 'joining', offset: offsetOf(query) }),
  responses: {
    200: successOf(
      z.object({
        members: z.array(AdminMember),
        meta: z.object({ page: z.int(), limit: z.int(), total: z.int(), total_pages: z.int() }),
      }),
    ),
  },
  errors: [],
});

export const handler = serve(endpoint, { memberLists }, async ({ query, exchange, scope, work }) => {
  const { page, limit } = query;
  const total = scope.organization.counters.members;
  const members = await work.stores.memberLists.page(scope, {
    order: 'joining',
    descending: false,
    offset: offsetOf(query),
    limit,
    total,
    list: exchange.openedList,
  });
  return respond(
    200,
    succeeded('List of members retrieved successfully.', {
      members: members.map(toAdminMember),
      meta: { page, limit, total, total_pages: Math.ceil(total / limit) },
    }),
  );
});
