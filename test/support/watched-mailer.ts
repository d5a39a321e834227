import { callDynamoDB } from '../../infra/local/dynamodb-wire.ts';
import type { Invitation } from '../../shared/domain/invitation/invitation.ts';
import type { MailInbox } from './mail-inbox.ts';
import type { ConsumerModule } from './table-stream.ts';
import type { TableUnderTest } from './table-under-test.ts';

/** What one call of the mailer has done for an invitation. */
export interface MailerRun {
  /** Whether a mail was due when it began. */
  readonly wasDue: boolean;
  /** How many mails SES took. */
  readonly sent: number;
}

/** The mailer, each call of it written down. What is due is read past whatever disturbs the calls to the engine. */
export function watched(
  { consumer, handler }: ConsumerModule,
  { engine, tableName }: TableUnderTest,
  inbox: MailInbox,
  { id, email }: Invitation,
): ConsumerModule & { readonly runs: readonly MailerRun[] } {
  const runs: MailerRun[] = [];
  async function isDue(): Promise<boolean> {
    const { Count } = await callDynamoDB<{ Count: number }>(engine.url, 'table', 'Scan', {
      TableName: tableName,
      ConsistentRead: true,
      FilterExpression: 'id = :id AND attribute_exists(mailDue)',
      ExpressionAttributeValues: { ':id': { N: String(id) } },
    });
    return Count > 0;
  }
  return {
    consumer,
    runs,
    async handler(event) {
      const [wasDue, before] = [await isDue(), await inbox.mailsTo(email)];
      try {
        return await handler(event);
      } finally {
        runs.push({ wasDue, sent: (await inbox.mailsTo(email)).length - before.length });
      }
    },
  };
}
