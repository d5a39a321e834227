import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { hashOfFolder } from '../../infra/bundling/hash-of-folder.ts';

let parent: string;
beforeAll(() => {
  parent = mkdtempSync(join(tmpdir(), 'tenantry-hash-'));
});
afterAll(() => rmSync(parent, { recursive: true }));

function hashOf(files: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(join(parent, 'folder-'));
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), content);
  }
  return hashOfFolder(folder);
}

test('the same files have the same hash wherever they lie, and in whatever order they were written', () => {
  expect(hashOf({ 'index.mjs': 'a', 'site/index.html': 'b' })).toBe(
    hashOf({ 'site/index.html': 'b', 'index.mjs': 'a' }),
  );
});

test.each([
  ['another content', { 'index.mjs': 'c', 'site/index.html': 'b' }],
  ['another name', { 'index.js': 'a', 'site/index.html': 'b' }],
  ['another folder', { 'index.mjs': 'a', 'docs/index.html': 'b' }],
  ['one file more', { 'index.mjs': 'a', 'site/index.html': 'b', 'site/empty.txt': '' }],
  ['one file less', { 'index.mjs': 'a' }],
  ['the same text, divided elsewhere', { 'index.mjs': 'ab', 'site/index.html': '' }],
])('%s gives another hash', (_, files) => {
  expect(hashOf(files)).not.toBe(hashOf({ 'index.mjs': 'a', 'site/index.html': 'b' }));
});
