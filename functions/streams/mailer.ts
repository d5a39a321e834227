import type { DynamoDBBatchResponse, DynamoDBRecord, DynamoDBStreamEvent } from 'aws-lambda';
import { type DueMail, deliverDueMail } from '../../shared/domain/mail/deliver-due-mail.ts';
import { defineConsumer } from '../../shared/http/define-job.ts';
import { mailSender } from '../../shared/runtime/mail-sender.ts';
import { runInBackground } from '../../shared/runtime/run-in-background.ts';
import { services } from '../../shared/runtime/services.ts';

/** Sends what invitations and links want sent. The only function that knows a token before its reader does. */
export const consumer = defineConsumer({
  name: 'mailer',
  summary: 'Send invitations and links by mail',
  table: { actions: ['BatchGetItem', 'PutItem', 'UpdateItem'] },
  mail: true,
  patterns: [
    { dynamodb: { NewImage: { kind: { S: ['invitation'] }, mailDue: { N: [{ exists: true }] } } } },
    { dynamodb: { NewImage: { kind: { S: ['link'] }, mailDue: { N: [{ exists: true }] } } } },
  ],
  batchSize: 10,
  maxRetries: 8,
  parallelBatches: 4,
  timeoutSeconds: 60,
});

/** In order; at the first that fails the rest of the batch waits for the next try. */
export async function handler({ Records }: DynamoDBStreamEvent): Promise<DynamoDBBatchResponse> {
  for (const record of Records) {
    const due = dueMailOf(record);
    if (!due) continue;
    try {
      await deliverDueMail(due, (unit) => runInBackground('mailer', unit), mailSender);
    } catch (error) {
      const name = error instanceof Error ? error.name : typeof error;
      services().logger.error({ consumer: consumer.name, kind: due.kind, id: due.id, error: name });
      return { batchItemFailures: [{ itemIdentifier: record.dynamodb?.SequenceNumber ?? '' }] };
    }
  }
  return { batchItemFailures: [] };
}

/** What a record asks for; nothing where the request for this mail is older than the record: the mailer's own writes. */
function dueMailOf({ dynamodb }: DynamoDBRecord): DueMail | undefined {
  const [before, after] = [dynamodb?.OldImage, dynamodb?.NewImage];
  if (before?.mailDue?.N !== undefined && before.mailDue.N === after?.mailDue?.N) return undefined;
  const id = Number(after?.id?.N);
  if (after?.kind?.S === 'link') return { kind: 'link', id };
  return { kind: 'invitation', organizationId: Number(after?.organizationId?.N), id };
}
