import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, GetCommand } from '@aws-sdk/lib-dynamodb';

const client = DynamoDBDocumentClient.from(new DynamoDBClient({}));

/** What every function is compared with: the least that reads one item with the AWS SDK. */
export async function handler() {
  const { Item } = await client.send(
    new GetCommand({ TableName: process.env.TABLE_NAME, Key: { pk: 'nobody', sk: 'nobody' } }),
  );
  return { statusCode: 200, body: JSON.stringify(Item ?? null) };
}
