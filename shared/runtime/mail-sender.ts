import { SESv2Client, SendEmailCommand } from '@aws-sdk/client-sesv2';
import type { Mail } from '../domain/mail/mail.ts';
import { beginAnew } from '../http/begin-anew.ts';
import { services } from './services.ts';

/**
 * How long a mail waits for its turn where SES gets more a second than it takes; well within the mailer's time-out.
 * Those behind it in the stream wait with it, so that never more try at once than the mailer has in hand.
 */
const patienceMilliseconds = 30_000;

/** How SES says that mails come too fast. */
const tooFast = new Set(['TooManyRequestsException', 'ThrottlingException']);

let client: SESv2Client | undefined;

/** Hands a mail to SES, as soon as SES takes one. When it returns, SES has taken it. */
export async function sendMail({ to, subject, text, html, tags }: Mail): Promise<void> {
  const { now, settings } = services();
  const { mailSender, mailConfigurationSet } = settings;
  client ??= new SESv2Client({
    maxAttempts: 4,
    requestHandler: { connectionTimeout: 1_000, requestTimeout: 10_000, throwOnRequestTimeout: true },
  });
  const ses = client;
  const content = (Data: string) => ({ Data, Charset: 'UTF-8' });
  const command = new SendEmailCommand({
    FromEmailAddress: mailSender,
    ...(mailConfigurationSet === undefined ? {} : { ConfigurationSetName: mailConfigurationSet }),
    Destination: { ToAddresses: [to] },
    Content: {
      Simple: { Subject: content(subject), Body: { Text: content(text), Html: content(html) } },
    },
    EmailTags: Object.entries(tags).map(([Name, Value]) => ({ Name, Value })),
  });
  await beginAnew(() => ses.send(command), {
    isMoved: (error) => error instanceof Error && tooFast.has(error.name),
    now,
    until: now() + patienceMilliseconds,
  });
}
