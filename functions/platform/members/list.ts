import * as z from 'zod/mini';
import { platform, succeeded, successOf } from '../../../shared/dialects/platform/envelope.ts';
import { defineEndpoint } from '../../../shared/http/define-endpoint.ts';
import { respond } from '../../../shared/http/respond.ts';
import { serve } from '../../../shared/runtime/serve.ts';
import { memberLists, workspaces } from '../../../shared/runtime/stores.ts';
import { PageQuery, Pagination, toPagination } from '../pages.ts';
import { PlatformMember, toPlatformMember } from './wire.ts';

/** So many workspaces are read beside the members, in place of only those that the members name after them. */
const workspacesBesideMax = 200;

const offsetOf = (query: { readonly page: number; readonly per_page: number }) => (query.page - 1) * query.per_page;

/** The members of the organization in order of joining, with the exact total. */
export const endpoint = defineEndpoint(platform, {
  operation: 'member.list',
  method: 'GET',
  path: '/api/organizations/{organizationId}/members',
  summary: 'Get all members of an organization with pagination',
  permission: 'members:read',
  table: { actions: ['BatchGetItem', 'Query'], indexes: ['inOrderOfJoining'] },
  request: { query: z.object(PageQuery) },
  opensMembers: (query) => ({ order: 'joining', offset: offsetOf(query) }),
  responses: { 200: z.extend(successOf(z.array(PlatformMember)), { pagination: Pagination }) },
  errors: [],
});

export const handler = serve(endpoint, { memberLists, workspaces }, async ({ query, exchange, scope, work }) => {
  const { page, per_page: perPage } = query;
  const { members: total, workspaces: workspacesTotal } = scope.organization.counters;
  const isFew = workspacesTotal <= workspacesBesideMax;
  const [members, beside] = await Promise.all([
    work.stores.memberLists.page(scope, {
      order: 'joining',
      descending: false,
      offset: offsetOf(query),
      limit: perPage,
      total,
      list: exchange.openedList,
    }),
    workspacesTotal > 0 && isFew ? work.stores.workspaces.list(scope) : [],
  ]);
  const named = new Set(isFew ? [] : members.flatMap(({ workspaces }) => workspaces));
  const workspaces = isFew ? beside : await work.stores.workspaces.getMany(scope, [...named]);
  const present = new Set(workspaces.map(({ id }) => id));
  const data = members.map((member) => toPlatformMember(member, (id) => present.has(id)));
  return respond(200, {
    ...succeeded('All Organization Members', data),
    pagination: toPagination(page, perPage, total),
  });
});
