import * as z from 'zod/mini';
import { platform, succeeded, successOf } from '../../../shared/dialects/platform/envelope.ts';
import { removeMember } from '../../../shared/domain/member/remove-member.ts';
import { defineEndpoint } from '../../../shared/http/define-endpoint.ts';
import { identifier } from '../../../shared/http/fields.ts';
import { requireMatch } from '../../../shared/http/require-match.ts';
import { respond } from '../../../shared/http/respond.ts';
import { serve } from '../../../shared/runtime/serve.ts';
import { members, organizations } from '../../../shared/runtime/stores.ts';

/** Ends a membership; the person lives on, and the keys that they made here stop working. */
export const endpoint = defineEndpoint(platform, {
  operation: 'member.delete',
  method: 'DELETE',
  path: '/api/organizations/{organizationId}/members/{memberId}',
  summary: 'Delete a member from an organization',
  permission: 'members:write',
  needsAllRights: true,
  table: {
    actions: ['BatchGetItem', 'PutItem', 'UpdateItem', 'DeleteItem', 'ConditionCheckItem'],
    indexes: ['inOrderOfRole'],
  },
  request: { path: z.object({ memberId: identifier('user') }) },
  responses: { 200: successOf(z.null()) },
  errors: ['member_not_found', 'forbidden', 'last_owner', 'precondition_failed'],
});

export const handler = serve(endpoint, { members, organizations }, async ({ path, ifMatch, scope, work }) => {
  await removeMember(work, scope, path.memberId, (found) => requireMatch(ifMatch, found));
  return respond(200, succeeded('Member deleted successfully', null));
});
