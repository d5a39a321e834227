import { SESv2Client, SendEmailCommand } from '@aws-sdk/client-sesv2';
import type { Mail } from '../domain/mail/mail.ts';
import { services } from './services.ts';

let client: SESv2Client | undefined;

/** Hands a mail to SES. When it returns, SES has taken it. */
export async function sendMail({ to, subject, text, html, tags }: Mail): Promise<void> {
  const { mailSender, mailConfigurationSet } = services().settings;
  client ??= new SESv2Client({
    maxAttempts: 4,
    requestHandler: { connectionTimeout: 1_000, requestTimeout: 10_000, throwOnRequestTimeout: true },
  });
  const content = (Data: string) => ({ Data, Charset: 'UTF-8' });
  await client.send(
    new SendEmailCommand({
      FromEmailAddress: mailSender,
      ...(mailConfigurationSet === undefined ? {} : { ConfigurationSetName: mailConfigurationSet }),
      Destination: { ToAddresses: [to] },
      Content: {
        Simple: { Subject: content(subject), Body: { Text: content(text), Html: content(html) } },
      },
      EmailTags: Object.entries(tags).map(([Name, Value]) => ({ Name, Value })),
    }),
  );
}
