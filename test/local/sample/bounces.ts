import { DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';

const client = new DynamoDBClient({});

interface Event {
  readonly Records: { readonly Sns: { readonly Message: string } }[];
}

/** Notes each mail event that the topic brings. */
export async function handler(event: Event) {
  for (const { Sns } of event.Records) {
    const { eventType, mail } = JSON.parse(Sns.Message);
    const sk = `${eventType} ${mail.destination.join(',')}`;
    await client.send(
      new PutItemCommand({
        TableName: process.env.TABLE_NAME ?? '',
        Item: { pk: { S: 'thing' }, sk: { S: sk }, name: { S: sk }, kind: { S: 'event' } },
      }),
    );
  }
}
