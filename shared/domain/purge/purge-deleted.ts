import { inParallel } from '../in-parallel.ts';
import type { Stores } from '../stores.ts';
import { hourMilliseconds, type Timestamp } from '../timestamp.ts';
import { type Deletion, restorableMilliseconds } from './deletion.ts';

/** Nobody can be in the middle of bringing something back by then. */
const marginMilliseconds = hourMilliseconds;

const deletionsAtOnce = 4;

/** What a purge did. */
export interface PurgeSummary {
  organizations: number;
  users: number;
  /** How many items that took out of the table. */
  items: number;
  /** Deleted once, and brought back since. */
  restored: number;
  /** Left to the next run: its deletion is not finished yet, or this run has no time left. */
  postponed: number;
  /** What could not be erased, and why; the next run tries again. */
  failed: string[];
}

/**
 * Erases organizations and people whose deletion can no longer be undone, and all that was theirs; what they did stays in
 * the audit trails. Each is erased from the edges inwards and noted until it is gone, so a run that was ended anywhere is
 * finished by the next one; two at once do no harm, and one that fails holds up no other. Begins nothing more after
 * `until`.
 */
export async function purgeDeleted(
  { organizations, users, purge }: Pick<Stores, 'organizations' | 'users' | 'purge'>,
  clock: () => Timestamp,
  until: Timestamp,
): Promise<PurgeSummary> {
  const summary: PurgeSummary = { organizations: 0, users: 0, items: 0, restored: 0, postponed: 0, failed: [] };
  const due: Deletion[] = [];
  for await (const deletion of purge.due(clock() - restorableMilliseconds - marginMilliseconds)) due.push(deletion);
  if (due.length === 0) return summary;
  // What is below these organizations is found through them.
  const unfinished = new Set((await organizations.unfinishedDeletions()).map(({ organizationId }) => organizationId));

  /** Whether it is time: not while the deletion itself is still being carried out elsewhere. */
  async function stateOf({ kind, id, deletedAt }: Deletion): Promise<'final' | 'restored' | 'unfinished'> {
    const [found] =
      kind === 'organization' ? await organizations.getManyEvenIfDeleted([id]) : await users.getMany([id]);
    // If it was deleted again, that has a note of its own.
    if (found && found.deletedAt !== deletedAt) return 'restored';
    const isUnfinished = kind === 'organization' ? unfinished.has(id) : await users.identityCopiesDue(id);
    return isUnfinished ? 'unfinished' : 'final';
  }

  async function purgeOne(deletion: Deletion): Promise<void> {
    const state = clock() < until ? await stateOf(deletion) : 'unfinished';
    if (state === 'unfinished') {
      summary.postponed += 1;
      return;
    }
    if (state === 'final') {
      const { kind, id } = deletion;
      for await (const items of kind === 'organization' ? purge.eraseOrganization(id) : purge.eraseUser(id)) {
        summary.items += items;
        if (clock() >= until) {
          summary.postponed += 1;
          return;
        }
      }
    }
    await purge.forget(deletion);
    if (state === 'restored') summary.restored += 1;
    else if (deletion.kind === 'organization') summary.organizations += 1;
    else summary.users += 1;
  }

  await inParallel(due, deletionsAtOnce, async (deletion) => {
    try {
      await purgeOne(deletion);
    } catch (error) {
      const { name, message } = error as Error;
      summary.failed.push(`${deletion.kind} ${deletion.id}: ${name}: ${message}`);
    }
  });
  return summary;
}
