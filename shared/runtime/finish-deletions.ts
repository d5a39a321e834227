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
 * side by side do no harm, and one that fails holds up no other. Answers below how many organizations there was something
 * to do. @throws what the first failed with, once all others are done
 */
export async function finishDeletions(): Promise<{ organizations: number }> {
  let organizations = 0;
  const failures = new Map<number, unknown>();
  for (;;) {
    const all = await servicesWith(stores).stores.organizations.unfinishedDeletions();
    const unfinished = all.filter(({ organizationId }) => !failures.has(organizationId));
    if (unfinished.length === 0) break;
    organizations += unfinished.length;
    await inParallel(unfinished, parentsAtOnce, (deletion) =>
      finish(deletion).catch((error: unknown) => {
        failures.set(deletion.organizationId, error);
      }),
    );
  }
  for (const failure of failures.values()) throw failure;
  return { organizations };
}

async function finish(deletion: UnfinishedDeletion): Promise<void> {
  const { author, requestId, ip } = deletion;
  const next = () => runInBackground(author, (work) => deleteNextChildren(work, deletion), { requestId, ip });
  while (!(await next()));
}
