import * as z from 'zod/mini';
import { accounts } from '../../../shared/dialects/accounts/envelope.ts';
import { createOrganization } from '../../../shared/domain/organization/create-organization.ts';
import { defineEndpoint } from '../../../shared/http/define-endpoint.ts';
import { organizationName } from '../../../shared/http/fields.ts';
import { respond } from '../../../shared/http/respond.ts';
import { serve } from '../../../shared/runtime/serve.ts';
import { members, organizations } from '../../../shared/runtime/stores.ts';
import { Account, toAccount } from './wire.ts';

/** Makes an account; the caller is its OWNER. */
export const endpoint = defineEndpoint(accounts, {
  operation: 'account.create',
  method: 'POST',
  path: '/organizations',
  summary: 'Create a new account',
  permission: 'organization:create',
  table: { actions: ['Query', 'PutItem', 'UpdateItem'] },
  request: { body: z.strictObject({ organization_name: organizationName }) },
  responses: { 201: Account },
  errors: ['limit_reached'],
  idempotent: true,
});

export const handler = serve(endpoint, { members, organizations }, async ({ body, caller, work }) => {
  const organization = await createOrganization(work, caller, { name: body.organization_name, countryCode: null });
  return respond(201, toAccount(organization, { roles: ['OWNER'], isActive: true }));
});
