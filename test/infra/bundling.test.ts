import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type inbox from 'aws-ses-v2-local';
import { build } from 'esbuild';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { bundleFunctions, type FunctionBundle } from '../../infra/bundling/bundle-functions.ts';
import { type DynamoDBEngine, startDynamoDBEngine } from '../../infra/local/dynamodb-engine.ts';
import { callDynamoDB } from '../../infra/local/dynamodb-wire.ts';
import { handler as findServices } from './bundling/find-services.ts';

const require = createRequire(import.meta.url);
const { default: startInbox }: typeof inbox = require('aws-ses-v2-local');
const S3rver: new (
  options: object,
) => { run(): Promise<AddressInfo>; close(): Promise<void> } = require('@20minutes/s3rver');

const sourceOf = (name: string) => join(import.meta.dirname, 'bundling', `${name}.ts`);
const names = ['read-table', 'write-table', 'send-mail', 'keep-object', 'find-services'] as const;
const entryPoints = Object.fromEntries(names.map((name) => [name, sourceOf(name)]));

let folder: string;
let bundles: ReadonlyMap<string, FunctionBundle>;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'tenantry-bundles-'));
  bundles = await bundleFunctions({ entryPoints, outputFolder: join(folder, 'first') });
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function bundleOf(name: (typeof names)[number]): FunctionBundle & { code: string; sources: string[] } {
  const bundle = bundles.get(name);
  if (!bundle) throw new Error(`There is no bundle of ${name}.`);
  const sources = Object.entries(bundle.bytesBySource).filter(([, bytes]) => bytes > 0);
  return {
    ...bundle,
    code: readFileSync(join(bundle.folder, 'index.mjs'), 'utf8'),
    sources: sources.map(([source]) => source),
  };
}

/** Runs a bundle as Lambda does: a new process, nothing but environment variables to configure it. */
async function runBundle(name: (typeof names)[number], event: object, environment: Record<string, string>) {
  const script = `const { handler } = await import(${JSON.stringify(join(bundleOf(name).folder, 'index.mjs'))});
    process.stdout.write(JSON.stringify(await handler(${JSON.stringify(event)})) ?? 'null');
    process.exit();`;
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '--eval', script], {
    env: {
      AWS_REGION: 'eu-central-1',
      AWS_ACCESS_KEY_ID: 'S3RVER',
      AWS_SECRET_ACCESS_KEY: 'S3RVER',
      TZ: ':UTC',
      ...environment,
    },
  });
  return JSON.parse(stdout) as unknown;
}

describe('the files', () => {
  test('the same sources give the same bytes, whatever else is bundled with them', async () => {
    const again = await bundleFunctions({
      entryPoints: {
        'keep-object': sourceOf('keep-object'),
        other: sourceOf('send-mail'),
        'read-table': sourceOf('read-table'),
      },
      outputFolder: join(folder, 'second'),
    });
    for (const name of ['read-table', 'keep-object'] as const) {
      const code = readFileSync(join(again.get(name)?.folder ?? '', 'index.mjs'), 'utf8');
      expect(code === bundleOf(name).code, name).toBe(true);
    }
  });

  test('what an earlier run left in the output folder is gone', async () => {
    const outputFolder = join(folder, 'third');
    await bundleFunctions({ entryPoints: { old: sourceOf('read-table') }, outputFolder });
    await bundleFunctions({ entryPoints: { new: sourceOf('read-table') }, outputFolder });
    expect(() => readFileSync(join(outputFolder, 'old/index.mjs'))).toThrow('ENOENT');
    expect(readFileSync(join(outputFolder, 'new/index.mjs')).byteLength).toBeGreaterThan(0);
  });

  test('the reported size is the size of the file', () => {
    for (const name of names) expect(Buffer.byteLength(bundleOf(name).code)).toBe(bundleOf(name).bytes);
  });

  test('an import that does not exist is refused with the name of the file', async () => {
    const file = join(folder, 'broken.ts');
    writeFileSync(file, `import { nothing } from './nowhere.ts';\nexport const handler = nothing;\n`);
    await expect(
      bundleFunctions({ entryPoints: { broken: file }, outputFolder: join(folder, 'broken') }),
    ).rejects.toThrow(/broken\.ts:1:\d+: ERROR: Could not resolve "\.\/nowhere\.ts"/);
  });

  test('a name that is no folder name is refused', async () => {
    await expect(
      bundleFunctions({ entryPoints: { '../escape': sourceOf('read-table') }, outputFolder: join(folder, 'escape') }),
    ).rejects.toThrow('"../escape"');
  });
});

describe('what is in a bundle', () => {
  test('a table reader stays below 90,000 bytes, a mailer below 146,000', () => {
    expect(bundleOf('read-table').bytes).toBeLessThan(90_000);
    expect(bundleOf('send-mail').bytes).toBeLessThan(146_000);
  });

  test.each(names)('%s is complete in itself, and takes no built-in module by import or require', async (name) => {
    const { code, folder: bundleFolder } = bundleOf(name);
    const { metafile } = await build({
      entryPoints: [join(bundleFolder, 'index.mjs')],
      bundle: true,
      platform: 'node',
      write: false,
      metafile: true,
    });
    expect(Object.values(metafile.inputs).flatMap(({ imports }) => imports)).toEqual([]);
    expect(code.includes('process.getBuiltinModule("node:https")')).toBe(true);
  });

  test.each(names)('%s knows no credentials but those of the environment', (name) => {
    const { code, sources } = bundleOf(name);
    const providers = sources.filter((source) => /credential-provider-|token-providers|nested-clients/.test(source));
    expect(providers).toEqual([expect.stringContaining('credential-provider-env/')]);
    // Where containers ask for credentials.
    expect(code.includes('169.254.170.2')).toBe(false);
  });

  test.each(names)('%s looks for no configuration file', (name) => {
    expect(bundleOf(name).sources.filter((source) => source.includes('shared-ini-file-loader/load'))).toEqual([]);
    expect(bundleOf(name).code.includes('AWS_CONFIG_FILE')).toBe(false);
  });

  test.each(names)('%s signs with key objects, which cost less than bytes', (name) => {
    expect(bundleOf(name).code.includes('.createSecretKey')).toBe(true);
  });

  test.each(names)('%s has nothing of what no function can reach', (name) => {
    const unreachable =
      /eventstream|lambda-invoke-store|mnemonist|obliterator|DefaultRateLimiter|getInstanceMetadataRegion/;
    const emptied = /HeaderFormatter|Sha256Js|getInstanceMetadataRegion|client-\w+\/package\.json/;
    const { bytesBySource, sources } = bundleOf(name);
    expect(sources.filter((source) => unreachable.test(source) && !emptied.test(source))).toEqual([]);
    const large = sources.filter((source) => emptied.test(source) && (bytesBySource[source] ?? 0) > 100);
    expect(large).toEqual([]);
  });

  test('readers and mailers have no rules of endpoints, and no table of regions', () => {
    for (const name of ['read-table', 'write-table', 'send-mail', 'find-services'] as const) {
      const rules = bundleOf(name).sources.filter((source) =>
        /endpoint\/bdd|BinaryDecision|aws\/partition/.test(source),
      );
      expect(rules, name).toEqual([]);
    }
  });

  test('a reader has no error classes of table administration, and no pagination', () => {
    expect(bundleOf('read-table').code.includes('name="ConditionalCheckFailedException"')).toBe(true);
    expect(bundleOf('read-table').code.includes('name="BackupInUseException"')).toBe(false);
    expect(bundleOf('read-table').sources.filter((source) => /aginat/.test(source))).toEqual([]);
  });

  test('the mailer has the schema of the one operation that it calls', () => {
    const { code } = bundleOf('send-mail');
    expect(code.includes('/v2/email/outbound-emails')).toBe(true);
    expect(code.includes('/v2/email/contact-lists')).toBe(false);
  });

  test('validation brings none of its languages along', () => {
    expect(bundleOf('read-table').sources.filter((source) => source.includes('zod/v4/locales/'))).toEqual([]);
  });
});

describe('what a bundle does', () => {
  let engine: DynamoDBEngine;
  const event = { table: 'things', keys: ['a', 'b'] };

  beforeAll(async () => {
    engine = await startDynamoDBEngine();
    await callDynamoDB(engine.url, 'table', 'CreateTable', {
      TableName: 'things',
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' }],
      KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
    });
    await put({ pk: { S: 'a' }, name: { S: 'Acme' } });
    await put({ pk: { S: 'b' }, name: { S: 'Bolt' } });
  });
  afterAll(() => engine.stop());

  const put = (Item: object) => callDynamoDB(engine.url, 'table', 'PutItem', { TableName: 'things', Item });

  /** Stands between a function and the engine: may answer in its place. Collects the headers of what arrives. */
  async function startFront(answer: (attempt: number, headers: IncomingHttpHeaders) => Response | undefined) {
    const seen: IncomingHttpHeaders[] = [];
    const server = createServer(async (request, response) => {
      const body = Buffer.concat(await request.toArray());
      seen.push(request.headers);
      const headers = { ...request.headers, connection: undefined, host: undefined } as unknown as Record<
        string,
        string
      >;
      const own = answer(seen.length, request.headers);
      const reply =
        own ?? (await fetch(engine.url, { method: 'POST', headers: JSON.parse(JSON.stringify(headers)), body }));
      response.writeHead(reply.status, Object.fromEntries(reply.headers));
      response.end(Buffer.from(await reply.arrayBuffer()));
    });
    await listen(server);
    return { url: urlOf(server), seen };
  }

  test('it reads from the engine that AWS_ENDPOINT_URL_DYNAMODB names', async () => {
    const read = await runBundle('read-table', event, { AWS_ENDPOINT_URL_DYNAMODB: engine.url });
    expect(read).toEqual(['Acme', 'Bolt']);
  });

  test('it writes, and recognizes the refusals of its conditions with the items that they bring', async () => {
    const item = { pk: 'written', count: 7, parts: ['a', { deep: true }], nothing: null };
    const raw = {
      pk: { S: 'written' },
      count: { N: '7' },
      parts: { L: [{ S: 'a' }, { M: { deep: { BOOL: true } } }] },
      nothing: { NULL: true },
    };
    const told = await runBundle('write-table', { table: 'things' }, { AWS_ENDPOINT_URL_DYNAMODB: engine.url });
    expect(told).toEqual({
      items: [item],
      refusal: { name: 'ConditionalCheckFailedException', item: raw },
      cancellation: {
        isRecognized: true,
        reasons: [expect.objectContaining({ Code: 'ConditionalCheckFailed', Item: raw })],
      },
    });
  });

  test('it finds its services where the unchanged SDK finds them, in every region that AWS has', async () => {
    const partitions = join(
      import.meta.dirname,
      '../../node_modules/@aws-sdk/core/dist-es/submodules/client/util-endpoints/lib/aws/partitions.js',
    );
    const named = readFileSync(partitions, 'utf8').matchAll(/^ {16}"([a-z0-9-]+)": \{$/gm);
    const regions = [...named].map(([, region = '']) => region).concat('us-somewhere-7');
    expect(regions.length).toBeGreaterThan(40);
    const expected = findServices({ regions });
    expect(await runBundle('find-services', { regions }, {})).toEqual(JSON.parse(JSON.stringify(expected)));
  });

  test('it signs with key, session and region of the environment, and hands on the trace', async () => {
    const front = await startFront(() => undefined);
    await runBundle('read-table', event, {
      AWS_ENDPOINT_URL_DYNAMODB: front.url,
      AWS_ACCESS_KEY_ID: 'AKIAEXAMPLE',
      AWS_SESSION_TOKEN: 'the-session',
      AWS_REGION: 'ap-southeast-2',
      AWS_LAMBDA_FUNCTION_NAME: 'reader',
      _X_AMZN_TRACE_ID: 'Root=1-5759e988-bd862e3fe1be46a994272793',
    });
    const [headers] = front.seen;
    expect(headers?.authorization).toMatch(
      /^AWS4-HMAC-SHA256 Credential=AKIAEXAMPLE\/\d{8}\/ap-southeast-2\/dynamodb\/aws4_request, .*Signature=[0-9a-f]{64}$/,
    );
    expect(headers?.['x-amz-security-token']).toBe('the-session');
    expect(headers?.['x-amzn-trace-id']).toBe('Root=1-5759e988-bd862e3fe1be46a994272793');
  });

  test('without credentials it says so, and asks nobody else', async () => {
    await expect(
      runBundle('read-table', event, {
        AWS_ENDPOINT_URL_DYNAMODB: engine.url,
        AWS_ACCESS_KEY_ID: '',
        AWS_SECRET_ACCESS_KEY: '',
      }),
    ).rejects.toThrow('Unable to find environment variable credentials');
  });

  test('it asks again when the service fails or throttles', async () => {
    const front = await startFront((attempt) => {
      if (attempt === 1) return Response.json({ __type: 'InternalServerError' }, { status: 500 });
      const throttled = { __type: 'com.amazonaws.dynamodb.v20120810#ProvisionedThroughputExceededException' };
      return attempt === 2 ? Response.json(throttled, { status: 400 }) : undefined;
    });
    const read = await runBundle('read-table', event, { AWS_ENDPOINT_URL_DYNAMODB: front.url });
    expect(read).toEqual(['Acme', 'Bolt']);
    expect(front.seen).toHaveLength(3);
  });

  test('it corrects a clock that is an hour behind that of the service', async () => {
    const serviceTime = () => new Date(Date.now() + 3_600_000);
    const front = await startFront((_attempt, headers) => {
      const signedAt = String(headers['x-amz-date']).replace(/^(....)(..)(..T..)(..)(..Z)$/, '$1-$2-$3:$4:$5');
      if (Math.abs(Date.parse(signedAt) - serviceTime().getTime()) < 300_000) return undefined;
      const refusal = { __type: 'com.amazon.coral.service#InvalidSignatureException', message: 'Signature expired' };
      return Response.json(refusal, { status: 400, headers: { date: serviceTime().toUTCString() } });
    });
    const read = await runBundle('read-table', event, { AWS_ENDPOINT_URL_DYNAMODB: front.url });
    expect(read).toEqual(['Acme', 'Bolt']);
    expect(front.seen).toHaveLength(2);
  });

  test('the mailer sends through the service that AWS_ENDPOINT_URL_SESV2 names', async () => {
    const server = await startInbox({ host: '127.0.0.1', port: 0 });
    if (!server.listening) await once(server, 'listening');
    onTestFinished(() => void server.close());
    const mail = { to: 'ann@tenantry.example', subject: 'Grüße', text: 'Hello, Ann.' };
    const id = await runBundle('send-mail', mail, { AWS_ENDPOINT_URL_SESV2: urlOf(server) });
    const { emails } = (await (await fetch(`${urlOf(server)}/store`)).json()) as { emails: Record<string, unknown>[] };
    expect(emails).toMatchObject([
      { messageId: id, subject: 'Grüße', destination: { to: ['ann@tenantry.example'] }, body: { text: 'Hello, Ann.' } },
    ]);
  });

  test('objects are written and read at the store that AWS_ENDPOINT_URL_S3 names', async () => {
    const server = new S3rver({
      address: '127.0.0.1',
      port: 0,
      silent: true,
      directory: join(folder, 's3'),
      configureBuckets: [{ name: 'pictures', configs: [] }],
    });
    const { port } = await server.run();
    onTestFinished(() => server.close());
    const answer = await runBundle(
      'keep-object',
      { bucket: 'pictures', key: 'a/b.txt', text: 'as it was' },
      { AWS_ENDPOINT_URL_S3: `http://127.0.0.1:${port}` },
    );
    expect(answer).toEqual({ text: 'as it was', type: 'text/plain', refusal: 'NoSuchKey' });
  });
});

async function listen(server: Server): Promise<void> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
}

function urlOf(server: Server): string {
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}
