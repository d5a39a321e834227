import * as z from 'zod/mini';
import { hierarchy } from '../../../shared/dialects/hierarchy/envelope.ts';
import { invalidField } from '../../../shared/domain/errors.ts';
import { defineEndpoint } from '../../../shared/http/define-endpoint.ts';
import { queryInteger } from '../../../shared/http/fields.ts';
import { respond } from '../../../shared/http/respond.ts';
import { serve } from '../../../shared/runtime/serve.ts';
import { organizations } from '../../../shared/runtime/stores.ts';
import { HierarchyOrganization, toHierarchyOrganization } from '../organizations/wire.ts';

/** A function's answer has at most 6 MiB. */
const pageBytesMax = 6_000_000;

/** So many always fit, each with 64 KiB of customizations, which are twice as long where all of it is escaped. */
const childrenThatFit = 40;

/** The organizations right below, by name. */
export const endpoint = defineEndpoint(hierarchy, {
  operation: 'child.list',
  method: 'GET',
  path: '/orgs/{org_id}/children',
  summary: 'List the child organizations',
  permission: 'organization:read',
  table: { actions: ['BatchGetItem'], indexes: ['inOrderOfName'] },
  request: {
    query: z.object({ page: queryInteger(1, Number.MAX_SAFE_INTEGER, 1), limit: queryInteger(1, 100, 25) }),
  },
  responses: {
    200: z.object({ children: z.array(HierarchyOrganization), page: z.int(), limit: z.int(), total: z.int() }),
  },
  errors: [],
});

export const handler = serve(endpoint, { organizations }, async ({ query: { page, limit }, scope, work }) => {
  const total = scope.organization.counters.children;
  const found = await work.stores.organizations.children(scope, { offset: (page - 1) * limit, limit, total });
  const children = found.map(toHierarchyOrganization);
  // A function's answer is sent as JSON inside JSON.
  if (children.length > childrenThatFit && Buffer.byteLength(JSON.stringify(JSON.stringify(children))) > pageBytesMax) {
    throw invalidField('limit', 'The customizations of so many are too large for one page: ask for fewer.');
  }
  return respond(200, { children, page, limit, total });
});
