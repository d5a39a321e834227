import * as z from 'zod/mini';
import { toUuid } from '../../../shared/domain/identifiers.ts';
import { toIso } from '../../../shared/domain/timestamp.ts';
import { type Workspace, workspaceStatuses } from '../../../shared/domain/workspace/workspace.ts';
import { identifier, lineOfText } from '../../../shared/http/fields.ts';

/** A workspace as this dialect shows it. */
export const PlatformWorkspace = z.object({
  id: z.uuid(),
  name: z.string(),
  description: z.nullable(z.string()),
  status: z.enum(workspaceStatuses),
  createdAt: z.iso.datetime(),
});

export function toPlatformWorkspace(workspace: Workspace): z.output<typeof PlatformWorkspace> {
  const { id, name, description, status, createdAt } = workspace;
  return { id: toUuid('workspace', id), name, description, status, createdAt: toIso(createdAt) };
}

export const workspaceName = lineOfText(1, 120);
export const workspaceDescription = z.nullable(lineOfText(0, 500));
export const workspaceStatus = z.enum(workspaceStatuses);

/** The path of one workspace. */
export const WorkspacePath = z.object({ workspaceId: identifier('workspace') });
