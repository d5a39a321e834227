import * as z from 'zod/mini';
import { auth } from '../../../shared/dialects/auth/envelope.ts';
import { requestEmailChange } from '../../../shared/domain/user/change-own-identity.ts';
import { defineEndpoint } from '../../../shared/http/define-endpoint.ts';
import { emailAddress, presentedPassword } from '../../../shared/http/fields.ts';
import { respond } from '../../../shared/http/respond.ts';
import { serve } from '../../../shared/runtime/serve.ts';
import { attempts, links, members, organizations, sessions, users } from '../../../shared/runtime/stores.ts';
import { MailRequested, mailRequested } from '../registrations/wire.ts';

/** Mails a link to the address that the caller wants to have; `POST /auth/verify` then moves the account. */
export const endpoint = defineEndpoint(auth, {
  operation: 'email.change',
  method: 'POST',
  path: '/auth/email/change',
  summary: 'Ask to change the email address',
  permission: 'session',
  table: { actions: ['BatchGetItem', 'UpdateItem', 'PutItem'] },
  request: { body: z.strictObject({ email: emailAddress, password: presentedPassword }) },
  responses: { 202: MailRequested },
  errors: ['wrong_password', 'too_many_attempts'],
});

export const handler = serve(
  endpoint,
  { attempts, links, members, organizations, sessions, users },
  async ({ body, caller, work }) => {
    await requestEmailChange(work, caller, body);
    return respond(202, mailRequested);
  },
);
