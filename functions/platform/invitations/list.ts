import * as z from 'zod/mini';
import { platform, succeeded, successOf } from '../../../shared/dialects/platform/envelope.ts';
import { shownStatus, storedInvitationStatuses } from '../../../shared/domain/invitation/invitation.ts';
import { defineEndpoint } from '../../../shared/http/define-endpoint.ts';
import { respond } from '../../../shared/http/respond.ts';
import { serve } from '../../../shared/runtime/serve.ts';
import { invitations } from '../../../shared/runtime/stores.ts';
import { PageQuery, Pagination, toPagination } from '../pages.ts';
import { PlatformInvitation, toPlatformInvitation } from './wire.ts';

/** The invitations of the organization, newest first; of one status where it is named. */
export const endpoint = defineEndpoint(platform, {
  operation: 'invitation.list',
  method: 'GET',
  path: '/api/organizations/{organizationId}/invitations',
  summary: 'List the invitations of an organization',
  permission: 'members:read',
  table: { actions: ['Query'] },
  request: { query: z.object({ ...PageQuery, status: z.optional(z.enum(storedInvitationStatuses)) }) },
  responses: { 200: z.extend(successOf(z.array(PlatformInvitation)), { pagination: Pagination }) },
  errors: [],
});

export const handler = serve(
  endpoint,
  { invitations },
  async ({ query: { page, per_page: perPage, status }, scope, work }) => {
    const all = await work.stores.invitations.list(scope);
    // An invitation is expired by the clock, so its status is no key to look it up by.
    const found = status === undefined ? all : all.filter((invitation) => shownStatus(invitation, work.now) === status);
    const shown = found.slice((page - 1) * perPage, page * perPage);
    return respond(200, {
      ...succeeded(
        'All Organization Invitations',
        shown.map((invitation) => toPlatformInvitation(invitation, work.now)),
      ),
      pagination: toPagination(page, perPage, found.length),
    });
  },
);
