import { randomUUID } from 'node:crypto';
import { withBeside } from '../domain/beside.ts';
import type { Author } from '../domain/changes.ts';
import type { Work } from '../domain/work.ts';
import { beginAnew } from '../http/begin-anew.ts';
import { type RuntimeServices, type StoreFactories, servicesWith } from './services.ts';

/** The request that a unit of work goes on with, where there is one. */
export type RequestBehind = Pick<Work, 'requestId' | 'ip'>;

/** How long a unit of work waits for others, and begins anew where they came first; within every time-out. */
const patienceMilliseconds = 20_000;

/** Runs one unit of work outside a request. `author` is whom the audit entries name: a person, or a job by its name. */
export type RunInBackground = <Result>(
  author: string | Author,
  unit: (work: Work) => Promise<Result>,
  behind?: RequestBehind,
) => Promise<Result>;

/**
 * A way to run units of work over these stores and to commit what they change. When the state moved meanwhile, all of a
 * unit is done again on what is stored now: what happens between reading and committing must bear being repeated.
 */
export function backgroundWith(stores: StoreFactories): RunInBackground {
  let runtime: RuntimeServices | undefined;
  return (author, unit, behind = { requestId: randomUUID(), ip: '' }) => {
    runtime ??= servicesWith(stores);
    return run(runtime, author, unit, behind);
  };
}

async function run<Result>(
  runtime: RuntimeServices,
  author: string | Author,
  unit: (work: Work) => Promise<Result>,
  { requestId, ip }: RequestBehind,
): Promise<Result> {
  const patientUntil = runtime.now() + patienceMilliseconds;
  return beginAnew(
    () =>
      withBeside(async (beside) => {
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
          beside,
        };
        const result = await unit(work);
        await runtime.commit(work.changes, { requestId, ip, now, patientUntil });
        return result;
      }),
    { isMoved: runtime.isStaleRead, now: runtime.now, until: patientUntil },
  );
}
