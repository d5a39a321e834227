import * as z from 'zod/mini';
import { auth } from '../../../shared/dialects/auth/envelope.ts';
import { resetPassword } from '../../../shared/domain/user/set-password.ts';
import { defineEndpoint } from '../../../shared/http/define-endpoint.ts';
import { newPassword, opaqueToken } from '../../../shared/http/fields.ts';
import { respond } from '../../../shared/http/respond.ts';
import { serve } from '../../../shared/runtime/serve.ts';
import { attempts, links, members, organizations, sessions, users } from '../../../shared/runtime/stores.ts';
import { toUser, User } from '../me/wire.ts';

/** Sets a new password by the token from the mail, and ends every session. */
export const endpoint = defineEndpoint(auth, {
  operation: 'password.reset',
  method: 'POST',
  path: '/auth/password/reset',
  summary: 'Choose a new password',
  permission: { public: 'the mailed token is the credential' },
  table: { actions: ['BatchGetItem', 'PutItem', 'UpdateItem', 'DeleteItem'] },
  request: { body: z.strictObject({ token: opaqueToken, password: newPassword }) },
  responses: { 200: z.object({ user: User }) },
  errors: ['link_gone'],
});

export const handler = serve(
  endpoint,
  { attempts, links, members, organizations, sessions, users },
  async ({ body, work }) => respond(200, { user: toUser(await resetPassword(work, body.token, body.password)) }),
);
