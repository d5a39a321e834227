import * as z from 'zod/mini';
import { hierarchy } from '../../../shared/dialects/hierarchy/envelope.ts';
import { permissions } from '../../../shared/domain/access/permissions.ts';
import { makeCredential } from '../../../shared/domain/credential/make-credential.ts';
import { defineEndpoint } from '../../../shared/http/define-endpoint.ts';
import { emailAddress, isoMoment, lineOfText } from '../../../shared/http/fields.ts';
import { respond } from '../../../shared/http/respond.ts';
import { serve } from '../../../shared/runtime/serve.ts';
import { credentials, organizations } from '../../../shared/runtime/stores.ts';
import { MadeApiKey, toMadeApiKey } from './wire.ts';

/** In the access log it stands where the addresses of people do: no key may pass for a person. */
const keyName = lineOfText(1, 120).check(
  z.refine((name) => !emailAddress.safeParse(name).success, 'Must not be an email address.'),
);

/** Makes an API key, which is a service account too. Its secret is in this answer and nowhere else. */
export const endpoint = defineEndpoint(hierarchy, {
  operation: 'api_key.create',
  method: 'POST',
  path: '/orgs/{org_id}/api_keys',
  summary: 'Create an API key',
  permission: 'credentials:write',
  needsAllRights: true,
  table: { actions: ['PutItem', 'UpdateItem'] },
  request: {
    body: z.strictObject({
      name: keyName,
      permissions: z.optional(z.array(z.enum(permissions)).check(z.maxLength(permissions.length))),
      expires_at: z.optional(z.nullable(isoMoment)),
    }),
  },
  responses: { 201: MadeApiKey },
  errors: ['membership_required', 'forbidden', 'limit_reached'],
  idempotent: true,
  secretAnswer: true,
});

export const handler = serve(endpoint, { credentials, organizations }, async ({ body, scope, work }) => {
  const { credential, secrets } = makeCredential(work, scope, {
    name: body.name,
    permissions: body.permissions,
    expiresAt: body.expires_at ?? null,
  });
  return respond(201, toMadeApiKey(credential, null, secrets), { madeId: String(credential.id) });
});
