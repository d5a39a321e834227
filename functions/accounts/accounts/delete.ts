import { accounts } from '../../../shared/dialects/accounts/envelope.ts';
import { deleteOrganization } from '../../../shared/domain/organization/delete-organization.ts';
import { defineEndpoint } from '../../../shared/http/define-endpoint.ts';
import { requireMatch } from '../../../shared/http/require-match.ts';
import { respond } from '../../../shared/http/respond.ts';
import { serve } from '../../../shared/runtime/serve.ts';
import { organizations } from '../../../shared/runtime/stores.ts';

/** Deletes the account, unless others stand below it. */
export const endpoint = defineEndpoint(accounts, {
  operation: 'account.delete',
  method: 'DELETE',
  path: '/organizations/{organization_id}',
  summary: 'Delete account with ID',
  permission: 'organization:delete',
  table: { actions: ['PutItem', 'UpdateItem', 'DeleteItem'] },
  request: {},
  responses: { 204: null },
  errors: ['has_children', 'precondition_failed'],
});

export const handler = serve(endpoint, { organizations }, async ({ ifMatch, scope, work }) => {
  requireMatch(ifMatch, scope.organization);
  deleteOrganization(work, scope, { cascade: false });
  return respond(204);
});
