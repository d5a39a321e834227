import { defineJob } from '../../shared/http/define-job.ts';
import { finishMoves } from '../../shared/runtime/finish-moves.ts';

/** Finishes what the consumer `follow-ups` was stopped at. */
export const job = defineJob({
  name: 'finish-moves',
  summary: 'Finish moves of organizations that were interrupted',
  schedule: 'rate(15 minutes)',
  table: { actions: ['BatchGetItem', 'Query', 'UpdateItem', 'DeleteItem', 'ConditionCheckItem'] },
  timeoutSeconds: 900,
});

/** Answers how many organizations were brought up to date. */
export const handler = () => finishMoves();
