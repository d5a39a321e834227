import { PurgeQueueCommand, SQSClient } from '@aws-sdk/client-sqs';
import { services } from './services.ts';

let client: SQSClient | undefined;

/** Empties the queue of what a consumer has failed at, once that is done otherwise. */
export async function emptyDeadLetters(): Promise<void> {
  const { deadLettersUrl } = services().settings;
  if (deadLettersUrl === undefined) throw new Error('No dead-letter queue was given.');
  client ??= new SQSClient({ maxAttempts: 4 });
  try {
    await client.send(new PurgeQueueCommand({ QueueUrl: deadLettersUrl }));
  } catch (error) {
    // It is being emptied already.
    if ((error as Error).name !== 'PurgeQueueInProgress') throw error;
  }
}
