import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runInNewContext } from 'node:vm';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { buildConsole } from '../../infra/console/build-console.ts';
import { findFileSource } from '../../infra/console/find-file.ts';

/** What comes over the wire before somebody sees something. */
const firstLoadBytesMax = 150_000;

let folder: string;
let page: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'tenantry-console-'));
  await buildConsole(folder);
  page = readFileSync(join(folder, 'index.html'), 'utf8');
}, 120_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const read = (path: string) => readFileSync(join(folder, path), 'utf8');

/** A script with all that it cannot do without. */
function withImports(path: string, found = new Set<string>()): Set<string> {
  if (found.has(path)) return found;
  found.add(path);
  for (const [, name = ''] of read(path).matchAll(/(?:from|import)\s*"\.\/([\w.-]+\.js)"/g))
    withImports(`assets/${name}`, found);
  return found;
}

const firstLoad = () => {
  const [, script = ''] = /src="\/(assets\/main-\w+\.js)"/.exec(page) ?? [];
  const [, styles = ''] = /href="\/(assets\/main-\w+\.css)"/.exec(page) ?? [];
  return ['index.html', styles, ...withImports(script)];
};

test(`what is loaded first is at most ${firstLoadBytesMax} bytes, compressed`, () => {
  expect(firstLoad().length).toBeGreaterThan(3);
  const bytes = firstLoad().reduce((sum, path) => sum + gzipSync(read(path)).length, 0);
  expect(bytes).toBeLessThan(firstLoadBytesMax);
});

test('every page but the sign-in is loaded when it is gone to', () => {
  const pages = readdirSync(join(folder, 'assets')).filter((name) => /-page-\w+\.js$/.test(name));
  expect(pages.length).toBeGreaterThan(6);
  expect(firstLoad().filter((path) => /-page-/.test(path))).toEqual([]);
});

test('the page has nothing inline, which the security policy would refuse', () => {
  expect(page).not.toMatch(/<style|\son\w+=|\sstyle=/);
  for (const [, inside] of page.matchAll(/<script[^>]*>([^<]*)<\/script>/g)) expect(inside).toBe('');
});

test('a path of the console is its one page; a path of the reference is a file of its own', () => {
  const findFile = runInNewContext(`${findFileSource}\nhandler;`);
  const found = (uri: string) => findFile({ request: { uri } }).uri;
  for (const path of ['/', '/sign-in', '/o/12/members', '/o/12/', '/docsy']) expect(found(path)).toBe('/index.html');
  expect(found('/assets/main-X.js')).toBe('/assets/main-X.js');
  expect(found('/config.json')).toBe('/config.json');
  expect(found('/docs')).toBe('/docs/index.html');
  expect(found('/docs/')).toBe('/docs/index.html');
  expect(found('/docs/errors/forbidden')).toBe('/docs/errors/forbidden/index.html');
  expect(found('/docs/assets/reference.css')).toBe('/docs/assets/reference.css');
});
