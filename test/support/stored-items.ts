import { type DynamoDBDocumentClient, ScanCommand } from '@aws-sdk/lib-dynamodb';
import { createDocumentClient } from '../../shared/runtime/aws-clients.ts';

let client: DynamoDBDocumentClient | undefined;

/** Everything in the table under test, as it is stored. */
export async function storedItems(): Promise<Record<string, unknown>[]> {
  client ??= createDocumentClient();
  const items: Record<string, unknown>[] = [];
  let after: Record<string, unknown> | undefined;
  do {
    const page = await client.send(
      new ScanCommand({ TableName: process.env.TABLE_NAME, ConsistentRead: true, ExclusiveStartKey: after }),
    );
    items.push(...(page.Items ?? []));
    after = page.LastEvaluatedKey;
  } while (after);
  return items;
}
