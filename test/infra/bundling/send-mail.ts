import { SESv2Client, SendEmailCommand } from '@aws-sdk/client-sesv2';

const client = new SESv2Client({});

/** Sends one mail and answers its id. */
export async function handler(event: { readonly to: string; readonly subject: string; readonly text: string }) {
  const { MessageId } = await client.send(
    new SendEmailCommand({
      FromEmailAddress: 'sender@tenantry.example',
      Destination: { ToAddresses: [event.to] },
      Content: { Simple: { Subject: { Data: event.subject }, Body: { Text: { Data: event.text } } } },
    }),
  );
  return MessageId;
}
