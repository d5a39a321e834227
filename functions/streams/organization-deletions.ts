import type { DynamoDBBatchResponse } from 'aws-lambda';
import { defineConsumer } from '../../shared/http/define-job.ts';
import { finishDeletions } from '../../shared/runtime/finish-deletions.ts';

/** Deletes what stands below an organization that was deleted with `cascade`. */
export const consumer = defineConsumer({
  name: 'organization-deletions',
  summary: 'Deletes what stands below deleted organizations',
  table: { actions: ['BatchGetItem', 'Query', 'PutItem', 'UpdateItem', 'DeleteItem'] },
  timeoutSeconds: 900,
  patterns: [{ dynamodb: { NewImage: { kind: { S: ['unfinishedDeletion'] } } } }],
  batchSize: 100,
  maxRetries: 5,
});

/** A record only says that there is something to do: what is stored decides. */
export async function handler(): Promise<DynamoDBBatchResponse> {
  await finishDeletions();
  return { batchItemFailures: [] };
}
