import * as z from 'zod/mini';
import { auth } from '../../../shared/dialects/auth/envelope.ts';
import { listOwnOrganizations } from '../../../shared/domain/organization/list-own-organizations.ts';
import { defineEndpoint } from '../../../shared/http/define-endpoint.ts';
import { respond } from '../../../shared/http/respond.ts';
import { serve } from '../../../shared/runtime/serve.ts';
import { members } from '../../../shared/runtime/stores.ts';
import { OwnMembership, toOwnMembership, toUser, User } from './wire.ts';

/** Who the caller is, and where they are a member. */
export const endpoint = defineEndpoint(auth, {
  operation: 'me.read',
  method: 'GET',
  path: '/auth/me',
  summary: 'Read who is signed in',
  permission: 'session',
  needsOwnOrganizations: true,
  table: { actions: ['BatchGetItem', 'Query'] },
  request: {},
  responses: { 200: z.object({ user: User, memberships: z.array(OwnMembership) }) },
  errors: [],
});

export const handler = serve(endpoint, { members }, async ({ caller, work }) => {
  const own = await listOwnOrganizations(work, caller);
  return respond(200, { user: toUser(caller.user), memberships: own.map(toOwnMembership) });
});
