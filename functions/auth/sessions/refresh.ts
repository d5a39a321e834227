import * as z from 'zod/mini';
import { auth } from '../../../shared/dialects/auth/envelope.ts';
import { refreshSession } from '../../../shared/domain/session/refresh-session.ts';
import { defineEndpoint } from '../../../shared/http/define-endpoint.ts';
import { opaqueToken } from '../../../shared/http/fields.ts';
import { respond } from '../../../shared/http/respond.ts';
import { serve } from '../../../shared/runtime/serve.ts';
import { members, sessions } from '../../../shared/runtime/stores.ts';
import { SignedIn, toSignedIn } from './wire.ts';

/** Exchanges a refresh token for a new pair. A token that was used before ends the session. */
export const endpoint = defineEndpoint(auth, {
  operation: 'session.refresh',
  method: 'POST',
  path: '/auth/refresh',
  summary: 'Exchange a refresh token for a new pair of tokens',
  permission: { public: 'the refresh token in the body is the credential' },
  table: { actions: ['BatchGetItem', 'Query', 'PutItem', 'DeleteItem', 'UpdateItem'] },
  request: { body: z.strictObject({ refresh_token: opaqueToken }) },
  responses: { 200: SignedIn },
  errors: ['unauthorized'],
});

export const handler = serve(endpoint, { members, sessions }, async ({ body, work, exchange: { method, path } }) => {
  const { user, tokens } = await refreshSession(work, body.refresh_token, { method, path });
  return respond(200, toSignedIn(tokens, user));
});
