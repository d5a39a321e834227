import * as z from 'zod/mini';
import { organizationAdmin, succeeded, successOf } from '../../../shared/dialects/organization-admin/envelope.ts';
import { createMember } from '../../../shared/domain/member/create-member.ts';
import { defineEndpoint } from '../../../shared/http/define-endpoint.ts';
import {
  emailAddress,
  middleName,
  nameSuffix,
  newPassword,
  personName,
  together,
} from '../../../shared/http/fields.ts';
import { respond } from '../../../shared/http/respond.ts';
import { serve } from '../../../shared/runtime/serve.ts';
import { members, organizations, users } from '../../../shared/runtime/stores.ts';
import { AdminMember, adminRoleNames, roleOfAdminName, toAdminMember } from './wire.ts';

/** Makes a person who is homed in the organization, and a member of it. */
export const endpoint = defineEndpoint(organizationAdmin, {
  operation: 'member.create',
  method: 'POST',
  path: '/clients/v1/organization-admin/members/create',
  summary: 'Create member',
  permission: 'members:write',
  needsAllRights: true,
  table: { actions: ['BatchGetItem', 'PutItem', 'UpdateItem'] },
  request: {
    body: z
      .strictObject({
        first_name: personName,
        middle_name: z.optional(middleName),
        last_name: personName,
        suffix: z.optional(nameSuffix),
        email: emailAddress,
        password: newPassword,
        confirm_password: z.string(),
        role: z.enum(adminRoleNames),
      })
      .check(
        together(
          ['confirm_password', 'password'],
          'Must be the same as password.',
          ({ password, confirm_password }) => password === confirm_password,
        ),
      ),
  },
  responses: { 201: successOf(AdminMember) },
  errors: ['email_taken'],
  idempotent: true,
});

export const handler = serve(endpoint, { members, organizations, users }, async ({ body, scope, work }) => {
  const member = await createMember(work, scope, {
    firstName: body.first_name,
    middleName: body.middle_name ?? null,
    lastName: body.last_name,
    suffix: body.suffix ?? null,
    email: body.email,
    password: body.password,
    role: roleOfAdminName(body.role),
  });
  return respond(201, succeeded('Member created successfully.', toAdminMember(member)));
});
