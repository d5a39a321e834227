import type { DynamoDBBatchResponse, DynamoDBRecord, DynamoDBStreamEvent } from 'aws-lambda';
import { spreadAuditRecord } from '../../shared/domain/audit/spread-audit-record.ts';
import { inParallel } from '../../shared/domain/in-parallel.ts';
import { defineConsumer } from '../../shared/http/define-job.ts';
import { servicesWith } from '../../shared/runtime/services.ts';
import { audit, organizations } from '../../shared/runtime/stores.ts';

/** Shows what was changed in an organization in all organizations above it. */
export const consumer = defineConsumer({
  name: 'audit-fan-out',
  summary: 'Copies audit entries to the organizations above',
  table: { actions: ['BatchGetItem', 'PutItem', 'BatchWriteItem'] },
  timeoutSeconds: 60,
  patterns: [{ eventName: ['INSERT'], dynamodb: { NewImage: { kind: { S: ['auditEntry'] } } } }],
  batchSize: 100,
  maxRetries: 20,
  parallelBatches: 4,
});

/** How many records of a batch are worked on side by side. */
const recordsAtOnce = 16;

export async function handler({ Records }: DynamoDBStreamEvent): Promise<DynamoDBBatchResponse> {
  const { stores, logger } = servicesWith({ audit, organizations });
  const failed: DynamoDBRecord[] = [];
  await inParallel(Records, recordsAtOnce, async (record) => {
    const { organizationId, timestamp, requestId } = record.dynamodb?.NewImage ?? {};
    try {
      await spreadAuditRecord(stores, {
        organizationId: Number(organizationId?.N),
        timestamp: Number(timestamp?.N),
        requestId: String(requestId?.S),
      });
    } catch (error) {
      const { name, message } = error as Error;
      logger.error({ consumer: consumer.name, requestId: requestId?.S, cause: `${name}: ${message}` });
      failed.push(record);
    }
  });
  return { batchItemFailures: failed.map(({ dynamodb }) => ({ itemIdentifier: dynamodb?.SequenceNumber ?? '' })) };
}
