import { accounts } from '../../../shared/dialects/accounts/envelope.ts';
import { leaveOrganization } from '../../../shared/domain/member/leave-organization.ts';
import { defineEndpoint } from '../../../shared/http/define-endpoint.ts';
import { respond } from '../../../shared/http/respond.ts';
import { serve } from '../../../shared/runtime/serve.ts';
import { members, organizations } from '../../../shared/runtime/stores.ts';
import { leaving, leftMessage } from './leave-endpoint.ts';

/**
 * Ends the caller's membership, by the method that the published page has for it. No link or prefetch can trigger it:
 * credentials come in headers alone, and nothing keeps the answer.
 */
export const endpoint = defineEndpoint(accounts, {
  ...leaving,
  operation: 'account.leave_by_get',
  method: 'GET',
  summary: 'Remove the currently logged-in user from an account (POST is the safer twin)',
});

export const handler = serve(endpoint, { members, organizations }, async ({ scope, work }) => {
  await leaveOrganization(work, scope);
  return respond(200, leftMessage);
});
