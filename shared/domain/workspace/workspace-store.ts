import type { Tenant } from '../access/tenant.ts';
import type { Changes } from '../changes.ts';
import type { Workspace } from './workspace.ts';

export interface WorkspaceStore {
  /** In the order asked for, without those that do not exist. */
  getMany(tenant: Tenant, ids: readonly number[]): Promise<Workspace[]>;
  /** All of them, the oldest first. */
  list(tenant: Tenant): Promise<Workspace[]>;
  /** A new workspace with a claim on its name: `workspace_name_taken` where another has it. */
  create(changes: Changes, workspace: Workspace): void;
  /** Changes a workspace from the state that was read; another state begins the request anew. Moves the claim as well. */
  update(changes: Changes, before: Workspace, after: Workspace): void;
  /** Removes a workspace as read; another state begins the request anew. */
  remove(changes: Changes, workspace: Workspace): void;
  /** Begins the request anew where the workspace is gone. */
  requirePresent(changes: Changes, tenant: Tenant, id: number): void;
}
