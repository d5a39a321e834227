import { accounts } from '../../../shared/dialects/accounts/envelope.ts';
import { addMembers } from '../../../shared/domain/member/add-members.ts';
import { defineEndpoint } from '../../../shared/http/define-endpoint.ts';
import { respond } from '../../../shared/http/respond.ts';
import { serve } from '../../../shared/runtime/serve.ts';
import { members, organizations, users } from '../../../shared/runtime/stores.ts';
import { standingAfter, toAccount } from '../accounts/wire.ts';
import { UsersWish } from './user-ids.ts';
import { AccountWithUsers, toAccountUser } from './wire.ts';

/** Adds users whom the caller can see already, all of them or none. */
export const endpoint = defineEndpoint(accounts, {
  operation: 'user.add',
  method: 'POST',
  path: '/organizations/{organization_id}/users',
  summary: 'Add users to an account',
  permission: 'members:write',
  needsAllRights: true,
  table: { actions: ['BatchGetItem', 'Query', 'PutItem', 'UpdateItem'] },
  request: { body: UsersWish },
  responses: { 200: AccountWithUsers },
  errors: ['user_not_found', 'already_member', 'limit_reached', 'forbidden'],
  idempotent: true,
});

export const handler = serve(endpoint, { members, organizations, users }, async ({ body, scope, work }) => {
  const wish = { users: body.user_ids, role: body.role, isActive: body.is_active };
  const members = await addMembers(work, scope, wish);
  const standing = await standingAfter(work, scope, members);
  return respond(200, { ...toAccount(scope.organization, standing), users: members.map(toAccountUser) });
});
