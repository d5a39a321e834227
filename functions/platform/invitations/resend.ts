import * as z from 'zod/mini';
import { platform, succeeded, successOf } from '../../../shared/dialects/platform/envelope.ts';
import { resendInvitation } from '../../../shared/domain/invitation/change-invitation.ts';
import { defineEndpoint } from '../../../shared/http/define-endpoint.ts';
import { identifier } from '../../../shared/http/fields.ts';
import { respond } from '../../../shared/http/respond.ts';
import { serve } from '../../../shared/runtime/serve.ts';
import { invitations, members, organizations, users } from '../../../shared/runtime/stores.ts';
import { PlatformInvitation, toPlatformInvitation } from './wire.ts';

/** Mails an invitation once more, with a fresh token; the old one is dead. */
export const endpoint = defineEndpoint(platform, {
  operation: 'invitation.resend',
  method: 'POST',
  path: '/api/organizations/{organizationId}/invitations/{invitationId}/resend',
  summary: 'Resend an invitation',
  permission: 'invitations:write',
  needsAllRights: true,
  table: { actions: ['BatchGetItem', 'PutItem', 'UpdateItem', 'ConditionCheckItem'] },
  request: { path: z.object({ invitationId: identifier('invitation') }) },
  responses: { 200: successOf(PlatformInvitation) },
  errors: ['invitation_not_found', 'invitation_not_pending', 'forbidden', 'already_member', 'invitation_quota_reached'],
  idempotent: true,
});

export const handler = serve(
  endpoint,
  { invitations, members, organizations, users },
  async ({ path, scope, work }) => {
    const invitation = await resendInvitation(work, scope, path.invitationId);
    return respond(200, succeeded('Invitation sent successfully.', toPlatformInvitation(invitation, work.now)));
  },
);
