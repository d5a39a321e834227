import * as z from 'zod/mini';
import { auth } from '../../../shared/dialects/auth/envelope.ts';
import { signIn } from '../../../shared/domain/session/sign-in.ts';
import { defineEndpoint } from '../../../shared/http/define-endpoint.ts';
import { emailAddress, presentedPassword } from '../../../shared/http/fields.ts';
import { respond } from '../../../shared/http/respond.ts';
import { serve } from '../../../shared/runtime/serve.ts';
import { attempts, members, sessions, users } from '../../../shared/runtime/stores.ts';
import { SignedIn, toSignedIn } from './wire.ts';

/** Signs a person in. */
export const endpoint = defineEndpoint(auth, {
  operation: 'session.login',
  method: 'POST',
  path: '/auth/login',
  summary: 'Sign in with email and password',
  permission: { public: 'whoever signs in has no credential yet' },
  table: { actions: ['BatchGetItem', 'Query', 'PutItem', 'UpdateItem'] },
  request: { body: z.strictObject({ email: emailAddress, password: presentedPassword }) },
  responses: { 200: SignedIn },
  errors: ['unauthorized', 'too_many_attempts'],
});

export const handler = serve(endpoint, { attempts, members, sessions, users }, async ({ body, work, exchange }) => {
  const { user, tokens } = await signIn(work, { ...body, request: { method: exchange.method, path: exchange.path } });
  return respond(200, toSignedIn(tokens, user));
});
