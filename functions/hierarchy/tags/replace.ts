import * as z from 'zod/mini';
import { hierarchy } from '../../../shared/dialects/hierarchy/envelope.ts';
import { setTags } from '../../../shared/domain/organization/set-tags.ts';
import { defineEndpoint } from '../../../shared/http/define-endpoint.ts';
import { respond } from '../../../shared/http/respond.ts';
import { serve } from '../../../shared/runtime/serve.ts';
import { organizations } from '../../../shared/runtime/stores.ts';
import { Tags } from './wire.ts';

/** Replaces all tags. */
export const endpoint = defineEndpoint(hierarchy, {
  operation: 'tags.replace',
  method: 'PUT',
  path: '/orgs/{org_id}/tags',
  summary: 'Replace the tags',
  permission: 'organization:update',
  table: { actions: ['BatchGetItem', 'PutItem', 'ConditionCheckItem'] },
  request: { body: z.strictObject({ tags: Tags }) },
  responses: { 200: Tags },
  errors: [],
});

export const handler = serve(endpoint, { organizations }, async ({ body, scope, work }) =>
  respond(200, await setTags(work, scope, body.tags)),
);
