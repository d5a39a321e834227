import { hierarchy } from '../../../shared/dialects/hierarchy/envelope.ts';
import { defineEndpoint } from '../../../shared/http/define-endpoint.ts';
import { respond } from '../../../shared/http/respond.ts';
import { serve } from '../../../shared/runtime/serve.ts';
import { organizations } from '../../../shared/runtime/stores.ts';
import { Tags } from './wire.ts';

/** The tags of the organization, in the order in which they were put. */
export const endpoint = defineEndpoint(hierarchy, {
  operation: 'tags.read',
  method: 'GET',
  path: '/orgs/{org_id}/tags',
  summary: 'Retrieve the tags',
  permission: 'organization:read',
  table: { actions: ['BatchGetItem'] },
  request: {},
  responses: { 200: Tags },
  errors: [],
});

export const handler = serve(endpoint, { organizations }, async ({ scope, work }) => {
  const { tags } = await work.stores.organizations.tags(scope);
  return respond(200, tags);
});
