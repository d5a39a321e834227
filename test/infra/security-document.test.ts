import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const project = join(import.meta.dirname, '../..');
const text = readFileSync(join(project, 'SECURITY.md'), 'utf8');

test('every test and every source that SECURITY.md names is there', () => {
  const named = [...text.matchAll(/`((?:test|shared|functions|infra)\/[^`]+)`/g)].map(([, file = '']) => file);
  expect(named.length).toBeGreaterThan(20);
  expect(named.filter((file) => !existsSync(join(project, file)))).toEqual([]);
});

test('every threat in SECURITY.md names a test that proves its defence', () => {
  const [, table = ''] = /\| --- \| --- \| --- \|\n((?:\|.*\n)+)/.exec(text) ?? [];
  const rows = table.trim().split('\n');
  expect(rows.length).toBeGreaterThan(10);
  for (const row of rows) expect(row.split('|').at(-2)).toMatch(/`test\/\S+\.test\.ts`/);
});
