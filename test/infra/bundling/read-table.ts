import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { BatchGetCommand, DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod/mini';
import en from 'zod/v4/locales/en.js';

const client = DynamoDBDocumentClient.from(new DynamoDBClient({}));

const Item = z.object({ pk: z.string(), name: z.string() });

/** Reads the items with these keys, and says in English what is wrong with them. */
export async function handler(event: { readonly table: string; readonly keys: readonly string[] }) {
  const { Responses } = await client.send(
    new BatchGetCommand({ RequestItems: { [event.table]: { Keys: event.keys.map((pk) => ({ pk })) } } }),
  );
  return (Responses?.[event.table] ?? []).map((item) => {
    const parsed = z.safeParse(Item, item, { error: en().localeError });
    return parsed.success ? parsed.data.name : parsed.error.issues.map((issue) => issue.message);
  });
}
