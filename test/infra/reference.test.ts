import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readRegistry } from '../../infra/endpoint-registry.ts';
import { operationsOf } from '../../infra/reference/operations.ts';
import { referenceFiles } from '../../infra/reference/pages.ts';
import { referenceSources, writeReference } from '../../infra/reference/write-reference.ts';
import { domainErrors } from '../../shared/domain/errors.ts';

const registry = await readRegistry();
const sources = referenceSources(registry);
const operations = operationsOf(sources.document).flatMap((dialect) => dialect.operations);
const files = referenceFiles(sources);
const pages = [...files].filter(([file]) => file.endsWith('.html'));
const assets = join(import.meta.dirname, '../../infra/reference/assets');

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
  const others = ['/', '/openapi.json'];
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
    writeReference(folder, registry);
    for (const [file, text] of files) expect(readFileSync(join(folder, file), 'utf8')).toBe(text);
    for (const asset of ['reference.css', 'reference.js', 'mark.svg'])
      expect(existsSync(join(folder, 'assets', asset)), asset).toBe(true);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
