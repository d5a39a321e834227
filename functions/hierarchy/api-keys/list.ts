import * as z from 'zod/mini';
import { hierarchy } from '../../../shared/dialects/hierarchy/envelope.ts';
import { defineEndpoint } from '../../../shared/http/define-endpoint.ts';
import { respond } from '../../../shared/http/respond.ts';
import { serve } from '../../../shared/runtime/serve.ts';
import { credentials } from '../../../shared/runtime/stores.ts';
import { ApiKey, toApiKey } from './wire.ts';

/** All API keys of the organization, the newest last. Expired ones stay until they are deleted. */
export const endpoint = defineEndpoint(hierarchy, {
  operation: 'api_key.list',
  method: 'GET',
  path: '/orgs/{org_id}/api_keys',
  summary: 'List the API keys',
  permission: 'credentials:write',
  table: { actions: ['Query'] },
  request: {},
  responses: { 200: z.array(ApiKey) },
  errors: [],
});

export const handler = serve(endpoint, { credentials }, async ({ scope, work }) => {
  const keys = await work.stores.credentials.list(scope);
  return respond(
    200,
    keys.map(({ credential, lastUsedAt }) => toApiKey(credential, lastUsedAt)),
  );
});
