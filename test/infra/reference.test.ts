import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, test } from 'vitest';
import { readRegistry } from '../../infra/endpoint-registry.ts';
import { openApiDocument } from '../../infra/openapi/openapi-document.ts';
import type { Example } from '../../infra/reference/example.ts';
import { operationsOf } from '../../infra/reference/operations.ts';
import { referenceFiles } from '../../infra/reference/pages.ts';
import { typeScriptCall, typeScriptSurroundings } from '../../infra/reference/type-script.ts';
import { referenceSources, writeReference } from '../../infra/reference/write-reference.ts';
import { domainErrors } from '../../shared/domain/errors.ts';

const registry = await readRegistry();
const document = openApiDocument(registry, '1.2.3');
const sources = referenceSources(registry, document);
const operations = operationsOf(sources.document).flatMap((dialect) => dialect.operations);
const files = referenceFiles(sources);
const pages = [...files].filter(([file]) => file.endsWith('.html'));
const others = ['/', '/favicon.svg', '/docs/openapi.json', '/docs/assets/tokens.css'];
const projectFolder = join(import.meta.dirname, '../..');
const assets = join(projectFolder, 'infra/reference/assets');

/** Whether an address below `/docs` is a file of the site, and its fragment something on it. */
function isThere(address: string): boolean {
  const [path = '', fragment] = address.replace(/^\/docs\/?/, '').split('#');
  if (path.startsWith('assets/')) return existsSync(join(assets, path.slice('assets/'.length)));
  const text = files.get(path) ?? files.get(path === '' ? 'index.html' : `${path}/index.html`);
  return text !== undefined && (fragment === undefined || text.includes(`id="${fragment}"`));
}

test('every operation and every error has a page', () => {
  expect(operations.length).toBeGreaterThan(70);
  for (const { page } of operations) expect(isThere(`/docs/${page}`), page).toBe(true);
  for (const code of Object.keys(domainErrors)) expect(isThere(`/docs/errors/${code}`), code).toBe(true);
});

test.each(pages)('every link of %s leads somewhere', (file, text) => {
  const addresses = [...text.matchAll(/\s(?:href|src)="([^"]*)"/g)].map(([, address = '']) => address);
  const own = `/docs/${file.replace(/\/?index\.html$/, '')}`;
  const inside = addresses.map((address) => (address.startsWith('#') ? own + address : address));
  expect(inside.filter((address) => !others.includes(address) && !isThere(address))).toEqual([]);
});

test('what the search finds is there', () => {
  const entries: [string, string, string][] = JSON.parse(files.get('search.json') ?? '');
  expect(entries.length).toBeGreaterThan(operations.length + Object.keys(domainErrors).length);
  expect(entries.filter(([, address]) => !isThere(address))).toEqual([]);
});

test('what a guide names as an operation is one', () => {
  const known = new Set(operations.map(({ method, path }) => `${method} ${path}`));
  for (const { name, text } of sources.guides) {
    const named = [...text.matchAll(/`((?:GET|POST|PUT|PATCH|DELETE) \/[^`]*)`/g)].map(([, route = '']) => route);
    expect(
      named.filter((route) => !known.has(route)),
      name,
    ).toEqual([]);
  }
});

test('no page has anything that a strict policy would refuse', () => {
  for (const [file, text] of pages) {
    expect(text, file).not.toMatch(/<style|\sstyle=|\son\w+=|javascript:/);
    expect(
      [...text.matchAll(/<script[^>]*>([^<]*)/g)].map(([, inline]) => inline),
      file,
    ).toEqual(['']);
  }
});

test('it is written as files, with its assets', () => {
  const folder = mkdtempSync(join(tmpdir(), 'tenantry-reference-'));
  try {
    writeReference(folder, registry, document);
    for (const [file, text] of files) expect(readFileSync(join(folder, file), 'utf8')).toBe(text);
    for (const file of ['assets/reference.css', 'assets/reference.js', 'assets/tokens.css', 'openapi.json'])
      expect(existsSync(join(folder, file)), file).toBe(true);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

describe('the examples', () => {
  const ajv = new Ajv2020({ strict: false, validateFormats: false });
  const complaintsAbout = (schema: object, value: unknown) =>
    ajv.validate(schema, value) ? undefined : ajv.errorsText(ajv.errors);

  test('are of every operation, and of nothing else', () => {
    expect(Object.keys(sources.examples)).toEqual(operations.map(({ id }) => id).sort());
  });

  test.each(operations.map((operation) => [operation.id, operation] as const))(
    '%s is as documented (npm run examples records them)',
    (id, operation) => {
      const { request, answer } = sources.examples[id] as Example;
      for (const { name, in: where, required, schema } of operation.parameters) {
        const values = where === 'header' ? request.headers : request[where];
        const value = values[where === 'header' ? name.toLowerCase() : name];
        if (value === undefined) expect(required, name).toBe(false);
        else if (where === 'path') expect(String(value)).not.toBe('');
        else expect(complaintsAbout(schema, String(value)) && complaintsAbout(schema, value), name).toBeUndefined();
      }
      if (operation.body && !request.file) expect(complaintsAbout(operation.body.schema, request.body)).toBeUndefined();
      const success = operation.successes.find(({ status }) => status === answer.status);
      expect(success).toBeDefined();
      if (success?.schema === undefined) expect(answer.body).toBeUndefined();
      else expect(complaintsAbout(success.schema, answer.body)).toBeUndefined();
    },
  );

  test('compile, in TypeScript', () => {
    const folder = mkdtempSync(join(projectFolder, 'node_modules/.examples-'));
    try {
      const client = join(projectFolder, 'shared/client/client.ts');
      const calls = operations.map((operation) => {
        const example = sources.examples[operation.id] as Example;
        return `async () => {\n${typeScriptCall(operation, example)}\n};`;
      });
      const text = typeScriptSurroundings.replace('CLIENT', client);
      const file = join(folder, 'examples.ts');
      writeFileSync(file, `${text}\n${calls.join('\n')}`);
      const settings = join(folder, 'tsconfig.json');
      const base = join(projectFolder, 'tsconfig.json');
      writeFileSync(
        settings,
        JSON.stringify({ extends: base, include: [file], compilerOptions: { lib: ['es2025', 'dom'] } }),
      );
      const { stdout, status } = spawnSync('tsc', ['--project', settings], { encoding: 'utf8' });
      expect(stdout).toBe('');
      expect(status).toBe(0);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  }, 60_000);
});
