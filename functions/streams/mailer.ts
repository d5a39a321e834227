import type { DynamoDBBatchResponse, DynamoDBRecord, DynamoDBStreamEvent } from 'aws-lambda';
import { defineConsumer } from '../../shared/http/define-job.ts';
import { deliverMail } from '../../shared/runtime/deliver-mail.ts';
import { services } from '../../shared/runtime/services.ts';

/**
 * Sends the mails that links and invitations ask for. A record only says where to look: what is stored then decides,
 * so a record that comes twice sends nothing twice, and one that failed is simply tried again, with another token.
 */
export const consumer = defineConsumer({
  name: 'mailer',
  summary: 'Sends the mails that are due',
  table: { actions: ['BatchGetItem', 'PutItem', 'UpdateItem', 'DeleteItem'] },
  mail: true,
  // What goes wrong here goes out to people, and SES has a rate of its own.
  instancesMax: 10,
  timeoutSeconds: 60,
  patterns: [{ dynamodb: { NewImage: { kind: { S: ['link', 'invitation'] }, mailDue: { N: [{ exists: true }] } } } }],
  batchSize: 10,
  maxRetries: 10,
  parallelBatches: 4,
});

export async function handler({ Records }: DynamoDBStreamEvent): Promise<DynamoDBBatchResponse> {
  const byItem = Map.groupBy(Records.filter(asksForMail), keyText);
  const failures = await Promise.all([...byItem.values()].map(serve));
  return { batchItemFailures: failures.flat() };
}

/** Whether the record is about a mail that became due; not one of our own notes about a mail that is due. */
function asksForMail({ dynamodb }: DynamoDBRecord): boolean {
  return dynamodb?.NewImage?.mailDue?.N !== undefined && dynamodb.NewImage.mailDue.N !== dynamodb.OldImage?.mailDue?.N;
}

function keyText({ dynamodb }: DynamoDBRecord): string {
  return `${dynamodb?.Keys?.pk?.S}|${dynamodb?.Keys?.sk?.S}`;
}

/** Serves the records of one item, all at once: the latest is what is stored. Answers those that failed. */
async function serve(records: readonly DynamoDBRecord[]): Promise<{ itemIdentifier: string }[]> {
  const image = records[0]?.dynamodb?.NewImage;
  const id = Number(image?.id?.N);
  try {
    const organizationId = Number(image?.organizationId?.N);
    await deliverMail(
      image?.kind?.S === 'invitation' ? { kind: 'invitation', organizationId, id } : { kind: 'link', id },
    );
    return [];
  } catch (error) {
    // No message of SES's: it may name the address.
    const cause = { name: (error as Error).name };
    services().logger.error({ consumer: consumer.name, kind: image?.kind?.S, id, cause });
    return records.map(({ dynamodb }) => ({ itemIdentifier: dynamodb?.SequenceNumber ?? '' }));
  }
}
