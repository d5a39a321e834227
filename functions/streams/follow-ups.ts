import type { DynamoDBBatchResponse, DynamoDBRecord, DynamoDBStreamEvent } from 'aws-lambda';
import { defineConsumer } from '../../shared/http/define-job.ts';
import { describeError } from '../../shared/http/describe-error.ts';
import { carryIdentities } from '../../shared/runtime/carry-identities.ts';
import { finishDeletions } from '../../shared/runtime/finish-deletions.ts';
import { finishMoves } from '../../shared/runtime/finish-moves.ts';
import { keepMemberLists } from '../../shared/runtime/keep-member-lists.ts';
import { services } from '../../shared/runtime/services.ts';
import { spreadAuditRecords } from '../../shared/runtime/spread-audit-records.ts';

/**
 * Everything that follows from a change and is no mail. One consumer, not five: a stream has room for two readers, and
 * a third would be throttled, or throttle the others.
 */
export const consumer = defineConsumer({
  name: 'follow-ups',
  summary: 'Copies audit entries upwards, names into memberships; counts lists; finishes deletions and moves',
  table: {
    actions: ['BatchGetItem', 'Query', 'PutItem', 'UpdateItem', 'DeleteItem', 'ConditionCheckItem', 'BatchWriteItem'],
    indexes: ['inOrderOfJoining', 'inOrderOfName', 'inOrderOfEmail', 'inOrderOfRole'],
  },
  timeoutSeconds: 900,
  patterns: [
    { eventName: ['INSERT'], dynamodb: { NewImage: { kind: { S: ['auditEntry', 'membership', 'listChange'] } } } },
    { dynamodb: { NewImage: { kind: { S: ['user'] }, copiesDue: { N: [{ exists: true }] } } } },
    { dynamodb: { NewImage: { kind: { S: ['unfinishedDeletion', 'unfinishedMove'] } } } },
  ],
  batchSize: 100,
  maxRetries: 20,
  // A move of thousands of organizations holds up a tenth of the others at most.
  parallelBatches: 10,
});

/** The kinds side by side: none waits for another. A record only says where to look; what is stored decides. */
export async function handler({ Records }: DynamoDBStreamEvent): Promise<DynamoDBBatchResponse> {
  const of = (kind: string) => Records.filter(({ dynamodb }) => dynamodb?.NewImage?.kind?.S === kind);
  const failures = await Promise.all([
    spreadAuditRecords(of('auditEntry')),
    carryIdentities(of('user')),
    keepMemberLists(of('listChange'), of('membership')),
    finish(of('unfinishedDeletion'), finishDeletions),
    finish(of('unfinishedMove'), finishMoves),
  ]);
  return {
    batchItemFailures: failures.flat().map(({ dynamodb }) => ({ itemIdentifier: dynamodb?.SequenceNumber ?? '' })),
  };
}

/** Does all there is to do of a kind, if any record says that there may be something. */
async function finish(
  records: readonly DynamoDBRecord[],
  all: () => Promise<unknown>,
): Promise<readonly DynamoDBRecord[]> {
  if (records.length === 0) return [];
  try {
    await all();
    return [];
  } catch (error) {
    services().logger.error({ consumer: consumer.name, work: all.name, cause: describeError(error) });
    return records;
  }
}
