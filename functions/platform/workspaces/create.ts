import * as z from 'zod/mini';
import { platform, succeeded, successOf } from '../../../shared/dialects/platform/envelope.ts';
import { createWorkspace } from '../../../shared/domain/workspace/change-workspaces.ts';
import { defineEndpoint } from '../../../shared/http/define-endpoint.ts';
import { respond } from '../../../shared/http/respond.ts';
import { serve } from '../../../shared/runtime/serve.ts';
import { organizations, workspaces } from '../../../shared/runtime/stores.ts';
import {
  PlatformWorkspace,
  toPlatformWorkspace,
  workspaceDescription,
  workspaceName,
  workspaceStatus,
} from './wire.ts';

/** Makes a workspace. */
export const endpoint = defineEndpoint(platform, {
  operation: 'workspace.create',
  method: 'POST',
  path: '/api/organizations/{organizationId}/workspaces',
  summary: 'Create a workspace',
  permission: 'organization:update',
  table: { actions: ['PutItem', 'UpdateItem'] },
  request: {
    body: z.strictObject({
      name: workspaceName,
      description: z.optional(workspaceDescription),
      status: z.optional(workspaceStatus),
    }),
  },
  responses: { 201: successOf(PlatformWorkspace) },
  errors: ['workspace_name_taken', 'limit_reached'],
  idempotent: true,
});

export const handler = serve(endpoint, { organizations, workspaces }, async ({ body, scope, work }) => {
  const { name, description = null, status = 'active' } = body;
  const workspace = createWorkspace(work, scope, { name, description, status });
  return respond(201, succeeded('Workspace created successfully.', toPlatformWorkspace(workspace)));
});
