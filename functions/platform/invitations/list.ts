import * as z from 'zod/mini';
import { platform, succeeded, successOf } from '../../../shared/dialects/platform/envelope.ts';
import { storedInvitationStatuses } from '../../../shared/domain/invitation/invitation.ts';
import { defineEndpoint } from '../../../shared/http/define-endpoint.ts';
import { respond } from '../../../shared/http/respond.ts';
import { serve } from '../../../shared/runtime/serve.ts';
import { invitationList } from '../../../shared/runtime/stores.ts';
import { PageQuery, Pagination, toPagination } from '../pages.ts';
import { PlatformInvitation, toPlatformInvitation } from './wire.ts';

/** The invitations of the organization, newest first; of one status where it is named. */
export const endpoint = defineEndpoint(platform, {
  operation: 'invitation.list',
  method: 'GET',
  path: '/api/organizations/{organizationId}/invitations',
  summary: 'List the invitations of an organization',
  permission: 'members:read',
  table: { actions: ['BatchGetItem', 'Query'], indexes: ['inOrderOfJoining', 'inOrderOfName'] },
  request: { query: z.object({ ...PageQuery, status: z.optional(z.enum(storedInvitationStatuses)) }) },
  opensInvitations: ({ status }) => ({ status }),
  responses: { 200: z.extend(successOf(z.array(PlatformInvitation)), { pagination: Pagination }) },
  errors: [],
});

export const handler = serve(
  endpoint,
  { invitationList },
  async ({ query: { page, per_page: perPage, status }, exchange, scope, work }) => {
    const { invitations: found, total } = await work.stores.invitationList.page(scope, {
      status,
      now: work.now,
      offset: (page - 1) * perPage,
      limit: perPage,
      opened: exchange.openedInvitations,
    });
    return respond(200, {
      ...succeeded(
        'All Organization Invitations',
        found.map((invitation) => toPlatformInvitation(invitation, work.now)),
      ),
      pagination: toPagination(page, perPage, total),
    });
  },
);
