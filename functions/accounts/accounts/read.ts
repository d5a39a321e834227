import { accounts } from '../../../shared/dialects/accounts/envelope.ts';
import { defineEndpoint } from '../../../shared/http/define-endpoint.ts';
import { respond } from '../../../shared/http/respond.ts';
import { serve } from '../../../shared/runtime/serve.ts';
import { Account, standingIn, toAccount } from './wire.ts';

/** One account, with the caller's role in it. */
export const endpoint = defineEndpoint(accounts, {
  operation: 'account.read',
  method: 'GET',
  path: '/organizations/{organization_id}',
  summary: 'Get existing account with account ID',
  permission: 'organization:read',
  needsAllRights: true,
  table: { actions: [] },
  request: {},
  responses: { 200: Account },
  errors: [],
});

export const handler = serve(endpoint, {}, async ({ scope }) =>
  respond(200, toAccount(scope.organization, standingIn(scope)), { version: scope.organization.version }),
);
