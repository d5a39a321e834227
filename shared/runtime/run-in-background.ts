import { randomUUID } from 'node:crypto';
import type { Author } from '../domain/changes.ts';
import type { Work } from '../domain/work.ts';
import { type RuntimeServices, services } from './services.ts';

/** The request that a unit of work goes on with, where there is one. */
export type RequestBehind = Pick<Work, 'requestId' | 'ip'>;

/** How often a unit of work begins anew because what it read has changed before it could write. */
const beginningsMax = 12;

/**
 * Runs one unit of work outside a request and commits what it changed. When the state moved meanwhile, all of it is
 * done again on what is stored now. What happens between reading and committing must bear being repeated.
 *
 * @param author whom the audit entries name: a person, or the job by its name
 */
export async function runInBackground<Result>(
  author: string | Author,
  unit: (work: Work, runtime: RuntimeServices) => Promise<Result>,
  { requestId, ip }: RequestBehind = { requestId: randomUUID(), ip: '' },
): Promise<Result> {
  const runtime = services();
  for (let beginning = 1; ; beginning += 1) {
    const now = runtime.now();
    const work: Work = {
      stores: runtime.stores,
      settings: runtime.settings,
      changes: runtime.openChanges(typeof author === 'string' ? { email: author, credentialId: null } : author),
      now,
      requestId,
      ip,
      newId: runtime.newId,
      randomBytes: runtime.randomBytes,
    };
    try {
      const result = await unit(work, runtime);
      await runtime.commit(work.changes, { requestId, ip, now });
      return result;
    } catch (error) {
      if (!runtime.isStaleRead(error) || beginning === beginningsMax) throw error;
    }
  }
}
