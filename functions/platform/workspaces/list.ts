import * as z from 'zod/mini';
import { platform, succeeded, successOf } from '../../../shared/dialects/platform/envelope.ts';
import { defineEndpoint } from '../../../shared/http/define-endpoint.ts';
import { respond } from '../../../shared/http/respond.ts';
import { serve } from '../../../shared/runtime/serve.ts';
import { workspaces } from '../../../shared/runtime/stores.ts';
import { PlatformWorkspace, toPlatformWorkspace } from './wire.ts';

/** All workspaces of the organization, the oldest first. */
export const endpoint = defineEndpoint(platform, {
  operation: 'workspace.list',
  method: 'GET',
  path: '/api/organizations/{organizationId}/workspaces',
  summary: 'List the workspaces of an organization',
  permission: 'organization:read',
  table: { actions: ['Query'] },
  request: {},
  responses: { 200: successOf(z.array(PlatformWorkspace)) },
  errors: [],
});

export const handler = serve(endpoint, { workspaces }, async ({ scope, work }) => {
  const workspaces = await work.stores.workspaces.list(scope);
  return respond(200, succeeded('All Organization Workspaces', workspaces.map(toPlatformWorkspace)));
});
