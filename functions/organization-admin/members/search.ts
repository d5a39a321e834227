import * as z from 'zod/mini';
import { organizationAdmin, succeeded, successOf } from '../../../shared/dialects/organization-admin/envelope.ts';
import { askedEmail } from '../../../shared/domain/user/user.ts';
import { defineEndpoint } from '../../../shared/http/define-endpoint.ts';
import { respond } from '../../../shared/http/respond.ts';
import { serve } from '../../../shared/runtime/serve.ts';
import { members } from '../../../shared/runtime/stores.ts';
import { AdminMember, toAdminMember } from './wire.ts';

const resultsMax = 100;

/** Members whose address begins with the term, whatever its case, in the order of addresses. */
export const endpoint = defineEndpoint(organizationAdmin, {
  operation: 'member.search',
  method: 'GET',
  path: '/clients/v1/organization-admin/members/search',
  summary: 'Search members by email',
  permission: 'members:read',
  table: { actions: [], indexes: ['inOrderOfEmail'] },
  request: { query: z.object({ email: z.string().check(z.minLength(1), z.maxLength(254)) }) },
  responses: { 200: successOf(z.object({ members: z.array(AdminMember) })) },
  errors: [],
});

export const handler = serve(endpoint, { members }, async ({ query, scope, work }) => {
  const members = await work.stores.members.findByEmailPrefix(scope, askedEmail(query.email), resultsMax);
  return respond(200, succeeded('Members found successfully.', { members: members.map(toAdminMember) }));
});
