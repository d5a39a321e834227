import type { DynamoDBBatchResponse } from 'aws-lambda';
import { defineConsumer } from '../../shared/http/define-job.ts';
import { finishMoves } from '../../shared/runtime/finish-moves.ts';

/** Lets what stands below an organization that has moved remember its new way up. */
export const consumer = defineConsumer({
  name: 'organization-moves',
  summary: 'Finishes moves of organizations',
  table: { actions: ['BatchGetItem', 'Query', 'UpdateItem', 'DeleteItem', 'ConditionCheckItem'] },
  timeoutSeconds: 900,
  patterns: [{ dynamodb: { NewImage: { kind: { S: ['unfinishedMove'] } } } }],
  batchSize: 100,
  maxRetries: 5,
});

/** A record only says that there is something to do: what is stored decides. */
export async function handler(): Promise<DynamoDBBatchResponse> {
  await finishMoves();
  return { batchItemFailures: [] };
}
