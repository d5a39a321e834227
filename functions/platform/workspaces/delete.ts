import * as z from 'zod/mini';
import { platform, succeeded, successOf } from '../../../shared/dialects/platform/envelope.ts';
import { deleteWorkspace } from '../../../shared/domain/workspace/change-workspaces.ts';
import { defineEndpoint } from '../../../shared/http/define-endpoint.ts';
import { respond } from '../../../shared/http/respond.ts';
import { serve } from '../../../shared/runtime/serve.ts';
import { organizations, workspaces } from '../../../shared/runtime/stores.ts';
import { WorkspacePath } from './wire.ts';

/** Removes a workspace, from the members' lists too. */
export const endpoint = defineEndpoint(platform, {
  operation: 'workspace.delete',
  method: 'DELETE',
  path: '/api/organizations/{organizationId}/workspaces/{workspaceId}',
  summary: 'Delete a workspace',
  permission: 'organization:update',
  table: { actions: ['BatchGetItem', 'PutItem', 'UpdateItem', 'DeleteItem'] },
  request: { path: WorkspacePath },
  responses: { 200: successOf(z.null()) },
  errors: ['workspace_not_found'],
});

export const handler = serve(endpoint, { organizations, workspaces }, async ({ path, scope, work }) => {
  await deleteWorkspace(work, scope, path.workspaceId);
  return respond(200, succeeded('Workspace deleted successfully.', null));
});
