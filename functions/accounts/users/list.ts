import * as z from 'zod/mini';
import { accounts } from '../../../shared/dialects/accounts/envelope.ts';
import type { MemberOrder } from '../../../shared/domain/member/member-list-store.ts';
import type { Membership } from '../../../shared/domain/member/membership.ts';
import { askedEmail } from '../../../shared/domain/user/user.ts';
import { defineEndpoint } from '../../../shared/http/define-endpoint.ts';
import { queryFlag, queryInteger } from '../../../shared/http/fields.ts';
import { respond } from '../../../shared/http/respond.ts';
import { serve } from '../../../shared/runtime/serve.ts';
import { memberLists, members } from '../../../shared/runtime/stores.ts';
import { AccountUser, toAccountUser } from './wire.ts';

/** By what users can be sorted, and which order of members that is. */
const orders = {
  created_on: 'joining',
  name: 'name',
  email: 'email',
  role: 'role',
} as const satisfies Record<string, MemberOrder>;

const pageSizeByDefault = 25;

/** How many are found at most. */
const foundMax = 100;

const pageSizeOf = (query: { readonly page_size: number }) => query.page_size || pageSizeByDefault;

/** A page of the account's users in any order, with the exact total; or of those whose address begins so, in its order. */
export const endpoint = defineEndpoint(accounts, {
  operation: 'user.list',
  method: 'GET',
  path: '/organizations/{organization_id}/users',
  summary: 'Get the list of users in an account',
  permission: 'members:read',
  table: {
    actions: ['Query'],
    indexes: ['inOrderOfJoining', 'inOrderOfName', 'inOrderOfEmail', 'inOrderOfRole'],
  },
  request: {
    query: z.object({
      page_number: queryInteger(0, Number.MAX_SAFE_INTEGER, 0),
      // Zero, as in the published page's example, asks for the default.
      page_size: queryInteger(0, 100, pageSizeByDefault),
      sort_by: z._default(z.enum(Object.keys(orders) as (keyof typeof orders)[]), 'created_on'),
      sort_ascending: queryFlag(true),
      search: z.optional(z.string().check(z.minLength(1), z.maxLength(254))),
    }),
  },
  opensMembers: (query) =>
    query.search === undefined
      ? { order: orders[query.sort_by], offset: query.page_number * pageSizeOf(query) }
      : undefined,
  responses: {
    200: z.object({
      content: z.array(AccountUser),
      page_number: z.int(),
      page_size: z.int(),
      total_elements: z.int(),
      total_pages: z.int(),
    }),
  },
  errors: [],
});

export const handler = serve(endpoint, { memberLists, members }, async ({ query, exchange, scope, work }) => {
  const limit = pageSizeOf(query);
  const offset = query.page_number * limit;
  if (query.search !== undefined) {
    const found = await work.stores.members.findByEmailPrefix(scope, askedEmail(query.search), foundMax);
    return respond(200, toPage(found.slice(offset, offset + limit), query, found.length));
  }
  const total = scope.organization.counters.members;
  const listed = await work.stores.memberLists.page(scope, {
    order: orders[query.sort_by],
    descending: !query.sort_ascending,
    offset,
    limit,
    total,
    list: exchange.openedList,
  });
  return respond(200, toPage(listed, query, total));
});

function toPage(
  listed: readonly Membership[],
  query: { readonly page_number: number; readonly page_size: number },
  total: number,
) {
  const size = pageSizeOf(query);
  return {
    content: listed.map(toAccountUser),
    page_number: query.page_number,
    page_size: size,
    total_elements: total,
    total_pages: Math.ceil(total / size),
  };
}
