import { createHash } from 'node:crypto';
import { type Workspace, workspaceNameKey } from '../domain/workspace/workspace.ts';
import type { WorkspaceStore } from '../domain/workspace/workspace-store.ts';
import { readWorkspace } from './items.ts';
import { keyOf, partitionOf, sortKeyPrefixOf } from './table.ts';
import type { TableClient } from './table-client.ts';
import { type Rule, transactionOf } from './transaction.ts';

const workspaceKey = (organization: number, workspace: number) => keyOf('workspace', { organization, workspace });

/** The claim on a name. Hashed: folded names may be longer than a key. */
function nameKey({ organizationId: organization, name }: Workspace) {
  return keyOf('workspaceName', {
    organization,
    name: createHash('sha256').update(workspaceNameKey(name)).digest('base64url'),
  });
}

const asRead = ({ version }: Workspace): Rule => ({
  field: 'version',
  is: 'equal',
  value: version,
  otherwise: 'retry',
});
const untaken: Rule = { field: 'pk', is: 'absent', otherwise: 'workspace_name_taken' };

export function workspaceStore(table: TableClient): WorkspaceStore {
  return {
    async getMany(tenant, ids) {
      const items = await table.get(ids.map((id) => workspaceKey(tenant.organizationId, id)));
      return items.filter((item) => item !== undefined).map(readWorkspace);
    },

    async list(tenant) {
      const workspaces: Workspace[] = [];
      for await (const item of table.queryAll({
        partition: partitionOf('workspace', { organization: tenant.organizationId }),
        beginsWith: sortKeyPrefixOf('workspace'),
      })) {
        workspaces.push(readWorkspace(item));
      }
      return workspaces;
    },

    create(changes, workspace) {
      const transaction = transactionOf(changes);
      transaction.put({ ...workspaceKey(workspace.organizationId, workspace.id), kind: 'workspace', ...workspace }, [
        { field: 'pk', is: 'absent', otherwise: 'retry' },
      ]);
      transaction.put({ ...nameKey(workspace), kind: 'workspaceName', workspaceId: workspace.id }, [untaken]);
    },

    update(changes, before, after) {
      const transaction = transactionOf(changes);
      const { name, description, status } = after;
      transaction.update(
        workspaceKey(before.organizationId, before.id),
        { set: { name, description, status }, add: { version: 1 } },
        [asRead(before)],
      );
      if (workspaceNameKey(name) === workspaceNameKey(before.name)) return;
      transaction.put({ ...nameKey(after), kind: 'workspaceName', workspaceId: after.id }, [untaken]);
      transaction.delete(nameKey(before));
    },

    remove(changes, workspace) {
      const transaction = transactionOf(changes);
      transaction.delete(workspaceKey(workspace.organizationId, workspace.id), [asRead(workspace)]);
      transaction.delete(nameKey(workspace));
    },

    requirePresent(changes, tenant, id) {
      transactionOf(changes).check(workspaceKey(tenant.organizationId, id), [
        { field: 'pk', is: 'present', otherwise: 'retry' },
      ]);
    },
  };
}
