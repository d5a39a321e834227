import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { type FunctionDefinition, readApplication } from '../../infra/local/application.ts';
import { createAsynchronousCalls } from '../../infra/local/asynchronous-calls.ts';
import { readCloudAssembly } from '../../infra/local/cloud-assembly.ts';
import { openFunctionLog } from '../../infra/local/function-log.ts';
import { createFunctionPool, type FunctionPool, type Outcome } from '../../infra/local/function-pool.ts';
import { sampleAssembly, temporaryFolder } from './sample-assembly.ts';

const live = {
  apiUrl: 'http://api',
  distributionUrl: 'http://pictures',
  queuesUrl: 'http://queues',
  streamArn: () => undefined,
};
const pools: FunctionPool[] = [];
afterEach(async () => {
  for (const pool of pools.splice(0)) await pool.stop();
});

function startPool(settings: { instancesPerFunctionMax?: number; instancesMax?: number } = {}): FunctionPool {
  const pool = createFunctionPool({
    endpoints: {},
    log: openFunctionLog(join(temporaryFolder(), 'functions.log')),
    ...settings,
  });
  pools.push(pool);
  return pool;
}

function sampleFunction(name: string, changes: Partial<FunctionDefinition> = {}): FunctionDefinition {
  const found = readApplication(readCloudAssembly(sampleAssembly(), live)).functions.find(
    (each) => each.name === `sample-${name}`,
  );
  if (found === undefined) throw new Error(`The sample has no function ${name}.`);
  return { ...found, ...changes };
}

const answer = (outcome: Outcome) => {
  if (outcome.kind === 'failure') throw new Error(outcome.error.errorMessage);
  return JSON.parse(outcome.payload);
};
const behave = (how: string) => JSON.stringify({ pathParameters: { how }, isBase64Encoded: false });

test('a function has no more instances than it may, and further calls wait for them', async () => {
  const pool = startPool({ instancesPerFunctionMax: 8 });
  const one = sampleFunction('behaviours', { instancesMax: 1 });
  pool.replace([one]);
  const outcomes = await Promise.all(Array.from({ length: 5 }, () => pool.invoke(one.arn, behave('count'))));
  expect(outcomes.map((outcome) => answer(outcome).calls)).toEqual([1, 2, 3, 4, 5]);
});

test('an instance that idles makes way for another function’s', async () => {
  const pool = startPool({ instancesMax: 1 });
  const [behaviours, tick] = [sampleFunction('behaviours'), sampleFunction('tick')];
  pool.replace([behaviours, tick]);
  expect(answer(await pool.invoke(behaviours.arn, behave('count'))).calls).toBe(1);
  expect(answer(await pool.invoke(tick.arn, '{}')).event).toEqual({});
  expect(answer(await pool.invoke(behaviours.arn, behave('count'))).calls).toBe(1);
});

test('a call that is under way ends in the instance it began in; the next has the new definition', async () => {
  const pool = startPool();
  const slow = sampleFunction('slow');
  const tick = sampleFunction('tick', { environment: { REVISION: 'old' } });
  pool.replace([slow, tick]);
  const underWay = pool.invoke(slow.arn, '{}');
  expect(answer(await pool.invoke(tick.arn, '{}')).environment.REVISION).toBe('old');
  pool.replace([
    { ...slow, timeoutSeconds: 1 },
    { ...tick, environment: { REVISION: 'new' } },
  ]);
  expect(answer(await pool.invoke(tick.arn, '{}')).environment.REVISION).toBe('new');
  expect(answer(await underWay)).toEqual({ statusCode: 200, body: 'late' });
  expect(await pool.invoke(slow.arn, '{}')).toMatchObject({
    kind: 'failure',
    error: { errorType: 'Sandbox.Timedout' },
  });
});

test('a function whose code cannot be loaded fails each call with the reason', async () => {
  const pool = startPool();
  const broken = sampleFunction('tick', { handler: 'absent.handler' });
  pool.replace([broken]);
  for (let call = 0; call < 2; call++) {
    expect(await pool.invoke(broken.arn, '{}')).toMatchObject({
      kind: 'failure',
      error: { errorMessage: 'There is no module for the handler absent.handler' },
    });
  }
});

test('nobody waits for ever for a pool that stops', async () => {
  const pool = startPool();
  const slow = sampleFunction('slow', { instancesMax: 1 });
  pool.replace([slow]);
  const calls = [pool.invoke(slow.arn, '{}'), pool.invoke(slow.arn, '{}')];
  await pool.stop();
  for (const outcome of [...(await Promise.all(calls)), await pool.invoke(slow.arn, '{}')])
    expect(outcome.kind).toBe('failure');
});

test('an asynchronous call is tried again, and then told to its failure destination', async () => {
  const pool = startPool();
  const failing = sampleFunction('behaviours', {
    asynchronous: { retriesMax: 2, failureArn: 'arn:aws:sqs:us-east-1:000000000000:dead' },
  });
  pool.replace([failing]);
  const sent: { queueArn: string; body: string }[] = [];
  const calls = createAsynchronousCalls(pool, (queueArn, body) => sent.push({ queueArn, body }), [0, 0]);
  calls.serve([failing]);
  calls.begin(failing.arn, behave('throw'));
  await expect.poll(() => sent, { timeout: 5_000 }).toHaveLength(1);
  expect(sent[0]?.queueArn).toBe('arn:aws:sqs:us-east-1:000000000000:dead');
  expect(JSON.parse(sent[0]?.body ?? '')).toMatchObject({
    requestContext: { condition: 'RetriesExhausted', approximateInvokeCount: 3 },
    requestPayload: { pathParameters: { how: 'throw' } },
    responsePayload: { errorType: 'TypeError', errorMessage: 'as asked' },
  });
  calls.stop();
});
