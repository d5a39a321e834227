import * as z from 'zod/mini';
import { accounts } from '../../../shared/dialects/accounts/envelope.ts';
import { listOwnOrganizations } from '../../../shared/domain/organization/list-own-organizations.ts';
import { defineEndpoint } from '../../../shared/http/define-endpoint.ts';
import { respond } from '../../../shared/http/respond.ts';
import { serve } from '../../../shared/runtime/serve.ts';
import { members } from '../../../shared/runtime/stores.ts';
import { Account, toAccount } from './wire.ts';

/** Every account that the caller is a member of, by name; with an API key, its own organization alone. */
export const endpoint = defineEndpoint(accounts, {
  operation: 'account.list',
  method: 'GET',
  path: '/organizations',
  summary: "List the current user's accounts",
  permission: 'signed-in',
  needsOwnOrganizations: true,
  table: { actions: ['Query'] },
  request: {},
  responses: { 200: z.array(Account) },
  errors: [],
});

export const handler = serve(endpoint, { members }, async ({ caller, work }) => {
  const own = await listOwnOrganizations(work, caller);
  return respond(
    200,
    own.map(({ organization, ...standing }) => toAccount(organization, standing)),
  );
});
