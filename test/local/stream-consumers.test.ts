import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { StreamConsumerDefinition } from '../../infra/local/application.ts';
import { type DynamoDBEngine, startDynamoDBEngine } from '../../infra/local/dynamodb-engine.ts';
import { callDynamoDB } from '../../infra/local/dynamodb-wire.ts';
import type { FunctionPool, Outcome } from '../../infra/local/function-pool.ts';
import { createStreamConsumers } from '../../infra/local/stream-consumers.ts';
import { ensureTable } from '../../infra/local/tables.ts';
import { temporaryFolder } from './sample-assembly.ts';

let engine: DynamoDBEngine;
beforeAll(async () => {
  engine = await startDynamoDBEngine();
});
afterAll(() => engine.stop());

let tables = 0;
async function makeTable(): Promise<{ name: string; streamArn: string }> {
  tables += 1;
  const name = `things-${tables}`;
  const streamArn = await ensureTable(engine.url, {
    name,
    creation: {
      TableName: name,
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' }],
      KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
      StreamSpecification: { StreamEnabled: true, StreamViewType: 'NEW_AND_OLD_IMAGES' },
    },
  });
  return { name, streamArn: streamArn ?? '' };
}

async function put(table: string, count: number): Promise<void> {
  for (let item = 0; item < count; item++) {
    await callDynamoDB(engine.url, 'table', 'PutItem', { TableName: table, Item: { pk: { S: `item ${item}` } } });
  }
}

const consumerOf = (streamArn: string, changes: Partial<StreamConsumerDefinition> = {}): StreamConsumerDefinition => ({
  name: 'consumer',
  functionArn: 'function',
  streamArn,
  batchSize: 10,
  batchWindowSeconds: 0,
  patterns: [],
  bisects: true,
  retriesMax: 0,
  recordAgeMaxSeconds: -1,
  reportsItemFailures: true,
  failureArn: 'dead',
  ...changes,
});

interface Batch {
  readonly names: string[];
  readonly sequenceNumbers: string[];
}

/** A function that a test plays itself: it decides for each batch what becomes of it. */
function playing(decide: (batch: Batch) => Outcome | Promise<Outcome>): FunctionPool {
  return {
    async invoke(_, event) {
      const { Records } = JSON.parse(event);
      return decide({
        names: Records.map((record: { dynamodb: { Keys: { pk: { S: string } } } }) => record.dynamodb.Keys.pk.S),
        sequenceNumbers: Records.map(
          (record: { dynamodb: { SequenceNumber: string } }) => record.dynamodb.SequenceNumber,
        ),
      });
    },
    replace() {},
    async stop() {},
  };
}
const answered = (payload: object = {}): Outcome => ({
  kind: 'answer',
  requestId: 'r',
  payload: JSON.stringify(payload),
});
const failed: Outcome = { kind: 'failure', requestId: 'r', error: { errorType: 'Error', errorMessage: 'as played' } };
const itemNames = (count: number) => Array.from({ length: count }, (_, index) => `item ${index}`);

test('every record is done or in the dead letters, whichever fail, and in the order of the stream', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 1, max: 12 }),
      fc.integer({ min: 1, max: 6 }),
      fc.uniqueArray(fc.integer({ min: 0, max: 11 })),
      fc.boolean(),
      async (count, batchSize, bad, reports) => {
        const { name, streamArn } = await makeTable();
        const fails = (item: string) => bad.includes(Number(item.slice(5)));
        const done: string[] = [];
        const dead: number[] = [];
        const functions = playing(({ names, sequenceNumbers }) => {
          expect(names.length).toBeLessThanOrEqual(batchSize);
          const firstBad = names.findIndex(fails);
          if (firstBad === -1) done.push(...names);
          else if (reports) done.push(...names.slice(0, firstBad));
          if (firstBad === -1) return answered({ batchItemFailures: [] });
          return reports ? answered({ batchItemFailures: [{ itemIdentifier: sequenceNumbers[firstBad] }] }) : failed;
        });
        const consumers = createStreamConsumers({
          dynamodbUrl: engine.url,
          functions,
          send: (_, body) => dead.push(JSON.parse(body).DDBStreamBatchInfo.batchSize),
        });
        await put(name, count);
        await consumers.serve([consumerOf(streamArn, { batchSize, reportsItemFailures: reports })]);
        const good = itemNames(count).filter((item) => !fails(item));
        await expect.poll(() => done.length + dead.length, { timeout: 10_000, interval: 5 }).toBe(count);
        await consumers.stop();
        expect(done).toEqual(good);
        expect(dead).toEqual(Array.from({ length: count - good.length }, () => 1));
      },
    ),
    { numRuns: 25 },
  );
}, 60_000);

test('a failing record is tried as often as it says, and the records behind it wait for that', async () => {
  const { name, streamArn } = await makeTable();
  const seen: string[] = [];
  const dead: { requestContext: { approximateInvokeCount: number } }[] = [];
  const functions = playing(({ names }) => {
    seen.push(...names);
    return names[0] === 'item 0' ? failed : answered();
  });
  const consumers = createStreamConsumers({
    dynamodbUrl: engine.url,
    functions,
    send: (_, body) => dead.push(JSON.parse(body)),
  });
  await put(name, 2);
  await consumers.serve([consumerOf(streamArn, { batchSize: 1, retriesMax: 2 })]);
  await expect.poll(() => seen, { timeout: 10_000 }).toEqual(['item 0', 'item 0', 'item 0', 'item 1']);
  expect(dead).toMatchObject([{ requestContext: { approximateInvokeCount: 3 } }]);
  await consumers.stop();
});

test('a batch waits for its window to fill', async () => {
  const { name, streamArn } = await makeTable();
  const batches: string[][] = [];
  const functions = playing(({ names }) => {
    batches.push(names);
    return answered();
  });
  const consumers = createStreamConsumers({ dynamodbUrl: engine.url, functions, send() {} });
  await consumers.serve([consumerOf(streamArn, { batchSize: 3, batchWindowSeconds: 1 })]);
  await put(name, 4);
  await expect.poll(() => batches, { timeout: 10_000 }).toEqual([itemNames(3), ['item 3']]);
  await consumers.stop();
});

test('what was not done with at the end is delivered to the next consumer, and nothing else is', async () => {
  const { name, streamArn } = await makeTable();
  const dataFolder = temporaryFolder();
  const options = { dynamodbUrl: engine.url, send() {}, dataFolder };
  let begun = false;
  // It takes two, and is in the middle of the third when it is ended.
  const first = createStreamConsumers({
    ...options,
    functions: playing(({ names }) => {
      if (names[0] !== 'item 2') return answered();
      begun = true;
      return new Promise<Outcome>((resolve) => {
        setTimeout(() => resolve({ ...failed, error: { errorType: 'ServiceException', errorMessage: 'ended' } }), 300);
      });
    }),
  });
  await put(name, 4);
  await first.serve([consumerOf(streamArn, { batchSize: 1 })]);
  await expect.poll(() => begun, { timeout: 10_000 }).toBe(true);
  await first.stop();

  const seen: string[] = [];
  const second = createStreamConsumers({
    ...options,
    functions: playing(({ names }) => {
      seen.push(...names);
      return answered();
    }),
  });
  await second.serve([consumerOf(streamArn, { batchSize: 1 })]);
  await expect.poll(() => seen, { timeout: 10_000 }).toEqual(['item 2', 'item 3']);
  await second.stop();
});

test('progress that cannot be read is told in a sentence', async () => {
  const dataFolder = temporaryFolder();
  const file = join(dataFolder, 'stream-progress', 'consumer.json');
  mkdirSync(join(dataFolder, 'stream-progress'));
  writeFileSync(file, '{');
  const consumers = createStreamConsumers({
    dynamodbUrl: engine.url,
    functions: playing(() => failed),
    send() {},
    dataFolder,
  });
  await expect(consumers.serve([consumerOf('any')])).rejects.toThrow(`The file ${file} cannot be read`);
});
