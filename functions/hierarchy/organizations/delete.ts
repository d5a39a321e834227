import * as z from 'zod/mini';
import { hierarchy } from '../../../shared/dialects/hierarchy/envelope.ts';
import { deleteOrganization } from '../../../shared/domain/organization/delete-organization.ts';
import { defineEndpoint } from '../../../shared/http/define-endpoint.ts';
import { queryFlag } from '../../../shared/http/fields.ts';
import { requireMatch } from '../../../shared/http/require-match.ts';
import { respond } from '../../../shared/http/respond.ts';
import { serve } from '../../../shared/runtime/serve.ts';
import { organizations } from '../../../shared/runtime/stores.ts';

/** Deletes the organization; with `cascade` everything below it too, within seconds. */
export const endpoint = defineEndpoint(hierarchy, {
  operation: 'organization.delete',
  method: 'DELETE',
  path: '/orgs/{org_id}',
  summary: 'Delete an organization',
  permission: 'organization:delete',
  table: { actions: ['PutItem', 'UpdateItem', 'DeleteItem'] },
  request: { query: z.object({ cascade: queryFlag(false) }) },
  responses: { 200: z.object({ message: z.string() }) },
  errors: ['has_children', 'precondition_failed'],
});

export const handler = serve(endpoint, { organizations }, async ({ query, ifMatch, scope, work }) => {
  requireMatch(ifMatch, scope.organization);
  deleteOrganization(work, scope, query);
  return respond(200, { message: 'Organization deleted successfully' });
});
