import { inParallel } from '../domain/in-parallel.ts';
import { deleteNextChildren } from '../domain/organization/delete-organization.ts';
import type { UnfinishedDeletion } from '../domain/organization/unfinished-deletion.ts';
import { backgroundWith } from './run-in-background.ts';
import { servicesWith } from './services.ts';
import { organizations as organizationStore } from './stores.ts';

const stores = { organizations: organizationStore };
const runInBackground = backgroundWith(stores);

/** Under how many deleted organizations children are deleted side by side. */
const parentsAtOnce = 8;

/**
 * Deletes what still lives below deleted organizations, level by level, however far an earlier run has come. Two runs
 * side by side do no harm. Answers below how many organizations there was something to do.
 */
export async function finishDeletions(): Promise<{ organizations: number }> {
  let organizations = 0;
  for (;;) {
    const unfinished = await servicesWith(stores).stores.organizations.unfinishedDeletions();
    if (unfinished.length === 0) return { organizations };
    organizations += unfinished.length;
    await inParallel(unfinished, parentsAtOnce, finish);
  }
}

async function finish(deletion: UnfinishedDeletion): Promise<void> {
  const { author, requestId, ip } = deletion;
  const next = () => runInBackground(author, (work) => deleteNextChildren(work, deletion), { requestId, ip });
  while (!(await next()));
}
