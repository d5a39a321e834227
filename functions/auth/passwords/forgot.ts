import * as z from 'zod/mini';
import { auth } from '../../../shared/dialects/auth/envelope.ts';
import { requestLink } from '../../../shared/domain/link/request-link.ts';
import { defineEndpoint } from '../../../shared/http/define-endpoint.ts';
import { emailAddress } from '../../../shared/http/fields.ts';
import { respond } from '../../../shared/http/respond.ts';
import { serve } from '../../../shared/runtime/serve.ts';
import { attempts, links } from '../../../shared/runtime/stores.ts';
import { MailRequested, mailRequested } from '../registrations/wire.ts';

/** Mails a link to choose a new password, if somebody has the address. */
export const endpoint = defineEndpoint(auth, {
  operation: 'password.forgot',
  method: 'POST',
  path: '/auth/password/forgot',
  summary: 'Ask for a new password',
  permission: { public: 'whoever forgot the password cannot sign in' },
  table: { actions: ['UpdateItem', 'BatchGetItem', 'PutItem'] },
  request: { body: z.strictObject({ email: emailAddress }) },
  responses: { 202: MailRequested },
  errors: [],
});

export const handler = serve(endpoint, { attempts, links }, async ({ body, work }) => {
  await requestLink(work, body.email, { purpose: 'password-reset' });
  return respond(202, mailRequested);
});
