/**
 * `npm run bench:warm`: the processor time that a request takes in a function that is warm, without the network: a bare
 * handler, the pipeline with nothing in and nothing out, the pipeline with a path, a query and a body to validate, a
 * refusal, and one call to the SDK whose network is cut off, whole and as bundles have it. In turns, so that whatever else the machine does, it does
 * to all of them. Fails where the pipeline is far over its goal.
 *
 * `-- --profile pipeline` runs one of them alone for some seconds, for `node --cpu-prof`.
 */
import { Readable } from 'node:stream';
import { parseArgs } from 'node:util';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, GetCommand } from '@aws-sdk/lib-dynamodb';
import type { Context } from 'aws-lambda';
import * as z from 'zod/mini';
import { DynamoDBClient as BundledClient } from '../../infra/bundling/replacements/dynamodb-client.ts';
import { hierarchy } from '../../shared/dialects/hierarchy/envelope.ts';
import { defineEndpoint } from '../../shared/http/define-endpoint.ts';
import { identifier, organizationName, queryInteger } from '../../shared/http/fields.ts';
import { respond } from '../../shared/http/respond.ts';
import { serve } from '../../shared/runtime/serve.ts';
import { median } from './cold/measure-cold-starts.ts';
import { printGoals } from './goals.ts';

const { values: options } = parseArgs({ options: { profile: { type: 'string' } } });

/** Of the pipeline with nothing in and nothing out, in microseconds of processor time. */
const microsecondsMax = 15;
/** Time is noisy: only what is this many times over is a failure. */
const grosslyOver = 3;
const rounds = 15;

Object.assign(process.env, {
  AWS_REGION: 'us-east-1',
  AWS_ACCESS_KEY_ID: 'test',
  AWS_SECRET_ACCESS_KEY: 'test',
  TABLE_NAME: 'nothing-is-read',
  CONSOLE_URL: 'https://console.example.com',
  SIGN_UP: 'open',
  ACCESS_TOKEN_SECONDS: '3600',
  REFRESH_TOKEN_SECONDS: '2592000',
  AVATARS_DOMAIN: 'avatars.example.com',
  STAGE: 'bench',
});

const forEverybody = { permission: { public: 'nobody is asked for' }, table: { actions: [] }, errors: [] };
const plain = defineEndpoint(hierarchy, {
  ...forEverybody,
  operation: 'bench.plain',
  method: 'GET',
  path: '/bench',
  summary: 'Nothing in and nothing out',
  request: {},
  responses: { 204: null },
});
const validated = defineEndpoint(hierarchy, {
  ...forEverybody,
  operation: 'bench.validated',
  method: 'POST',
  path: '/bench/{user_id}',
  summary: 'Something of everything in, and a body out',
  request: {
    path: z.object({ user_id: identifier('user') }),
    query: z.object({ page: queryInteger(1, 1_000, 1), limit: queryInteger(1, 100, 25) }),
    body: z.strictObject({ name: organizationName, tags: z.array(z.string().check(z.maxLength(64))) }),
  },
  responses: { 200: z.object({ name: z.string() }) },
});

const handlers = {
  plain: serve(plain, {}, async () => respond(204)),
  validated: serve(validated, {}, async ({ body }) => respond(200, { name: body.name })),
};

const event = (method: string, body?: object) => ({
  version: '2.0',
  rawPath: '/bench/4242',
  rawQueryString: body ? 'page=2&limit=50' : '',
  headers: { accept: '*/*', 'content-type': 'application/json', host: 'api.example.com', 'user-agent': 'curl/8.7.1' },
  pathParameters: { user_id: '4242' },
  requestContext: { requestId: 'a-request', http: { method, path: '/bench/4242', sourceIp: '192.0.2.1' } },
  ...(body && { body: JSON.stringify(body) }),
  isBase64Encoded: false,
});
const context = { getRemainingTimeInMillis: () => 29_000 } as Context;

const answer = Buffer.from(JSON.stringify({ Item: { pk: { S: 'a' }, sk: { S: 'b' }, name: { S: 'Acme' } } }));
const requestHandler = {
  updateHttpClientConfig() {},
  httpHandlerConfigs: () => ({}),
  handle: async () => ({
    response: {
      statusCode: 200,
      headers: { 'content-type': 'application/x-amz-json-1.0' },
      body: Readable.from([answer], { objectMode: false }),
    },
  }),
};
const cutOff = DynamoDBDocumentClient.from(new DynamoDBClient({ requestHandler }));
const bundledCutOff = new BundledClient({ requestHandler });
const bare = async (_: object) => ({ statusCode: 204 });

const measured: Readonly<Record<string, () => Promise<unknown>>> = {
  'bare handler': () => bare(event('GET')),
  pipeline: () => handlers.plain(event('GET'), context),
  'pipeline with validation': () => handlers.validated(event('POST', { name: 'Acme', tags: ['a', 'b'] }), context),
  'pipeline with a refusal': () => handlers.validated(event('POST', { name: '', more: true }), context),
  'one SDK call, network cut off': () => cutOff.send(new GetCommand({ TableName: 't', Key: { pk: 'a', sk: 'b' } })),
  'the same as it is in bundles': () =>
    bundledCutOff.send({ operation: 'GetItem', input: { TableName: 't', Key: { pk: { S: 'a' }, sk: { S: 'b' } } } }),
};

/** The log line of a request is made, and goes nowhere. */
async function inSilence<Result>(work: () => Promise<Result>): Promise<Result> {
  const { write } = process.stdout;
  process.stdout.write = () => true;
  try {
    return await work();
  } finally {
    process.stdout.write = write;
  }
}

async function microsecondsOf(handle: () => Promise<unknown>, times: number): Promise<number> {
  const before = process.cpuUsage();
  for (let time = 0; time < times; time += 1) await handle();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / times;
}

if (options.profile !== undefined) {
  const handle = measured[options.profile];
  if (!handle) throw new Error(`--profile takes one of ${Object.keys(measured).join(', ')}.`);
  await inSilence(() => microsecondsOf(handle, 200_000));
} else {
  const microseconds = new Map(Object.keys(measured).map((name) => [name, [] as number[]]));
  await inSilence(async () => {
    for (let round = -2; round < rounds; round += 1) {
      for (const [name, handle] of Object.entries(measured)) {
        const taken = await microsecondsOf(handle, name.includes('SDK') || name.includes('bundles') ? 300 : 3_000);
        if (round >= 0) microseconds.get(name)?.push(taken);
      }
    }
  });
  const medians = [...microseconds].map(([name, taken]) => ({ name, value: median(taken) }));
  const base = medians[0]?.value ?? Number.NaN;
  console.log(`Warm: medians of ${rounds} rounds, in microseconds of processor time a request.\n`);
  for (const { name, value } of medians) {
    console.log(
      `${name.padEnd(32)}${value.toFixed(1).padStart(8)}${`${(value / base).toFixed(0)} times`.padStart(14)}`,
    );
  }
  const pipeline = medians.find(({ name }) => name === 'pipeline')?.value ?? Number.NaN;
  printGoals([
    {
      what: 'pipeline with nothing in and nothing out',
      figure: `${pipeline.toFixed(1)} µs`,
      goal: `at most ${microsecondsMax} µs`,
      isMet: pipeline <= microsecondsMax,
    },
  ]);
  if (pipeline > grosslyOver * microsecondsMax) process.exitCode = 1;
}
