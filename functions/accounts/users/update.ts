import { accounts } from '../../../shared/dialects/accounts/envelope.ts';
import { changeMembers } from '../../../shared/domain/member/change-members.ts';
import { defineEndpoint } from '../../../shared/http/define-endpoint.ts';
import { respond } from '../../../shared/http/respond.ts';
import { serve } from '../../../shared/runtime/serve.ts';
import { members, organizations } from '../../../shared/runtime/stores.ts';
import { standingAfter, toAccount } from '../accounts/wire.ts';
import { UsersWish } from './user-ids.ts';
import { AccountWithUsers, toAccountUser } from './wire.ts';

/** Sets role and activity of members, of all of them or none. */
export const endpoint = defineEndpoint(accounts, {
  operation: 'user.update',
  method: 'PUT',
  path: '/organizations/{organization_id}/users',
  summary: 'Update account users',
  permission: 'members:write',
  needsAllRights: true,
  table: {
    actions: ['BatchGetItem', 'PutItem', 'UpdateItem', 'ConditionCheckItem'],
    indexes: ['inOrderOfRole'],
  },
  request: { body: UsersWish },
  responses: { 200: AccountWithUsers },
  errors: ['member_not_found', 'forbidden', 'last_owner'],
});

export const handler = serve(endpoint, { members, organizations }, async ({ body, scope, work }) => {
  const wish = { users: body.user_ids, role: body.role, isActive: body.is_active };
  const members = await changeMembers(work, scope, wish);
  const standing = await standingAfter(work, scope, members);
  return respond(200, { ...toAccount(scope.organization, standing), users: members.map(toAccountUser) });
});
