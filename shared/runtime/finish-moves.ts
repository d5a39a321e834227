import { randomUUID } from 'node:crypto';
import { finishMove } from '../domain/organization/finish-moves.ts';
import { beginAnew } from '../http/begin-anew.ts';
import { servicesWith } from './services.ts';
import { organizations as organizationStore } from './stores.ts';

/** How long a run takes the list of moves anew because something was moved under it. The next run goes on. */
const patienceMilliseconds = 600_000;

/**
 * Finishes all moves that are not finished. Any number of runs at once do no harm, and a move that fails holds up no other.
 * @returns how many organizations were brought up to date
 * @throws what the first failed with, once all others are done
 */
export async function finishMoves(): Promise<{ organizations: number }> {
  const { stores, openChanges, commit, isStaleRead, now } = servicesWith({ organizations: organizationStore });
  const context = { requestId: randomUUID(), ip: '', now: now() };
  let organizations = 0;
  return beginAnew(
    async () => {
      const failures: unknown[] = [];
      for (const move of await stores.organizations.unfinishedMoves()) {
        try {
          await finishMove(stores.organizations, move, async (write, changed) => {
            const changes = openChanges({ email: 'finish-moves', credentialId: null });
            write(changes);
            await commit(changes, context);
            organizations += changed;
          });
        } catch (error) {
          if (isStaleRead(error)) throw error;
          failures.push(error);
        }
      }
      for (const failure of failures) throw failure;
      return { organizations };
    },
    { isMoved: isStaleRead, now, until: now() + patienceMilliseconds },
  );
}
