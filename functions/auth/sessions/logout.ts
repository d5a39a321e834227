import { auth } from '../../../shared/dialects/auth/envelope.ts';
import { signOut } from '../../../shared/domain/session/sign-out.ts';
import { defineEndpoint } from '../../../shared/http/define-endpoint.ts';
import { respond } from '../../../shared/http/respond.ts';
import { serve } from '../../../shared/runtime/serve.ts';
import { members, sessions } from '../../../shared/runtime/stores.ts';

/** Ends the session that the request comes with. */
export const endpoint = defineEndpoint(auth, {
  operation: 'session.logout',
  method: 'POST',
  path: '/auth/logout',
  summary: 'Sign out',
  permission: 'session',
  needsOwnOrganizations: true,
  table: { actions: ['BatchGetItem', 'Query', 'DeleteItem', 'PutItem', 'UpdateItem'] },
  request: {},
  responses: { 204: null },
  errors: [],
});

export const handler = serve(endpoint, { members, sessions }, async ({ caller, work, exchange: { method, path } }) => {
  await signOut(work, caller, { method, path });
  return respond(204);
});
