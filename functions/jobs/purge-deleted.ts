import { purgeDeleted } from '../../shared/domain/purge/purge-deleted.ts';
import { minuteMilliseconds } from '../../shared/domain/timestamp.ts';
import { defineJob } from '../../shared/http/define-job.ts';
import { servicesWith } from '../../shared/runtime/services.ts';
import { organizations, purge, users } from '../../shared/runtime/stores.ts';

/** So long a run takes on new work; the next one goes on. */
const runMilliseconds = 10 * minuteMilliseconds;

/** Erases what was deleted more than 30 days ago. Any number of runs do no harm. */
export const job = defineJob({
  name: 'purge-deleted',
  summary: 'Erase what was deleted more than 30 days ago',
  // Every hour: an organization of a million members takes several runs. Over before wallets are proved at three.
  schedule: 'cron(45 * * * ? *)',
  table: { actions: ['BatchGetItem', 'Query', 'PutItem', 'DeleteItem', 'BatchWriteItem'] },
  timeoutSeconds: 900,
});

/**
 * Answers how many organizations, people and items were erased, how many deletions were undone in time, and how many are
 * left to the next run. @throws when something could not be erased; all else was
 */
export const handler = async () => {
  const { stores, now } = servicesWith({ organizations, purge, users });
  const { failed, ...summary } = await purgeDeleted(stores, now, now() + runMilliseconds);
  if (failed.length > 0) throw new Error(`${failed.length} deletions failed: ${failed.slice(0, 10).join('; ')}`);
  return summary;
};
