import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { GetObjectCommand, ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { putFiles, removeFiles } from '../../infra/console/put-files.ts';
import { type ObjectStore, startObjectStore } from '../../infra/local/object-store.ts';

const bucket = 'console-files-test';
const accessKey = 'CONSOLEFILESTEST0000';
const dayMilliseconds = 24 * 60 * 60 * 1000;

let objects: ObjectStore;
let s3: S3Client;
let folder: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'tenantry-site-'));
  objects = await startObjectStore();
  await objects.serve({ buckets: [bucket], accessKeys: [accessKey] });
  s3 = new S3Client({
    endpoint: objects.endpoint,
    region: 'us-east-1',
    credentials: { accessKeyId: accessKey, secretAccessKey: accessKey },
    forcePathStyle: true,
  });
});
afterAll(async () => {
  s3.destroy();
  await objects.stop();
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

test('what an earlier release had stays for a week, for whoever has it open, and is removed at last', async () => {
  const target = { bucket, written: { 'config.json': '{}' } };
  const next = release(['index.html', 'assets/main-B.js']);
  await putFiles(s3, next, target, Date.now() + 6 * dayMilliseconds);
  expect(await names()).toContain('assets/main-A.js');
  await putFiles(s3, next, target, Date.now() + 8 * dayMilliseconds);
  expect(await names()).toEqual(['assets/main-B.js', 'config.json', 'index.html']);
});

test('the bucket can be emptied', async () => {
  await removeFiles(s3, bucket);
  expect(await names()).toEqual([]);
});
