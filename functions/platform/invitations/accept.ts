import * as z from 'zod/mini';
import { platform, succeeded, successOf } from '../../../shared/dialects/platform/envelope.ts';
import { acceptInvitation } from '../../../shared/domain/invitation/accept-invitation.ts';
import { locateInvitation } from '../../../shared/domain/invitation/find-invitation.ts';
import { defineEndpoint } from '../../../shared/http/define-endpoint.ts';
import { presentedPassword } from '../../../shared/http/fields.ts';
import { respond } from '../../../shared/http/respond.ts';
import { serve } from '../../../shared/runtime/serve.ts';
import { attempts, invitations, members, organizations, users } from '../../../shared/runtime/stores.ts';

/** Makes the holder of a mailed token a member; sets the password of somebody new. */
export const endpoint = defineEndpoint(platform, {
  operation: 'invitation.accept',
  method: 'POST',
  path: '/api/organizations/invite/{inviteToken}/accept',
  summary: 'Accept the invitation and set the password',
  permission: { public: 'the token is the credential' },
  acceptsSession: true,
  table: { actions: ['BatchGetItem', 'Query', 'PutItem', 'UpdateItem', 'DeleteItem'] },
  request: {
    path: z.object({ inviteToken: z.string() }),
    body: z._default(
      z.strictObject({
        password: z.optional(presentedPassword),
        password_confirmation: z.optional(presentedPassword),
      }),
      {},
    ),
  },
  responses: { 200: successOf(z.null()) },
  errors: [
    'invitation_not_found',
    'invitation_gone',
    'unauthorized',
    'wrong_password',
    'too_many_attempts',
    'already_member',
    'limit_reached',
    'organization_not_active',
  ],
});

export const handler = serve(
  endpoint,
  { attempts, invitations, members, organizations, users },
  async ({ path, body, signedIn, exchange, work }) => {
    const located = await locateInvitation(work, path.inviteToken);
    // With a session it is a request to this organization like any other: its access log tells of it.
    if (located.organization) exchange.organization = located.organization;
    exchange.isStranger = signedIn !== undefined && signedIn.user.email !== located.invitation.email;
    await acceptInvitation(work, located, {
      password: body.password,
      passwordConfirmation: body.password_confirmation,
      signedIn,
    });
    return respond(200, succeeded('Password set successfully.', null));
  },
);
