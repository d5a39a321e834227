import * as z from 'zod/mini';
import { accounts } from '../../../shared/dialects/accounts/envelope.ts';
import { roleNames, strongestRole } from '../../../shared/domain/access/roles.ts';
import { DomainError } from '../../../shared/domain/errors.ts';
import { defineEndpoint } from '../../../shared/http/define-endpoint.ts';
import { respond } from '../../../shared/http/respond.ts';
import { serve } from '../../../shared/runtime/serve.ts';

/** The caller's role in the account, the strongest of several, as a JSON string. */
export const endpoint = defineEndpoint(accounts, {
  operation: 'account.role',
  method: 'GET',
  path: '/organizations/{organization_id}/role',
  summary: "Get the current user's role within an account",
  permission: 'member',
  needsAllRights: true,
  table: { actions: [] },
  request: {},
  responses: { 200: z.enum(roleNames) },
  errors: ['member_not_found'],
});

export const handler = serve(endpoint, {}, async ({ scope: { roles } }) => {
  if (roles.length === 0) throw new DomainError('member_not_found', { message: 'You have no role there.' });
  return respond(200, strongestRole(roles));
});
