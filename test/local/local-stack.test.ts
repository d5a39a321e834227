import { readFileSync } from 'node:fs';
import { request } from 'node:http';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startDynamoDBEngine } from '../../infra/local/dynamodb-engine.ts';
import { callDynamoDB } from '../../infra/local/dynamodb-wire.ts';
import type { LocalStack } from '../../infra/local/local-stack.ts';
import { sampleAssembly, startSample, temporaryFolder } from './sample-assembly.ts';

let stack: LocalStack;
beforeAll(async () => {
  stack = await startSample({ recordCalls: true });
}, 60_000);
afterAll(() => stack.stop());

const send = (path: string, init?: RequestInit) => fetch(`${stack.url}${path}`, init);
const behave = (how: string, init?: RequestInit) => send(`/behave/${how}`, { method: 'POST', ...init });
const json = async (response: Response) => JSON.parse(await response.text());
const echo = async (path: string, init?: RequestInit) => json(await send(path, init));

interface Mail {
  readonly subject: string;
  readonly destination: { readonly to: readonly string[] };
}
async function subjects(of: LocalStack = stack): Promise<string[]> {
  const { emails } = await json(await fetch(`${of.inboxUrl}/store`));
  return (emails as Mail[]).map(({ subject }) => subject);
}
const put = (...things: { sk: string; kind: string }[]) =>
  send('/things', { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(things) });
const letters = (...names: string[]) => put(...names.map((sk) => ({ sk, kind: 'letter' })));

describe('the gateway', () => {
  test('gives a function the event of payload format 2.0', async () => {
    const { event } = await echo('/echo/a%2Fb%20c?x=1&x=2&y=%20z', {
      method: 'PATCH',
      headers: {
        'X-Custom': 'Value',
        'content-type': 'application/json',
        cookie: 'a=1; b=2',
        'user-agent': 'sample/1',
      },
      body: '{"é":1}',
    });
    expect(event).toMatchObject({
      version: '2.0',
      routeKey: 'ANY /echo/{thing}',
      rawPath: '/echo/a/b c',
      rawQueryString: 'x=1&x=2&y=%20z',
      cookies: ['a=1', 'b=2'],
      headers: {
        'x-custom': 'Value',
        'content-type': 'application/json',
        'content-length': '8',
        'x-forwarded-for': '127.0.0.1',
      },
      queryStringParameters: { x: '1,2', y: ' z' },
      pathParameters: { thing: 'a/b c' },
      body: '{"é":1}',
      isBase64Encoded: false,
      requestContext: {
        accountId: '000000000000',
        stage: '$default',
        routeKey: 'ANY /echo/{thing}',
        http: {
          method: 'PATCH',
          path: '/echo/a/b c',
          protocol: 'HTTP/1.1',
          sourceIp: '127.0.0.1',
          userAgent: 'sample/1',
        },
      },
    });
    expect(event.headers.cookie).toBeUndefined();
    expect(event.requestContext.requestId).toMatch(/^\S{16}$/);
    expect(Math.abs(event.requestContext.timeEpoch - Date.now())).toBeLessThan(60_000);
    expect(event.requestContext.time).toMatch(/^\d\d\/[A-Z][a-z]{2}\/\d{4}:\d\d:\d\d:\d\d \+0000$/);
  });

  test('leaves out of the event what the request does not have', async () => {
    const { event } = await echo('/echo/fixed');
    for (const absent of ['body', 'cookies', 'pathParameters', 'queryStringParameters'])
      expect(event).not.toHaveProperty(absent);
    expect(event.isBase64Encoded).toBe(false);
  });

  test('joins a header that was sent twice by commas', async () => {
    const event = await new Promise<{ headers: object }>((resolve, reject) => {
      const headers = ['Authorization', 'Bearer one', 'Authorization', 'Bearer two', 'Host', 'sample.test'];
      const outgoing = request(`${stack.url}/echo/fixed`, { headers }, async (incoming) => {
        const chunks: Buffer[] = [];
        for await (const chunk of incoming) chunks.push(chunk);
        resolve(JSON.parse(Buffer.concat(chunks).toString()).event);
      });
      outgoing.once('error', reject).end();
    });
    expect(event.headers).toMatchObject({ authorization: 'Bearer one,Bearer two', host: 'sample.test' });
  });

  test('hands bytes over as base64, and text as text', async () => {
    const bytes = Buffer.from([0, 255, 1, 254]);
    const { event } = await echo('/deep/file', {
      method: 'PUT',
      headers: { 'content-type': 'image/png' },
      body: bytes,
    });
    expect(event).toMatchObject({ isBase64Encoded: true, body: bytes.toString('base64') });
    const form = await echo('/deep/form', { method: 'POST', body: new URLSearchParams({ a: 'b' }) });
    expect(form.event.isBase64Encoded).toBe(true);
    const typed = async (type: string) =>
      (await echo('/deep/text', { method: 'POST', headers: { 'content-type': type }, body: '{}' })).event;
    expect(await typed('application/json; charset=utf-8')).toMatchObject({ body: '{}', isBase64Encoded: false });
    expect(await typed('text/csv')).toMatchObject({ body: '{}', isBase64Encoded: false });
    expect(await typed('application/problem+json')).toMatchObject({ body: 'e30=', isBase64Encoded: true });
  });

  test('sends bytes, several cookies and lists of header values back', async () => {
    const bytes = Buffer.from([137, 80, 78, 71, 0, 255]);
    const response = await behave('bytes', { headers: { 'content-type': 'image/png' }, body: bytes });
    expect(response.status).toBe(201);
    expect(Buffer.from(await response.arrayBuffer())).toEqual(bytes);
    expect(response.headers.getSetCookie()).toEqual(['a=1', 'b=2; HttpOnly']);
    expect(response.headers.get('x-list')).toBe('a,b');
    expect(response.headers.get('content-type')).toBe('image/png');
    expect(response.headers.get('apigw-requestid')).toMatch(/^\S{16}$/);
  });

  test('takes an answer without a status for the body of a 200', async () => {
    const response = await behave('count');
    expect([response.status, response.headers.get('content-type')]).toEqual([200, 'application/json']);
    expect(await (await behave('nothing')).text()).toBe('null');
    const plain = await behave('plain');
    expect([plain.headers.get('content-type'), await plain.text()]).toEqual(['text/plain;charset=UTF-8', 'just text']);
  });

  test('chooses the most specific route', async () => {
    expect((await echo('/echo/fixed')).event.routeKey).toBe('GET /echo/fixed');
    expect((await echo('/echo/fixed', { method: 'POST' })).event.routeKey).toBe('ANY /echo/{thing}');
    expect((await echo('/echo/a/parts/b')).event.pathParameters).toEqual({ thing: 'a', part: 'b' });
    expect((await echo('/echo/a/b')).routeKey).toBe('ANY /echo/{thing+}');
    expect((await echo('/deep/a/b')).event.pathParameters).toEqual({ rest: 'a/b' });
  });

  test('answers 404 where there is no route, and 400 to a path that is no text', async () => {
    const missing = await send('/nowhere');
    expect([missing.status, await json(missing)]).toEqual([404, { message: 'Not Found' }]);
    expect((await send('/behave/plain')).status).toBe(404);
    expect((await send('/echo/%zz')).status).toBe(400);
  });

  test('takes a body of 10 MB, if the function can be given it, and none above', async () => {
    const sized = (bytes: number) =>
      behave('size', { headers: { 'content-type': 'text/plain' }, body: 'x'.repeat(bytes) });
    expect(await json(await sized(5 * 1024 * 1024))).toMatchObject({ size: 5 * 1024 * 1024 });
    // The event of a function holds 6 MB.
    for (const megabytes of [7, 11]) {
      const response = await sized(megabytes * 1024 * 1024);
      expect([response.status, await json(response)]).toEqual([413, { message: 'Request Entity Too Large' }]);
    }
  });

  test('refuses a head of more than 10,240 bytes', async () => {
    expect((await send('/echo/a', { headers: { 'x-long': 'x'.repeat(10_240) } })).status).toBe(431);
  });

  test('answers 503 when a function takes longer than its integration waits', async () => {
    const begun = performance.now();
    const response = await send('/slow');
    expect([response.status, await json(response)]).toEqual([503, { message: 'Service Unavailable' }]);
    expect(performance.now() - begun).toBeLessThan(2_500);
  });

  test('answers preflights itself, for the origins that the template allows', async () => {
    const preflight = (origin: string) =>
      send('/behave/count', { method: 'OPTIONS', headers: { origin, 'access-control-request-method': 'POST' } });
    const allowed = await preflight('https://app.example.com');
    expect(allowed.status).toBe(204);
    expect(Object.fromEntries(allowed.headers)).toMatchObject({
      'access-control-allow-origin': 'https://app.example.com',
      'access-control-allow-methods': 'GET,POST',
      'access-control-allow-headers': 'authorization,content-type',
      'access-control-max-age': '300',
    });
    const foreign = await preflight('https://evil.example.com');
    expect([foreign.status, foreign.headers.get('access-control-allow-origin')]).toEqual([204, null]);
  });

  test('adds the template’s CORS headers to answers, for allowed origins alone', async () => {
    const answered = await send('/echo/a', { headers: { origin: 'https://app.example.com' } });
    expect(answered.headers.get('access-control-allow-origin')).toBe('https://app.example.com');
    expect(answered.headers.get('access-control-expose-headers')).toBe('x-request-id');
    const foreign = await send('/echo/a', { headers: { origin: 'https://evil.example.com' } });
    expect([foreign.status, foreign.headers.get('access-control-allow-origin')]).toEqual([200, null]);
  });
});

describe('a function', () => {
  test('has its own environment and nothing of anybody else’s', async () => {
    process.env.OF_THE_STACK_ITSELF = 'secret';
    const [mine, others] = [(await echo('/echo/a')).environment, (await echo('/echo/a/b')).environment];
    expect(mine).toMatchObject({
      ONLY_ECHO: 'yes',
      TABLE_NAME: 'sample-things',
      AWS_REGION: 'us-east-1',
      AWS_LAMBDA_FUNCTION_NAME: 'sample-echo',
      AWS_LAMBDA_FUNCTION_MEMORY_SIZE: '256',
      _HANDLER: 'index.handler',
    });
    expect(mine.AWS_ENDPOINT_URL_DYNAMODB).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    expect(others).toMatchObject({ AWS_LAMBDA_FUNCTION_NAME: 'sample-other' });
    expect(others).not.toHaveProperty('ONLY_ECHO');
    expect(others.AWS_ACCESS_KEY_ID).not.toBe(mine.AWS_ACCESS_KEY_ID);
    for (const environment of [mine, others]) {
      expect(environment).not.toHaveProperty('OF_THE_STACK_ITSELF');
      expect(environment).not.toHaveProperty('PATH');
    }
  });

  test('keeps its instance from call to call, and answers one call at a time', async () => {
    const first = (await json(await behave('count'))).calls;
    expect((await json(await behave('count'))).calls).toBe(first + 1);
    const calls = await Promise.all(Array.from({ length: 12 }, async () => (await json(await behave('count'))).calls));
    expect(calls).toHaveLength(12);
  });

  test('keeps its instance after an error that it threw', async () => {
    const before = (await json(await behave('count'))).calls;
    const thrown = await behave('throw');
    expect([thrown.status, await json(thrown)]).toEqual([500, { message: 'Internal Server Error' }]);
    expect((await json(await behave('count'))).calls).toBeGreaterThanOrEqual(before + 1);
  });

  test.each(['exit', 'crash', 'spin', 'hang'])(
    'that comes to its end (%s) is answered 500, and begins anew',
    async (how) => {
      const before = (await json(await behave('count'))).calls;
      const begun = performance.now();
      expect((await behave(how)).status).toBe(500);
      expect(performance.now() - begun).toBeLessThan(4_000);
      expect(before).toBeGreaterThan(0);
      // Others that idle may answer first: as soon as all four are busy, it begins anew.
      const fewest = async () =>
        Math.min(
          ...(await Promise.all(Array.from({ length: 8 }, async () => (await json(await behave('count'))).calls))),
        );
      await expect.poll(fewest, { timeout: 10_000 }).toBe(1);
      expect((await send('/echo/a')).status).toBe(200);
    },
  );

  test('that answers no response, or too large a one, is answered 500', async () => {
    expect((await behave('nonsense')).status).toBe(500);
    expect((await behave('huge')).status).toBe(500);
  });

  test('is told how much time it has left', async () => {
    const { remaining } = await echo('/echo/a');
    expect(remaining).toBeGreaterThan(9_000);
    expect(remaining).toBeLessThanOrEqual(10_000);
  });

  test('has all that it prints, and how it failed, in the log', async () => {
    const requestId = (await send('/echo/a')).headers.get('x-request-id');
    await behave('throw');
    const log = readFileSync(stack.logFile, 'utf8');
    expect(log).toContain(`sample-echo ${requestId} {"said":"echo","requestId":"${requestId}"}`);
    expect(log).toMatch(/sample-behaviours \S+ ERROR \{"errorType":"TypeError","errorMessage":"as asked"/);
    expect(log).toMatch(/sample-behaviours \S+ ERROR \{"errorType":"Sandbox.Timedout".*timed out after 2.00 seconds/);
  });

  test('with the JSON log format logs objects as Lambda does, above its level', async () => {
    const { requestId } = await stack.runJob('tick');
    const lines = readFileSync(stack.logFile, 'utf8')
      .split('\n')
      .filter((line) => line.includes(` sample-tick ${requestId} `));
    expect(lines.map((line) => JSON.parse(line.slice(line.indexOf('{'))))).toEqual([
      {
        timestamp: expect.stringMatching(/Z$/),
        level: 'INFO',
        requestId,
        message: {
          said: 'tick',
          because: expect.objectContaining({ errorType: 'RangeError', errorMessage: 'as asked' }),
        },
      },
      expect.objectContaining({
        level: 'WARN',
        message: expect.stringContaining('one of two'),
        errorMessage: 'beside',
      }),
    ]);
  });

  test('reaches the object store with its own credentials', async () => {
    const response = await behave('object', { headers: { 'content-type': 'image/png' }, body: 'bytes' });
    expect(await json(response)).toEqual({ type: 'image/png', size: 5 });
  });
});

describe('stream consumers', () => {
  test('get the records that match, and no others', async () => {
    await put({ sk: 'no letter', kind: 'other' }, { sk: 'anna', kind: 'letter' });
    await expect.poll(() => subjects(), { timeout: 10_000 }).toContain('Letter anna');
    expect(await subjects()).not.toContain('Letter no letter');
  });

  test('what fails for good goes to the dead letters, and what is around it is done', async () => {
    await letters('before', 'bad one', 'between', 'fatal one', 'after');
    await expect
      .poll(() => subjects(), { timeout: 10_000 })
      .toEqual(expect.arrayContaining(['Letter before', 'Letter between', 'Letter after']));
    const waiting = () => Object.values(stack.queues()).flat();
    await expect.poll(waiting, { timeout: 10_000 }).toHaveLength(2);
    for (const { body } of waiting()) {
      expect(JSON.parse(body)).toMatchObject({
        requestContext: { condition: 'RetryAttemptsExhausted', approximateInvokeCount: 2 },
        DDBStreamBatchInfo: { batchSize: 1 },
      });
    }
    const outcome = await stack.runJob('redrive');
    expect(outcome.kind === 'answer' && JSON.parse(outcome.payload).taken).toHaveLength(2);
    expect(waiting()).toEqual([]);
  });
});

describe('mail events', () => {
  const events = async () => ((await json(await send('/things'))) as { things: string[] }).things;

  test('a mail to SES’s own bouncing address comes back through the topic', async () => {
    await letters('bounce+label@simulator.amazonses.com');
    await expect.poll(events, { timeout: 10_000 }).toContain('Bounce bounce+label@simulator.amazonses.com');
  });

  test('a bounce or complaint can be made of any mail that was sent', async () => {
    await letters('carl');
    await expect.poll(() => subjects(), { timeout: 10_000 }).toContain('Letter carl');
    expect(stack.reportMail('complaint', 'carl@example.com')).toBe(1);
    await expect.poll(events, { timeout: 10_000 }).toContain('Complaint carl@example.com');
    expect(stack.reportMail('bounce', 'nobody@example.com')).toBe(0);
  });
});

describe('jobs', () => {
  test('run with no input, as a whole, or with the one that is given', async () => {
    const untold = await stack.runJob('tick');
    expect(untold.kind === 'answer' && JSON.parse(untold.payload).event).toEqual({});
    const told = await stack.runJob('tick', { from: 'test' });
    expect(told.kind === 'answer' && JSON.parse(told.payload).event).toEqual({ from: 'test' });
  });

  test('are known by name, and consumers are none', async () => {
    expect(stack.jobs()).toEqual(['bootstrap', 'redrive', 'tick']);
    await expect(stack.runJob('consumer')).rejects.toThrow('There are: bootstrap, redrive, tick.');
  });

  test('take orders from nobody without the secret', async () => {
    expect((await fetch(stack.controlUrl)).status).toBe(401);
    const wrong = { authorization: 'Bearer wrong' };
    expect(
      (await fetch(`${stack.controlUrl}/jobs`, { method: 'POST', headers: wrong, body: '{"name":"tick"}' })).status,
    ).toBe(401);
  });
});

test('calls are recorded by function, with what they name and cost', async () => {
  await put({ sk: 'recorded', kind: 'other' });
  await send('/things');
  const calls = stack.calls.filter(({ functionName }) => functionName === 'sample-things');
  expect(calls).toContainEqual(
    expect.objectContaining({
      action: 'dynamodb:PutItem',
      status: 200,
      resources: ['arn:aws:dynamodb:us-east-1:000000000000:table/sample-things'],
      consumedCapacity: expect.objectContaining({ CapacityUnits: expect.any(Number) }),
    }),
  );
  expect(calls.at(-1)).toMatchObject({
    action: 'dynamodb:Query',
    resources: ['arn:aws:dynamodb:us-east-1:000000000000:table/sample-things/index/by-name'],
    request: { IndexName: 'by-name' },
  });
  expect(stack.calls.map(({ action }) => action)).toEqual(
    expect.arrayContaining(['s3:PutObject', 'ses:SendEmail', 'sqs:ReceiveMessage']),
  );
});

test('another app is served from now on, on the same data', async () => {
  await put({ sk: 'from before', kind: 'other' });
  expect((await echo('/echo/a')).revision).toBe('first');
  await stack.reload(sampleAssembly({ SAMPLE_REVISION: 'second' }));
  expect((await echo('/echo/a')).revision).toBe('second');
  expect((await json(await send('/things'))).things).toContain('from before');
  await letters('after the reload');
  await expect.poll(() => subjects(), { timeout: 10_000 }).toContain('Letter after the reload');
}, 60_000);

test('a kept table gets the global index that a newer app wants', async () => {
  const dataFolder = temporaryFolder();
  const older = await startSample({ dataFolder, assemblyFolder: sampleAssembly({ SAMPLE_WITHOUT_INDEX: 'yes' }) });
  await fetch(`${older.url}/things`, {
    method: 'POST',
    body: JSON.stringify([{ sk: 'kept', kind: 'other' }]),
    headers: { 'content-type': 'application/json' },
  });
  await older.stop();

  const newer = await startSample({ dataFolder });
  const found = await callDynamoDB<{ Items: object[] }>(newer.dynamodbUrl, 'table', 'Query', {
    TableName: 'sample-things',
    IndexName: 'by-kind',
    KeyConditionExpression: 'kind = :kind',
    ExpressionAttributeValues: { ':kind': { S: 'other' } },
  });
  await newer.stop();
  expect(found.Items).toMatchObject([{ sk: { S: 'kept' } }]);
}, 60_000);

test('records, mails, objects and the administrator are there after a restart', async () => {
  const dataFolder = temporaryFolder();
  const first = await startSample({ dataFolder });
  await fetch(`${first.url}/things`, {
    method: 'POST',
    body: JSON.stringify([{ sk: 'dora', kind: 'letter' }]),
    headers: { 'content-type': 'application/json' },
  });
  await fetch(`${first.url}/behave/object`, {
    method: 'POST',
    body: 'bytes',
    headers: { 'content-type': 'image/png' },
  });
  await expect.poll(() => subjects(first), { timeout: 10_000 }).toEqual(['Letter dora']);
  await first.stop();

  // Written while no consumer runs, as by a stack that is killed right after its answer.
  const engine = await startDynamoDBEngine({ dataFolder: join(dataFolder, 'dynamodb') });
  await callDynamoDB(engine.url, 'table', 'PutItem', {
    TableName: 'sample-things',
    Item: { pk: { S: 'thing' }, sk: { S: 'emil' }, kind: { S: 'letter' }, name: { S: 'emil' } },
  });
  await engine.stop();

  const second = await startSample({ dataFolder });
  expect(second.platformAdmin).toEqual(first.platformAdmin);
  await expect.poll(() => subjects(second), { timeout: 10_000 }).toEqual(['Letter dora', 'Letter emil']);
  const things = await json(await fetch(`${second.url}/things`));
  await second.stop();
  expect(things.things).toEqual(['dora', 'emil']);
}, 60_000);
