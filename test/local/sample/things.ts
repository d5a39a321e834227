import { DynamoDBClient, PutItemCommand, QueryCommand } from '@aws-sdk/client-dynamodb';

const client = new DynamoDBClient({});
const TableName = process.env.TABLE_NAME ?? '';

interface Event {
  readonly requestContext: { readonly http: { readonly method: string } };
  readonly body?: string;
}

/** Puts the things that it is given, or lists all. */
export async function handler(event: Event) {
  if (event.requestContext.http.method === 'POST') {
    const things: { sk: string; kind: string }[] = JSON.parse(event.body ?? '[]');
    for (const { sk, kind } of things) {
      await client.send(
        new PutItemCommand({
          TableName,
          Item: { pk: { S: 'thing' }, sk: { S: sk }, kind: { S: kind }, name: { S: sk } },
        }),
      );
    }
    return { put: things.length };
  }
  const { Items = [] } = await client.send(
    new QueryCommand({
      TableName,
      IndexName: 'by-name',
      KeyConditionExpression: 'pk = :pk',
      ExpressionAttributeValues: { ':pk': { S: 'thing' } },
    }),
  );
  return { things: Items.map((item) => item.sk?.S) };
}
