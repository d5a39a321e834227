import type { TenantScope } from '../access/tenant.ts';
import { changedFields } from '../audit/changed-fields.ts';
import { DomainError } from '../errors.ts';
import { requireWritable } from '../organization/require-writable.ts';
import type { Wish } from '../wish.ts';
import type { Work } from '../work.ts';
import type { Workspace, WorkspaceProfile } from './workspace.ts';

/** Makes a workspace. @throws `workspace_name_taken`, `limit_reached` */
export function createWorkspace(work: Work, scope: TenantScope, profile: WorkspaceProfile): Workspace {
  const { stores, changes, now } = work;
  const { organizationId } = scope;
  const workspace: Workspace = { id: work.newId(), organizationId, ...profile, version: 1, createdAt: now };
  stores.workspaces.create(changes, workspace);
  stores.organizations.change(changes, scope, { add: { workspaces: 1 } });
  requireWritable(work, scope);
  audit(work, undefined, workspace);
  return workspace;
}

/**
 * Changes a workspace; what is there already changes nothing.
 * @param expect Refuses the workspace that was read, where the caller named another version.
 * @throws `workspace_not_found`, `workspace_name_taken`
 */
export async function updateWorkspace(
  work: Work,
  scope: TenantScope,
  id: number,
  wish: Wish<WorkspaceProfile>,
  expect: (workspace: Workspace) => void,
): Promise<Workspace> {
  const before = await findWorkspace(work, scope, id);
  expect(before);
  requireWritable(work, scope);
  const { name = before.name, description = before.description, status = before.status } = wish;
  const after: Workspace = { ...before, name, description, status };
  if (JSON.stringify(audited(before)) === JSON.stringify(audited(after))) return before;
  work.stores.workspaces.update(work.changes, before, after);
  audit(work, before, after);
  return { ...after, version: before.version + 1 };
}

/** Removes a workspace; it is in no member's list any more. @throws `workspace_not_found` */
export async function deleteWorkspace(work: Work, scope: TenantScope, id: number): Promise<void> {
  const { stores, changes } = work;
  const workspace = await findWorkspace(work, scope, id);
  stores.workspaces.remove(changes, workspace);
  stores.organizations.change(changes, scope, { add: { workspaces: -1 } });
  requireWritable(work, scope);
  audit(work, workspace, undefined);
}

/** @throws `workspace_not_found` */
export async function findWorkspace({ stores }: Work, scope: TenantScope, id: number): Promise<Workspace> {
  const [workspace] = await stores.workspaces.getMany(scope, [id]);
  if (!workspace) throw new DomainError('workspace_not_found');
  return workspace;
}

/** What a workspace says of itself, as the audit trail tells it. */
function audited({ name, description, status }: Workspace) {
  return { name, description, status };
}

function audit({ changes }: Work, before: Workspace | undefined, after: Workspace | undefined): void {
  const workspace = after ?? before;
  if (!workspace) return;
  changes.audit({
    organizationId: workspace.organizationId,
    action: before && after ? 'update' : after ? 'insert' : 'delete',
    entity: 'workspace',
    entityId: String(workspace.id),
    ...changedFields(before && audited(before), after && audited(after)),
  });
}
