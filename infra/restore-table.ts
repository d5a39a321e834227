/**
 * `npm run restore-table -- --from <table> --to <table>`: makes the second table hold what the first holds and nothing else,
 * in the AWS account of the environment. It is how a restored table becomes the stage's own (docs/operating.md). Nobody
 * may write to either meanwhile. Where it was broken off it is run again.
 */
import { parseArgs } from 'node:util';
import {
  type AttributeValue,
  BatchGetItemCommand,
  BatchWriteItemCommand,
  DynamoDBClient,
  paginateScan,
  type WriteRequest,
} from '@aws-sdk/client-dynamodb';
import { tableKeys } from '../shared/data/table.ts';

type Item = Record<string, AttributeValue>;

/** How many parts of a table are read side by side. */
const segments = 8;

/** Most items that DynamoDB takes in one BatchWriteItem, and most that it gives in one BatchGetItem. */
const writesMax = 25;
const readsMax = 100;

/** How long to wait before what DynamoDB had no room for is asked again, in milliseconds. */
const pauseMilliseconds = 200;

const { values } = parseArgs({ options: { from: { type: 'string' }, to: { type: 'string' } } });
if (values.from === undefined || values.to === undefined || values.from === values.to) {
  console.error('Say which: npm run restore-table -- --from <restored table> --to <table of the stage>');
  process.exitCode = 2;
} else {
  const client = new DynamoDBClient({ maxAttempts: 10 });
  const copied = await copyItems(client, values.from, values.to);
  if (copied === 0) throw new Error(`${values.from} is empty: nothing of ${values.to} is removed for that.`);
  console.log(`Copied ${copied} items.`);
  console.log(`Removed ${await removeOthers(client, values.from, values.to)} items that ${values.from} has not.`);
}

/** Answers how many there were. */
function copyItems(client: DynamoDBClient, from: string, to: string): Promise<number> {
  return forAllItems(client, from, async (items) => {
    const writes = items.map((Item) => ({ PutRequest: { Item } }));
    await writeAll(client, to, writes);
    return writes.length;
  });
}

/** Removes from the table `to` what `from` has not. Answers how many there were. */
function removeOthers(client: DynamoDBClient, from: string, to: string): Promise<number> {
  return forAllItems(client, to, async (items) => {
    const others = await missingFrom(client, from, items.map(keyOf));
    const writes = others.map((Key) => ({ DeleteRequest: { Key } }));
    await writeAll(client, to, writes);
    return writes.length;
  });
}

/** Works through all items of a table, page after page in each segment. Answers the sum of what the pages came to. */
async function forAllItems(
  client: DynamoDBClient,
  table: string,
  work: (items: readonly Item[]) => Promise<number>,
): Promise<number> {
  const ofSegment = async (Segment: number) => {
    let sum = 0;
    const scan = { TableName: table, ConsistentRead: true, TotalSegments: segments, Segment };
    for await (const { Items = [] } of paginateScan({ client }, scan)) sum += await work(Items);
    return sum;
  };
  const sums = await Promise.all(Array.from({ length: segments }, (_, segment) => ofSegment(segment)));
  return sums.reduce((total, sum) => total + sum, 0);
}

function keyOf(item: Item): Item {
  const names: readonly string[] = [tableKeys.partition, tableKeys.sort];
  return Object.fromEntries(Object.entries(item).filter(([name]) => names.includes(name)));
}

/** Those of the keys that the table has no item for. */
async function missingFrom(client: DynamoDBClient, table: string, keys: readonly Item[]): Promise<readonly Item[]> {
  const missing = new Map(keys.map((key) => [textOf(key), key]));
  const { partition, sort } = tableKeys;
  await inPortions(keys, readsMax, async (Keys) => {
    const read = { Keys, ConsistentRead: true, ProjectionExpression: `${partition}, ${sort}` };
    const answer = await client.send(new BatchGetItemCommand({ RequestItems: { [table]: read } }));
    for (const found of answer.Responses?.[table] ?? []) missing.delete(textOf(found));
    return answer.UnprocessedKeys?.[table]?.Keys;
  });
  return [...missing.values()];
}

async function writeAll(client: DynamoDBClient, table: string, writes: readonly WriteRequest[]): Promise<void> {
  await inPortions(writes, writesMax, async (some) => {
    const answer = await client.send(new BatchWriteItemCommand({ RequestItems: { [table]: some } }));
    return answer.UnprocessedItems?.[table];
  });
}

/** Asks for all of these, so many at a time, and for what DynamoDB had no room for until it has: `ask` answers that. */
async function inPortions<Value>(
  all: readonly Value[],
  most: number,
  ask: (some: Value[]) => Promise<Value[] | undefined>,
): Promise<void> {
  for (let at = 0; at < all.length; at += most) {
    let left = all.slice(at, at + most);
    while (left.length > 0) {
      left = (await ask(left)) ?? [];
      if (left.length > 0) await new Promise((resolve) => setTimeout(resolve, pauseMilliseconds));
    }
  }
}

function textOf(key: Item): string {
  return JSON.stringify([key[tableKeys.partition]?.S, key[tableKeys.sort]?.S]);
}
