import type { DynamoDBBatchResponse, DynamoDBStreamEvent } from 'aws-lambda';
import { finishIdentityChange } from '../../shared/domain/user/change-identity.ts';
import { defineConsumer } from '../../shared/http/define-job.ts';
import { servicesWith } from '../../shared/runtime/services.ts';
import { members, organizations, sessions, users } from '../../shared/runtime/stores.ts';

/** Brings the memberships of people whose name, address or state has changed up to date, where that is still due. */
export const consumer = defineConsumer({
  name: 'identity-copies',
  summary: 'Carries changes of a person into all their memberships',
  table: { actions: ['BatchGetItem', 'Query', 'PutItem', 'UpdateItem', 'ConditionCheckItem'] },
  timeoutSeconds: 300,
  patterns: [{ dynamodb: { NewImage: { kind: { S: ['user'] }, copiesDue: { N: [{ exists: true }] } } } }],
  batchSize: 10,
  maxRetries: 20,
});

export async function handler(event: DynamoDBStreamEvent): Promise<DynamoDBBatchResponse> {
  const { stores, openChanges, commit, logger } = servicesWith({ members, organizations, sessions, users });
  for (const { dynamodb } of event.Records) {
    try {
      await finishIdentityChange(stores, Number(dynamodb?.NewImage?.id?.N), async (request, write) => {
        const changes = openChanges({ email: request.authorEmail, credentialId: request.authorCredentialId });
        write(changes);
        await commit(changes, { requestId: request.requestId, ip: request.ip, now: request.at });
      });
    } catch (error) {
      logger.error({ consumer: consumer.name, cause: error instanceof Error ? error.message : String(error) });
      return { batchItemFailures: [{ itemIdentifier: dynamodb?.SequenceNumber ?? '' }] };
    }
  }
  return { batchItemFailures: [] };
}
