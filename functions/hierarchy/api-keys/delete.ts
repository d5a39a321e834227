import { hierarchy } from '../../../shared/dialects/hierarchy/envelope.ts';
import { deleteCredential } from '../../../shared/domain/credential/delete-credential.ts';
import { defineEndpoint } from '../../../shared/http/define-endpoint.ts';
import { respond } from '../../../shared/http/respond.ts';
import { serve } from '../../../shared/runtime/serve.ts';
import { credentials, organizations } from '../../../shared/runtime/stores.ts';
import { ApiKeyPath } from './wire.ts';

/** Deletes an API key; from then on it is answered 401. */
export const endpoint = defineEndpoint(hierarchy, {
  operation: 'api_key.delete',
  method: 'DELETE',
  path: '/orgs/{org_id}/api_keys/{key_id}',
  summary: 'Delete an API key',
  permission: 'credentials:write',
  table: { actions: ['BatchGetItem', 'DeleteItem', 'PutItem', 'UpdateItem'] },
  request: { path: ApiKeyPath },
  responses: { 204: null },
  errors: ['credential_not_found'],
});

export const handler = serve(endpoint, { credentials, organizations }, async ({ path, scope, work }) => {
  await deleteCredential(work, scope, path.key_id);
  return respond(204);
});
