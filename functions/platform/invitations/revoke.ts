import * as z from 'zod/mini';
import { platform, succeeded, successOf } from '../../../shared/dialects/platform/envelope.ts';
import { revokeInvitation } from '../../../shared/domain/invitation/change-invitation.ts';
import { defineEndpoint } from '../../../shared/http/define-endpoint.ts';
import { identifier } from '../../../shared/http/fields.ts';
import { respond } from '../../../shared/http/respond.ts';
import { serve } from '../../../shared/runtime/serve.ts';
import { invitations, members, organizations, users } from '../../../shared/runtime/stores.ts';
import { PlatformInvitation, toPlatformInvitation } from './wire.ts';

/** Takes an invitation back: its token is dead at once. */
export const endpoint = defineEndpoint(platform, {
  operation: 'invitation.revoke',
  method: 'DELETE',
  path: '/api/organizations/{organizationId}/invitations/{invitationId}',
  summary: 'Revoke an invitation',
  permission: 'invitations:write',
  table: { actions: ['BatchGetItem', 'PutItem', 'UpdateItem', 'DeleteItem'] },
  request: { path: z.object({ invitationId: identifier('invitation') }) },
  responses: { 200: successOf(PlatformInvitation) },
  errors: ['invitation_not_found', 'invitation_not_pending'],
});

export const handler = serve(
  endpoint,
  { invitations, members, organizations, users },
  async ({ path, scope, work }) => {
    const invitation = await revokeInvitation(work, scope, path.invitationId);
    return respond(200, succeeded('Invitation revoked successfully.', toPlatformInvitation(invitation, work.now)));
  },
);
