import * as z from 'zod/mini';
import { organizationAdmin, succeeded, successOf } from '../../../shared/dialects/organization-admin/envelope.ts';
import { DomainError } from '../../../shared/domain/errors.ts';
import { defineEndpoint } from '../../../shared/http/define-endpoint.ts';
import { identifier } from '../../../shared/http/fields.ts';
import { respond } from '../../../shared/http/respond.ts';
import { serve } from '../../../shared/runtime/serve.ts';
import { members } from '../../../shared/runtime/stores.ts';
import { AdminMember, toAdminMember } from './wire.ts';

/** One member of the organization. */
export const endpoint = defineEndpoint(organizationAdmin, {
  operation: 'member.read',
  method: 'GET',
  path: '/clients/v1/organization-admin/members/{user}/read',
  summary: 'Read member',
  permission: 'members:read',
  table: { actions: ['BatchGetItem'] },
  request: { path: z.object({ user: identifier('user') }) },
  responses: { 200: successOf(AdminMember) },
  errors: ['member_not_found'],
});

export const handler = serve(endpoint, { members }, async ({ path, scope, work }) => {
  const member = await work.stores.members.get(scope, path.user);
  if (!member) throw new DomainError('member_not_found');
  return respond(200, succeeded('Member details retrieved successfully.', toAdminMember(member)), {
    version: member.version,
  });
});
