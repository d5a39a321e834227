import * as z from 'zod/mini';
import { hierarchy } from '../../../shared/dialects/hierarchy/envelope.ts';
import { overlapSecondsMax, rotateCredential } from '../../../shared/domain/credential/rotate-credential.ts';
import { defineEndpoint } from '../../../shared/http/define-endpoint.ts';
import { respond } from '../../../shared/http/respond.ts';
import { serve } from '../../../shared/runtime/serve.ts';
import { credentials, organizations } from '../../../shared/runtime/stores.ts';
import { ApiKeyPath, MadeApiKey, toMadeApiKey } from './wire.ts';

/** Gives an API key another secret; it is in this answer and nowhere else. */
export const endpoint = defineEndpoint(hierarchy, {
  operation: 'api_key.rotate',
  method: 'POST',
  path: '/orgs/{org_id}/api_keys/{key_id}/rotate',
  summary: 'Rotate the secret of an API key',
  permission: 'credentials:write',
  needsAllRights: true,
  table: { actions: ['BatchGetItem', 'UpdateItem', 'PutItem', 'ConditionCheckItem'] },
  request: {
    path: ApiKeyPath,
    body: z._default(
      z.strictObject({ overlap_seconds: z._default(z.int().check(z.gte(0), z.lte(overlapSecondsMax)), 0) }),
      { overlap_seconds: 0 },
    ),
  },
  responses: { 200: MadeApiKey },
  errors: ['credential_not_found', 'forbidden'],
  idempotent: true,
  secretAnswer: true,
});

export const handler = serve(endpoint, { credentials, organizations }, async ({ path, body, scope, work }) => {
  const { key_id: id } = path;
  const [lastUsedAt, { credential, secrets }] = await Promise.all([
    work.stores.credentials.lastUsedAt(scope, id),
    rotateCredential(work, scope, { id, overlapSeconds: body.overlap_seconds }),
  ]);
  return respond(200, toMadeApiKey(credential, lastUsedAt, secrets), { madeId: String(id) });
});
