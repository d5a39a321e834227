import * as z from 'zod/mini';
import { platform, succeeded, successOf } from '../../../shared/dialects/platform/envelope.ts';
import { updateWorkspace } from '../../../shared/domain/workspace/change-workspaces.ts';
import { defineEndpoint } from '../../../shared/http/define-endpoint.ts';
import { requireMatch } from '../../../shared/http/require-match.ts';
import { respond } from '../../../shared/http/respond.ts';
import { serve } from '../../../shared/runtime/serve.ts';
import { organizations, workspaces } from '../../../shared/runtime/stores.ts';
import {
  PlatformWorkspace,
  toPlatformWorkspace,
  WorkspacePath,
  workspaceDescription,
  workspaceName,
  workspaceStatus,
} from './wire.ts';

/** Changes what is sent of a workspace. */
export const endpoint = defineEndpoint(platform, {
  operation: 'workspace.update',
  method: 'PATCH',
  path: '/api/organizations/{organizationId}/workspaces/{workspaceId}',
  summary: 'Update a workspace',
  permission: 'organization:update',
  table: { actions: ['BatchGetItem', 'PutItem', 'UpdateItem', 'DeleteItem', 'ConditionCheckItem'] },
  request: {
    path: WorkspacePath,
    body: z.strictObject({
      name: z.optional(workspaceName),
      description: z.optional(workspaceDescription),
      status: z.optional(workspaceStatus),
    }),
  },
  responses: { 200: successOf(PlatformWorkspace) },
  errors: ['workspace_not_found', 'workspace_name_taken', 'precondition_failed'],
});

export const handler = serve(endpoint, { organizations, workspaces }, async ({ path, body, ifMatch, scope, work }) => {
  const workspace = await updateWorkspace(work, scope, path.workspaceId, body, (found) => requireMatch(ifMatch, found));
  return respond(200, succeeded('Workspace updated successfully.', toPlatformWorkspace(workspace)), {
    version: workspace.version,
  });
});
