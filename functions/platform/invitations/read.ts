import * as z from 'zod/mini';
import { platform, succeeded, successOf } from '../../../shared/dialects/platform/envelope.ts';
import { findInvitation } from '../../../shared/domain/invitation/find-invitation.ts';
import { toIso } from '../../../shared/domain/timestamp.ts';
import { defineEndpoint } from '../../../shared/http/define-endpoint.ts';
import { respond } from '../../../shared/http/respond.ts';
import { serve } from '../../../shared/runtime/serve.ts';
import { invitations, organizations, users } from '../../../shared/runtime/stores.ts';

const InvitationToAccept = z.object({
  organizationName: z.string(),
  email: z.string(),
  expiresAt: z.iso.datetime(),
  /** Whether the address has an account: then its present password is asked for, not a new one. */
  accountExists: z.boolean(),
});

/** What the holder of a mailed token is invited to. Consumes nothing, however often it is asked. */
export const endpoint = defineEndpoint(platform, {
  operation: 'invitation.read',
  method: 'GET',
  path: '/api/organizations/invite/{inviteToken}',
  summary: 'Look at an invitation before accepting it',
  permission: { public: 'the token is the credential' },
  table: { actions: ['BatchGetItem'] },
  request: { path: z.object({ inviteToken: z.string() }) },
  responses: { 200: successOf(InvitationToAccept) },
  errors: ['invitation_not_found', 'invitation_gone'],
});

export const handler = serve(endpoint, { invitations, organizations, users }, async ({ path, work }) => {
  const { invitation, organization } = await findInvitation(work, path.inviteToken);
  const { email, expiresAt } = invitation;
  const accountExists = (await work.stores.users.findIdByEmail(email)) !== undefined;
  return respond(
    200,
    succeeded('Invitation found.', {
      organizationName: organization.name,
      email,
      expiresAt: toIso(expiresAt),
      accountExists,
    }),
  );
});
