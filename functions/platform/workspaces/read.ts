import { platform, succeeded, successOf } from '../../../shared/dialects/platform/envelope.ts';
import { findWorkspace } from '../../../shared/domain/workspace/change-workspaces.ts';
import { defineEndpoint } from '../../../shared/http/define-endpoint.ts';
import { respond } from '../../../shared/http/respond.ts';
import { serve } from '../../../shared/runtime/serve.ts';
import { organizations, workspaces } from '../../../shared/runtime/stores.ts';
import { PlatformWorkspace, toPlatformWorkspace, WorkspacePath } from './wire.ts';

/** One workspace. */
export const endpoint = defineEndpoint(platform, {
  operation: 'workspace.read',
  method: 'GET',
  path: '/api/organizations/{organizationId}/workspaces/{workspaceId}',
  summary: 'Get a workspace by ID',
  permission: 'organization:read',
  table: { actions: ['BatchGetItem'] },
  request: { path: WorkspacePath },
  responses: { 200: successOf(PlatformWorkspace) },
  errors: ['workspace_not_found'],
});

export const handler = serve(endpoint, { organizations, workspaces }, async ({ path, scope, work }) => {
  const workspace = await findWorkspace(work, scope, path.workspaceId);
  return respond(200, succeeded('Workspace found.', toPlatformWorkspace(workspace)), { version: workspace.version });
});
