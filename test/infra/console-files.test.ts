import { globSync, mkdirSync, mkdtempSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { GetObjectCommand, ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { putFiles, removeFiles } from '../../infra/console/put-files.ts';

const bucket = 'console-files-test';
const dayMilliseconds = 24 * 60 * 60 * 1000;

interface S3rver {
  run(): Promise<{ port: number }>;
  close(): Promise<void>;
}

const S3rver: new (options: object) => S3rver = createRequire(import.meta.url)('@20minutes/s3rver');

let server: S3rver;
let s3: S3Client;
let folder: string;
const asked = new Set<string | undefined>();

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'tenantry-site-'));
  server = new S3rver({
    address: '127.0.0.1',
    port: 0,
    silent: true,
    directory: join(folder, 'objects'),
    // It reckons the signature of a list otherwise than the client.
    allowMismatchedSignatures: true,
    configureBuckets: [{ name: bucket, configs: [] }],
  });
  const { port } = await server.run();
  s3 = new S3Client({
    endpoint: `http://127.0.0.1:${port}`,
    region: 'us-east-1',
    credentials: { accessKeyId: 'S3RVER', secretAccessKey: 'S3RVER' },
    forcePathStyle: true,
  });
  s3.middlewareStack.add(
    (next, { commandName }) =>
      (input) => {
        asked.add(commandName);
        return next(input);
      },
    { step: 'initialize' },
  );
});
afterAll(async () => {
  s3.destroy();
  await server.close();
  rmSync(folder, { recursive: true, force: true });
});

const names = async () =>
  ((await s3.send(new ListObjectsV2Command({ Bucket: bucket }))).Contents ?? []).map(({ Key }) => Key).sort();
const headersOf = async (name: string) => {
  const { ContentType, CacheControl } = await s3.send(new GetObjectCommand({ Bucket: bucket, Key: name }));
  return [ContentType, CacheControl];
};

function release(files: readonly string[]): string {
  const site = mkdtempSync(join(folder, 'release-'));
  mkdirSync(join(site, 'assets'));
  for (const file of files) writeFileSync(join(site, file), file);
  return site;
}

test('files come with their types; those with a hash in their names may be kept for ever, the others not', async () => {
  const target = { bucket, written: { 'config.json': '{}' } };
  await putFiles(s3, release(['index.html', 'assets/main-A.js']), target, Date.now());
  expect(await names()).toEqual(['assets/main-A.js', 'config.json', 'index.html']);
  expect(await headersOf('index.html')).toEqual(['text/html; charset=utf-8', 'no-cache']);
  expect(await headersOf('config.json')).toEqual(['application/json; charset=utf-8', 'no-cache']);
  expect(await headersOf('assets/main-A.js')).toEqual([
    'text/javascript; charset=utf-8',
    'public, max-age=31536000, immutable',
  ]);
});

/** Has all that is in the bucket put there so many days earlier. */
function passDays(days: number): void {
  for (const file of globSync('**/*_object', { cwd: join(folder, 'objects') })) {
    const path = join(folder, 'objects', file);
    const at = new Date(statSync(path).mtimeMs - days * dayMilliseconds);
    utimesSync(path, at, at);
  }
}

test('what a release had stays for a week after the next has come, for whoever has it open, and is removed at last', async () => {
  const target = { bucket, written: { 'config.json': '{}' } };
  const releaseOf = async (script: string) => {
    await putFiles(s3, release(['index.html', `assets/main-${script}.js`]), target, Date.now());
    return (await names()).filter((name) => name?.startsWith('assets/'));
  };
  passDays(30);
  expect(await releaseOf('B')).toEqual(['assets/main-A.js', 'assets/main-B.js']);
  passDays(6);
  expect(await releaseOf('C')).toEqual(['assets/main-A.js', 'assets/main-B.js', 'assets/main-C.js']);
  passDays(2);
  expect(await releaseOf('D')).toEqual(['assets/main-B.js', 'assets/main-C.js', 'assets/main-D.js']);
  passDays(30);
  expect(await releaseOf('D')).toEqual(['assets/main-D.js']);
});

test('the bucket can be emptied', async () => {
  await removeFiles(s3, bucket);
  expect(await names()).toEqual([]);
});

test('it takes what the function is granted, and no more', async () => {
  asked.clear();
  await putFiles(s3, release([]), { bucket, written: { 'config.json': '{}' } }, Date.now());
  await removeFiles(s3, bucket);
  expect([...asked].sort()).toEqual(['DeleteObjectCommand', 'ListObjectsV2Command', 'PutObjectCommand']);
});
