import { SESv2Client, SendEmailCommand } from '@aws-sdk/client-sesv2';

const client = new SESv2Client({});

interface Event {
  readonly Records: {
    readonly eventID: string;
    readonly eventSourceARN: string;
    readonly dynamodb: { readonly SequenceNumber: string; readonly NewImage: { readonly sk: { readonly S: string } } };
  }[];
}

/** Sends a mail for each letter. A letter that begins with `bad` fails; one that begins with `fatal` fails the batch. */
export async function handler(event: Event) {
  const names = event.Records.map((record) => record.dynamodb.NewImage.sk.S);
  console.log(`batch ${names.join(',')}`);
  for (const record of event.Records) {
    const name = record.dynamodb.NewImage.sk.S;
    if (name.startsWith('fatal')) throw new Error(`cannot bear ${name}`);
    if (name.startsWith('bad')) {
      return { batchItemFailures: [{ itemIdentifier: record.dynamodb.SequenceNumber }] };
    }
    await client.send(
      new SendEmailCommand({
        FromEmailAddress: 'sender@example.com',
        ConfigurationSetName: process.env.CONFIGURATION_SET,
        Destination: { ToAddresses: [name.includes('@') ? name : `${name}@example.com`] },
        Content: { Simple: { Subject: { Data: `Letter ${name}` }, Body: { Text: { Data: 'Hello' } } } },
      }),
    );
  }
  return { batchItemFailures: [] };
}
