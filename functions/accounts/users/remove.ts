import * as z from 'zod/mini';
import { accounts } from '../../../shared/dialects/accounts/envelope.ts';
import { removeMembers } from '../../../shared/domain/member/change-members.ts';
import { defineEndpoint } from '../../../shared/http/define-endpoint.ts';
import { respond } from '../../../shared/http/respond.ts';
import { serve } from '../../../shared/runtime/serve.ts';
import { members, organizations } from '../../../shared/runtime/stores.ts';
import { readUserIdList } from './user-ids.ts';

/** Removes members, all of them or none; the people live on. */
export const endpoint = defineEndpoint(accounts, {
  operation: 'user.remove',
  method: 'DELETE',
  path: '/organizations/{organization_id}/users/{user_ids}',
  summary: 'Remove users from an account',
  permission: 'members:write',
  needsAllRights: true,
  table: {
    actions: ['BatchGetItem', 'PutItem', 'UpdateItem', 'DeleteItem', 'ConditionCheckItem'],
    indexes: ['inOrderOfRole'],
  },
  request: { path: z.object({ user_ids: z.string() }) },
  responses: { 204: null },
  errors: ['member_not_found', 'forbidden', 'last_owner'],
});

export const handler = serve(endpoint, { members, organizations }, async ({ path, scope, work }) => {
  await removeMembers(work, scope, readUserIdList(path.user_ids));
  return respond(204);
});
