import { SESv2Client, SendEmailCommand } from '@aws-sdk/client-sesv2';
import type { MailSender } from '../domain/mail/mail.ts';
import { services } from './services.ts';

const charset = 'UTF-8';

let client: SESv2Client | undefined;

/** SES. Imported by the mailer alone: no other function pays for its client. */
export const mailSender: MailSender = {
  async send({ to, subject, text, html, tags }) {
    client ??= new SESv2Client({ maxAttempts: 4 });
    const { mailSender: from, mailConfigurationSet } = services().settings;
    const { MessageId } = await client.send(
      new SendEmailCommand({
        FromEmailAddress: from,
        Destination: { ToAddresses: [to] },
        Content: {
          Simple: {
            Subject: { Data: subject, Charset: charset },
            Body: { Text: { Data: text, Charset: charset }, Html: { Data: html, Charset: charset } },
          },
        },
        EmailTags: Object.entries(tags).map(([Name, Value]) => ({ Name, Value })),
        ...(mailConfigurationSet === undefined ? {} : { ConfigurationSetName: mailConfigurationSet }),
      }),
    );
    if (MessageId === undefined) throw new Error('SES took a mail without naming it.');
    return MessageId;
  },
};
