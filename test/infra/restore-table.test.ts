import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, expect, test } from 'vitest';
import { startDynamoDBEngine } from '../../infra/local/dynamodb-engine.ts';
import { callDynamoDB } from '../../infra/local/dynamodb-wire.ts';
import { tableKeys } from '../../shared/data/table.ts';
import { engineUnderTest } from '../support/table-under-test.ts';

const engine = await startDynamoDBEngine({ engine: engineUnderTest });
afterAll(() => engine.stop());

/** What `npm run restore-table` says. */
async function restore(from: string, to: string): Promise<string> {
  const script = join(import.meta.dirname, '../../infra/restore-table.ts');
  const { stdout } = await promisify(execFile)('node', [script, '--from', from, '--to', to], {
    env: {
      ...process.env,
      AWS_ENDPOINT_URL_DYNAMODB: engine.url,
      AWS_REGION: 'us-east-1',
      AWS_ACCESS_KEY_ID: 'test',
      AWS_SECRET_ACCESS_KEY: 'test',
    },
  });
  return stdout;
}

type Item = Readonly<Record<string, { readonly S: string }>>;

const item = (organization: number, member: number, of: string): Item => ({
  pk: { S: `ORG#${organization}` },
  sk: { S: `MEMBER#${member}` },
  of: { S: of },
});

/** A table with these items in it. */
async function tableOf(tableName: string, items: readonly Item[]): Promise<string> {
  const keys = [tableKeys.partition, tableKeys.sort];
  await callDynamoDB(engine.url, 'table', 'CreateTable', {
    TableName: tableName,
    BillingMode: 'PAY_PER_REQUEST',
    AttributeDefinitions: keys.map((AttributeName) => ({ AttributeName, AttributeType: 'S' })),
    KeySchema: keys.map((AttributeName, index) => ({ AttributeName, KeyType: index === 0 ? 'HASH' : 'RANGE' })),
  });
  for (let at = 0; at < items.length; at += 25) {
    const writes = items.slice(at, at + 25).map((Item) => ({ PutRequest: { Item } }));
    await callDynamoDB(engine.url, 'table', 'BatchWriteItem', { RequestItems: { [tableName]: writes } });
  }
  return tableName;
}

async function itemsOf(tableName: string): Promise<readonly string[]> {
  const { Items } = await callDynamoDB<{ Items: Item[] }>(engine.url, 'table', 'Scan', { TableName: tableName });
  return Items.map(({ pk, sk, of }) => `${pk?.S} ${sk?.S} ${of?.S}`).sort();
}

/** More than one call of every kind takes. */
const members = [...Array(260).keys()];

test('a table becomes what another is: what was lost is back, what has changed is as it was, what came since is gone', async () => {
  const restored = await tableOf(
    'restored',
    members.map((member) => item(member % 7, member, 'before')),
  );
  const own = await tableOf('own', [
    ...members.filter((member) => member % 3 === 0).map((member) => item(member % 7, member, 'after')),
    ...members.map((member) => item(100, member, 'since')),
  ]);
  expect(await restore(restored, own)).toBe('Copied 260 items.\nRemoved 260 items that restored has not.\n');
  expect(await itemsOf(own)).toEqual(await itemsOf(restored));
  expect(await restore(restored, own)).toBe('Copied 260 items.\nRemoved 0 items that restored has not.\n');
});

test('a table is not emptied for one that has nothing in it', async () => {
  const [empty, full] = await Promise.all([tableOf('empty', []), tableOf('full', [item(1, 1, 'kept')])]);
  await expect(restore(empty, full)).rejects.toThrow('empty is empty');
  expect(await itemsOf(full)).toEqual(['ORG#1 MEMBER#1 kept']);
});
