import * as z from 'zod/mini';
import { auth } from '../../../shared/dialects/auth/envelope.ts';
import { changePassword } from '../../../shared/domain/user/set-password.ts';
import { defineEndpoint } from '../../../shared/http/define-endpoint.ts';
import { newPassword, presentedPassword } from '../../../shared/http/fields.ts';
import { respond } from '../../../shared/http/respond.ts';
import { serve } from '../../../shared/runtime/serve.ts';
import { attempts, links, members, organizations, sessions, users } from '../../../shared/runtime/stores.ts';
import { toUser, User } from '../me/wire.ts';

/** Changes the caller's password and ends their other sessions. */
export const endpoint = defineEndpoint(auth, {
  operation: 'password.change',
  method: 'POST',
  path: '/auth/password/change',
  summary: 'Change the password',
  permission: 'session',
  table: { actions: ['BatchGetItem', 'PutItem', 'UpdateItem'] },
  request: { body: z.strictObject({ current_password: presentedPassword, password: newPassword }) },
  responses: { 200: z.object({ user: User }) },
  errors: ['wrong_password', 'too_many_attempts'],
});

export const handler = serve(
  endpoint,
  { attempts, links, members, organizations, sessions, users },
  async ({ body, caller, work }) => {
    const { current_password: current, password } = body;
    return respond(200, { user: toUser(await changePassword(work, caller, { current, password })) });
  },
);
