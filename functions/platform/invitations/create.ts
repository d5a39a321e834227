import { platform, succeeded, successOf } from '../../../shared/dialects/platform/envelope.ts';
import { inviteMember } from '../../../shared/domain/invitation/invite-member.ts';
import { defineEndpoint } from '../../../shared/http/define-endpoint.ts';
import { respond } from '../../../shared/http/respond.ts';
import { serve } from '../../../shared/runtime/serve.ts';
import { invitations, members, organizations, users } from '../../../shared/runtime/stores.ts';
import { InviteBody, PlatformInvitation, toInvitationDraft, toPlatformInvitation } from './wire.ts';

/** Invites an address; the mail with the token follows. Inviting again sends a fresh token and kills the old one. */
export const endpoint = defineEndpoint(platform, {
  operation: 'invitation.create',
  method: 'POST',
  path: '/api/organizations/{organizationId}/invite',
  summary: 'Invite a new user to the organization',
  permission: 'invitations:write',
  needsAllRights: true,
  table: { actions: ['BatchGetItem', 'PutItem', 'UpdateItem', 'ConditionCheckItem'] },
  request: { body: InviteBody },
  responses: { 200: successOf(PlatformInvitation) },
  errors: ['forbidden', 'already_member', 'invitation_quota_reached'],
  idempotent: true,
});

export const handler = serve(
  endpoint,
  { invitations, members, organizations, users },
  async ({ body, scope, work }) => {
    const invitation = await inviteMember(work, scope, toInvitationDraft(body));
    return respond(200, succeeded('Invitation sent successfully.', toPlatformInvitation(invitation, work.now)));
  },
);
