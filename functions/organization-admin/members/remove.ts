import * as z from 'zod/mini';
import { organizationAdmin, succeeded, successOf } from '../../../shared/dialects/organization-admin/envelope.ts';
import { removeMember } from '../../../shared/domain/member/remove-member.ts';
import { defineEndpoint } from '../../../shared/http/define-endpoint.ts';
import { identifier } from '../../../shared/http/fields.ts';
import { requireMatch } from '../../../shared/http/require-match.ts';
import { respond } from '../../../shared/http/respond.ts';
import { serve } from '../../../shared/runtime/serve.ts';
import { members, organizations } from '../../../shared/runtime/stores.ts';

/** Ends a membership in the organization; the person lives on. */
export const endpoint = defineEndpoint(organizationAdmin, {
  operation: 'member.remove',
  method: 'DELETE',
  path: '/clients/v1/organization-admin/members/{userID}/remove',
  summary: 'Remove member',
  permission: 'members:write',
  needsAllRights: true,
  table: {
    actions: ['BatchGetItem', 'PutItem', 'UpdateItem', 'DeleteItem', 'ConditionCheckItem'],
    indexes: ['inOrderOfRole'],
  },
  request: { path: z.object({ userID: identifier('user') }) },
  responses: { 200: successOf(z.null()) },
  errors: ['member_not_found', 'last_owner', 'precondition_failed'],
});

export const handler = serve(endpoint, { members, organizations }, async ({ path, ifMatch, scope, work }) => {
  await removeMember(work, scope, path.userID, (found) => requireMatch(ifMatch, found));
  return respond(200, succeeded('Member removed successfully.', null));
});
