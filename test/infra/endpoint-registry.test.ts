import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { functionsOf, readRegistry } from '../../infra/endpoint-registry.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tenantry-registry-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

function write(file: string, source: string): void {
  mkdirSync(dirname(join(folder, file)), { recursive: true });
  writeFileSync(join(folder, file), source);
}

function writeEndpoint(file: string, operation: string, method: string, path: string): void {
  const endpoint = { operation, method, path, dialect: { name: 'platform' } };
  write(file, `export const endpoint = ${JSON.stringify(endpoint)}; export const handler = async () => {};`);
}

test('functions are named after what they do, in order of name; files that functions share are none', async () => {
  writeEndpoint('functions/platform/b/read.ts', 'thing.read', 'GET', '/api/things/{id}');
  writeEndpoint('functions/platform/a/create.ts', 'thing.create_many', 'POST', '/api/things');
  write('functions/platform/a/wire.ts', 'export const wire = 1;');
  write('functions/jobs/purge.ts', `export const job = { name: 'purge' }; export const handler = async () => {};`);
  write('functions/streams/m.ts', `export const consumer = { name: 'mailer' }; export const handler = async () => {};`);
  expect(functionsOf(await readRegistry(folder))).toMatchObject([
    { name: 'platform-thing-create-many', file: 'functions/platform/a/create.ts' },
    { name: 'platform-thing-read', file: 'functions/platform/b/read.ts' },
    { name: 'job-purge', file: 'functions/jobs/purge.ts' },
    { name: 'stream-mailer', file: 'functions/streams/m.ts' },
  ]);
});

test('two functions with one operation are refused', async () => {
  writeEndpoint('functions/platform/a.ts', 'thing.read', 'GET', '/api/things/{id}');
  writeEndpoint('functions/platform/b.ts', 'thing.read', 'GET', '/api/other');
  await expect(readRegistry(folder)).rejects.toThrow(
    'functions/platform/a.ts and functions/platform/b.ts both have the name platform-thing-read.',
  );
});

test('two functions with one route are refused, whatever they call its parameters', async () => {
  writeEndpoint('functions/platform/a.ts', 'thing.read', 'GET', '/api/things/{id}');
  writeEndpoint('functions/platform/b.ts', 'thing.show', 'GET', '/api/things/{thing}');
  await expect(readRegistry(folder)).rejects.toThrow(
    'functions/platform/a.ts and functions/platform/b.ts both have the route GET /api/things/{}.',
  );
});

test('two names for one place in a path are refused', async () => {
  writeEndpoint('functions/platform/a.ts', 'thing.read', 'GET', '/api/things/{id}');
  writeEndpoint('functions/platform/b.ts', 'thing.delete', 'DELETE', '/api/things/{thing}');
  await expect(readRegistry(folder)).rejects.toThrow('spell one path in two ways');
});

test('half a function is refused', async () => {
  write('functions/platform/a.ts', 'export const handler = async () => {};');
  await expect(readRegistry(folder)).rejects.toThrow(
    'functions/platform/a.ts has to export a handler and one of endpoint, job or consumer.',
  );
  write('functions/platform/a.ts', 'export const endpoint = {};');
  await expect(readRegistry(folder)).rejects.toThrow('has to export a handler');
});
