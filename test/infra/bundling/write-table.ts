import { DynamoDBClient, TransactionCanceledException } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, PutCommand, QueryCommand, TransactWriteCommand } from '@aws-sdk/lib-dynamodb';

const client = DynamoDBDocumentClient.from(new DynamoDBClient({}), {
  marshallOptions: { removeUndefinedValues: true },
});

/** Writes an item, then is refused twice for its being there, and reads it back. Answers all that it was told. */
export async function handler({ table }: { readonly table: string }) {
  const Item = { pk: 'written', count: 7, parts: ['a', { deep: true }], nothing: null, left: undefined };
  const isNew = {
    TableName: table,
    Item,
    ConditionExpression: 'attribute_not_exists(pk)',
    ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
  } as const;
  await client.send(new PutCommand(isNew));
  const refusal = await client.send(new PutCommand(isNew)).catch((error) => error);
  const cancellation = await client
    .send(new TransactWriteCommand({ TransactItems: [{ Put: isNew }] }))
    .catch((error) => error);
  const { Items } = await client.send(
    new QueryCommand({
      TableName: table,
      KeyConditionExpression: 'pk = :pk',
      ExpressionAttributeValues: { ':pk': 'written' },
      ConsistentRead: true,
    }),
  );
  return {
    items: Items,
    refusal: { name: refusal.name, item: refusal.Item },
    cancellation: {
      isRecognized: cancellation instanceof TransactionCanceledException,
      reasons: cancellation.CancellationReasons,
    },
  };
}
