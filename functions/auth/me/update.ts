import * as z from 'zod/mini';
import { auth } from '../../../shared/dialects/auth/envelope.ts';
import { changeOwnName } from '../../../shared/domain/user/change-own-identity.ts';
import { defineEndpoint } from '../../../shared/http/define-endpoint.ts';
import { lastNameIfAny, middleName, nameSuffix, personName, someField } from '../../../shared/http/fields.ts';
import { respond } from '../../../shared/http/respond.ts';
import { serve } from '../../../shared/runtime/serve.ts';
import { attempts, links, members, organizations, sessions, users } from '../../../shared/runtime/stores.ts';
import { toUser, User } from './wire.ts';

/** Changes the caller's names, here and in all their memberships. */
export const endpoint = defineEndpoint(auth, {
  operation: 'me.update',
  method: 'PATCH',
  path: '/auth/me',
  summary: "Change one's own names",
  permission: 'session',
  needsOwnOrganizations: true,
  table: { actions: ['BatchGetItem', 'Query', 'PutItem', 'UpdateItem', 'ConditionCheckItem'] },
  request: {
    body: z
      .strictObject({
        first_name: z.optional(personName),
        middle_name: z.optional(middleName),
        last_name: z.optional(lastNameIfAny),
        suffix: z.optional(nameSuffix),
      })
      .check(someField),
  },
  responses: { 200: User },
  errors: [],
});

export const handler = serve(
  endpoint,
  { attempts, links, members, organizations, sessions, users },
  async ({ body, caller, work }) => {
    const user = await changeOwnName(work, caller, {
      firstName: body.first_name,
      middleName: body.middle_name,
      lastName: body.last_name,
      suffix: body.suffix,
    });
    return respond(200, toUser(user));
  },
);
