import * as z from 'zod/mini';
import { organizationAdmin, succeeded, successOf } from '../../../shared/dialects/organization-admin/envelope.ts';
import { updateMember } from '../../../shared/domain/member/update-member.ts';
import { defineEndpoint } from '../../../shared/http/define-endpoint.ts';
import {
  emailAddress,
  identifier,
  middleName,
  nameSuffix,
  newPassword,
  personName,
  someField,
} from '../../../shared/http/fields.ts';
import { requireMatch } from '../../../shared/http/require-match.ts';
import { respond } from '../../../shared/http/respond.ts';
import { serve } from '../../../shared/runtime/serve.ts';
import { attempts, links, members, organizations, sessions, users } from '../../../shared/runtime/stores.ts';
import { AdminMember, toAdminMember } from './wire.ts';

/** Changes who a member is; the home organization alone may. Restores a deleted person within 30 days. */
export const endpoint = defineEndpoint(organizationAdmin, {
  operation: 'member.update',
  method: 'PUT',
  path: '/clients/v1/organization-admin/members/{user}/update',
  summary: 'Update member',
  permission: 'members:write',
  needsAllRights: true,
  table: {
    actions: ['BatchGetItem', 'Query', 'PutItem', 'UpdateItem', 'DeleteItem', 'ConditionCheckItem'],
    indexes: ['inOrderOfRole'],
  },
  request: {
    path: z.object({ user: identifier('user') }),
    body: z
      .strictObject({
        first_name: z.optional(personName),
        middle_name: z.optional(middleName),
        last_name: z.optional(personName),
        suffix: z.optional(nameSuffix),
        email: z.optional(emailAddress),
        password: z.optional(newPassword),
        is_verified: z.optional(z.boolean()),
        is_locked: z.optional(z.boolean()),
        is_deleted: z.optional(z.boolean()),
      })
      .check(someField),
  },
  responses: { 200: successOf(AdminMember) },
  errors: ['member_not_found', 'identity_managed_elsewhere', 'email_taken', 'last_owner', 'precondition_failed'],
});

export const handler = serve(
  endpoint,
  { attempts, links, members, organizations, sessions, users },
  async ({ path, body, ifMatch, scope, work }) => {
    const wish = {
      firstName: body.first_name,
      middleName: body.middle_name,
      lastName: body.last_name,
      suffix: body.suffix,
      email: body.email,
      password: body.password,
      isVerified: body.is_verified,
      isLocked: body.is_locked,
      isDeleted: body.is_deleted,
    };
    const member = await updateMember(work, scope, path.user, wish, (found) => requireMatch(ifMatch, found));
    return respond(200, succeeded('Member updated successfully.', toAdminMember(member)), { version: member.version });
  },
);
