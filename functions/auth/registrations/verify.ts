import * as z from 'zod/mini';
import { auth } from '../../../shared/dialects/auth/envelope.ts';
import { verifyAddress } from '../../../shared/domain/user/verify-address.ts';
import { defineEndpoint } from '../../../shared/http/define-endpoint.ts';
import { opaqueToken } from '../../../shared/http/fields.ts';
import { respond } from '../../../shared/http/respond.ts';
import { serve } from '../../../shared/runtime/serve.ts';
import { attempts, links, members, organizations, sessions, users } from '../../../shared/runtime/stores.ts';
import { toUser, User } from '../me/wire.ts';

/** Confirms an address by the token from its mail: makes the registered account, or moves an account to it. */
export const endpoint = defineEndpoint(auth, {
  operation: 'registration.verify',
  method: 'POST',
  path: '/auth/verify',
  summary: 'Confirm an email address',
  permission: { public: 'the mailed token is the credential' },
  table: { actions: ['BatchGetItem', 'Query', 'PutItem', 'UpdateItem', 'DeleteItem', 'ConditionCheckItem'] },
  request: { body: z.strictObject({ token: opaqueToken }) },
  responses: { 200: z.object({ user: User }) },
  errors: ['link_gone'],
});

export const handler = serve(
  endpoint,
  { attempts, links, members, organizations, sessions, users },
  async ({ body, work }) => respond(200, { user: toUser(await verifyAddress(work, body.token)) }),
);
