import * as z from 'zod/mini';
import { accounts } from '../../../shared/dialects/accounts/envelope.ts';
import { changeOrganization } from '../../../shared/domain/organization/change-organization.ts';
import { defineEndpoint } from '../../../shared/http/define-endpoint.ts';
import { identifier, organizationName } from '../../../shared/http/fields.ts';
import { requireMatch } from '../../../shared/http/require-match.ts';
import { respond } from '../../../shared/http/respond.ts';
import { serve } from '../../../shared/runtime/serve.ts';
import { avatars, organizations } from '../../../shared/runtime/stores.ts';
import { Account, standingIn, toAccount } from './wire.ts';

/** Gives the account that the body names another name. */
export const endpoint = defineEndpoint(accounts, {
  operation: 'account.update',
  method: 'PUT',
  path: '/organizations',
  summary: 'Update existing account',
  permission: 'organization:update',
  organizationFrom: 'body.id',
  needsAllRights: true,
  table: { actions: ['PutItem', 'UpdateItem', 'ConditionCheckItem'] },
  request: { body: z.strictObject({ id: identifier('organization'), organization_name: organizationName }) },
  responses: { 200: Account },
  errors: ['precondition_failed'],
});

export const handler = serve(endpoint, { avatars, organizations }, async ({ body, ifMatch, scope, work }) => {
  requireMatch(ifMatch, scope.organization);
  const organization = changeOrganization(work, scope, { name: body.organization_name });
  return respond(200, toAccount(organization, standingIn(scope)), { version: organization.version });
});
