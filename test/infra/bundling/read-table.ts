import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { BatchGetCommand, DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod/mini';

const client = DynamoDBDocumentClient.from(new DynamoDBClient({}));

const Item = z.object({ pk: z.string(), name: z.string() });

/** Reads the names of the items with these keys. */
export async function handler(event: { readonly table: string; readonly keys: readonly string[] }) {
  const { Responses } = await client.send(
    new BatchGetCommand({ RequestItems: { [event.table]: { Keys: event.keys.map((pk) => ({ pk })) } } }),
  );
  return (Responses?.[event.table] ?? []).map((item) => z.parse(Item, item).name).sort();
}
