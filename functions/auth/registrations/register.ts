import * as z from 'zod/mini';
import { auth } from '../../../shared/dialects/auth/envelope.ts';
import { register } from '../../../shared/domain/user/register.ts';
import { defineEndpoint } from '../../../shared/http/define-endpoint.ts';
import { emailAddress, newPassword, personName } from '../../../shared/http/fields.ts';
import { respond } from '../../../shared/http/respond.ts';
import { serve } from '../../../shared/runtime/serve.ts';
import { attempts, links } from '../../../shared/runtime/stores.ts';
import { MailRequested, mailRequested } from './wire.ts';

/** Registers somebody; the account is made once they follow the link in the mail. */
export const endpoint = defineEndpoint(auth, {
  operation: 'registration.create',
  method: 'POST',
  path: '/auth/register',
  summary: 'Register',
  permission: { public: 'whoever registers has no credential yet' },
  table: { actions: ['UpdateItem', 'BatchGetItem', 'PutItem'] },
  request: {
    body: z.strictObject({
      email: emailAddress,
      password: newPassword,
      first_name: personName,
      last_name: personName,
    }),
  },
  responses: { 202: MailRequested },
  errors: ['registration_closed'],
});

export const handler = serve(endpoint, { attempts, links }, async ({ body, work }) => {
  const { email, password, first_name: firstName, last_name: lastName } = body;
  await register(work, { email, password, firstName, lastName });
  return respond(202, mailRequested);
});
