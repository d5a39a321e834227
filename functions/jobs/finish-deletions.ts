import { defineJob } from '../../shared/http/define-job.ts';
import { finishDeletions } from '../../shared/runtime/finish-deletions.ts';

/** Finishes what the consumer `follow-ups` was stopped at. */
export const job = defineJob({
  name: 'finish-deletions',
  summary: 'Finish cascading deletions that were interrupted',
  schedule: 'rate(15 minutes)',
  table: { actions: ['BatchGetItem', 'Query', 'PutItem', 'UpdateItem', 'DeleteItem', 'ConditionCheckItem'] },
  timeoutSeconds: 900,
});

/** Answers below how many organizations something was left to delete. */
export const handler = () => finishDeletions();
