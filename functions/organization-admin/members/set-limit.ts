import * as z from 'zod/mini';
import { organizationAdmin, succeeded, successOf } from '../../../shared/dialects/organization-admin/envelope.ts';
import { toHex24 } from '../../../shared/domain/identifiers.ts';
import { setBytesLimit } from '../../../shared/domain/member/set-bytes-limit.ts';
import { defineEndpoint } from '../../../shared/http/define-endpoint.ts';
import { identifier } from '../../../shared/http/fields.ts';
import { requireMatch } from '../../../shared/http/require-match.ts';
import { respond } from '../../../shared/http/respond.ts';
import { serve } from '../../../shared/runtime/serve.ts';
import { members, organizations } from '../../../shared/runtime/stores.ts';

/** Limits how many bytes a member may store here. */
export const endpoint = defineEndpoint(organizationAdmin, {
  operation: 'member.limit',
  method: 'PUT',
  path: '/clients/v1/organization-admin/users/{user}/limits/update',
  aliases: ['/clients/v1/organization-admin/members/{user}/limits/update'],
  summary: 'Update user limit',
  permission: 'members:write',
  table: { actions: ['BatchGetItem', 'PutItem', 'UpdateItem', 'ConditionCheckItem'] },
  request: {
    path: z.object({ user: identifier('user') }),
    body: z.strictObject({ bytes_limit: z.int().check(z.minimum(0)) }),
  },
  responses: {
    200: successOf(z.object({ user_id: z.string(), bytes_limit: z.int(), bytes_used: z.int() })),
  },
  errors: ['member_not_found', 'precondition_failed'],
});

export const handler = serve(endpoint, { members, organizations }, async ({ path, body, ifMatch, scope, work }) => {
  const limit = { userId: path.user, bytesLimit: body.bytes_limit };
  const member = await setBytesLimit(work, scope, limit, (found) => requireMatch(ifMatch, found));
  return respond(
    200,
    succeeded('Limit updated successfully.', {
      user_id: toHex24('user', member.userId),
      bytes_limit: body.bytes_limit,
      bytes_used: member.bytesUsed,
    }),
  );
});
