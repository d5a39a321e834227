import { DynamoDBClient, GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';

const client = new DynamoDBClient({});
const TableName = process.env.TABLE_NAME ?? '';
const Key = { pk: { S: 'administrator' }, sk: { S: 'administrator' } };

/** Makes the administrator, or answers the one there is. */
export async function handler({ email, password }: { email: string; password: string }) {
  const { Item } = await client.send(new GetItemCommand({ TableName, Key }));
  if (Item !== undefined) return { email: Item.email?.S, made: false };
  await client.send(
    new PutItemCommand({ TableName, Item: { ...Key, email: { S: email }, password: { S: password } } }),
  );
  return { email, made: true };
}
