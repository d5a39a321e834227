import type { DynamoDBRecord } from 'aws-lambda';
import { spreadAuditRecord } from '../domain/audit/spread-audit-record.ts';
import { inParallel } from '../domain/in-parallel.ts';
import { describeError } from '../http/describe-error.ts';
import { servicesWith } from './services.ts';
import { audit, organizations } from './stores.ts';

/** How many records are worked on side by side. */
const recordsAtOnce = 16;

/** Shows what was changed in an organization in all organizations above it. Answers the records that failed. */
export async function spreadAuditRecords(records: readonly DynamoDBRecord[]): Promise<DynamoDBRecord[]> {
  const { stores, logger } = servicesWith({ audit, organizations });
  const failed: DynamoDBRecord[] = [];
  await inParallel(records, recordsAtOnce, async (record) => {
    const { organizationId, timestamp, requestId } = record.dynamodb?.NewImage ?? {};
    try {
      await spreadAuditRecord(stores, {
        organizationId: Number(organizationId?.N),
        timestamp: Number(timestamp?.N),
        requestId: String(requestId?.S),
      });
    } catch (error) {
      logger.error({ work: 'spread audit records', requestId: requestId?.S, cause: describeError(error) });
      failed.push(record);
    }
  });
  return failed;
}
