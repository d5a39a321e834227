import { randomUUID } from 'node:crypto';
import type { Work } from '../domain/work.ts';
import { type RuntimeServices, services } from './services.ts';

/** How often a unit of work begins anew because what it read has changed before it could write. */
const beginningsMax = 12;

/**
 * Runs one unit of work outside a request and commits what it changed. When the state moved meanwhile, all of it is
 * done again on what is stored now. What happens between reading and committing must bear being repeated.
 */
export async function runInBackground<Result>(
  author: string,
  unit: (work: Work, runtime: RuntimeServices) => Promise<Result>,
): Promise<Result> {
  const runtime = services();
  const requestId = randomUUID();
  for (let beginning = 1; ; beginning += 1) {
    const now = runtime.now();
    const work: Work = {
      stores: runtime.stores,
      settings: runtime.settings,
      changes: runtime.openChanges({ email: author, credentialId: null }),
      now,
      requestId,
      ip: '',
      newId: runtime.newId,
      randomBytes: runtime.randomBytes,
    };
    try {
      const result = await unit(work, runtime);
      await runtime.commit(work.changes, { requestId, ip: '', now });
      return result;
    } catch (error) {
      if (!runtime.isStaleRead(error) || beginning === beginningsMax) throw error;
    }
  }
}
