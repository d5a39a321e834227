import { globSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { describe, expect, test } from 'vitest';

/** These come with the pipeline. */
const always = ['authentication', 'accessLog'];

/** What a file names of `stores`, and the files of the domain that it needs at run time. */
function look(file: string): { stores: string[]; needs: string[] } {
  const source = readFileSync(file, 'utf8');
  const named = [...source.matchAll(/\bstores\.(\w+)\b/g)].map(([, name = '']) => name).filter((name) => name !== 'ts');
  const taken = [...source.matchAll(/\{([^{}]*)\} = (?:[\w.]+\.)?stores;/g)].flatMap(([, names = '']) =>
    names.split(',').map((name) => name.trim()),
  );
  const needs = [...source.matchAll(/^import (?!type)([^;]*?)from '(\.[^']+)';/gm)]
    .filter(([, names = '']) => !/^\{(\s*type \w+,?)+\s*\}\s*$/.test(names))
    .map(([, , target = '']) => normalize(join(dirname(file), target)))
    .filter((target) => target.startsWith('shared/domain/'));
  return { stores: [...named, ...taken], needs };
}

function storesNeededBy(file: string): Set<string> {
  const found = new Set<string>();
  const seen = new Set<string>();
  const rest = [file];
  for (let next = rest.pop(); next !== undefined; next = rest.pop()) {
    if (seen.has(next)) continue;
    seen.add(next);
    const { stores, needs } = look(next);
    for (const store of stores) found.add(store);
    rest.push(...needs);
  }
  return new Set([...found].filter((store) => !always.includes(store)));
}

describe('an endpoint names the stores that its work uses, and only those are in its bundle', () => {
  const endpoints = globSync('functions/**/*.ts').filter((file) =>
    /\bserve\(\s*endpoint,/.test(readFileSync(file, 'utf8')),
  );
  test.each(endpoints)('%s', (file) => {
    const [, list = ''] = /\bserve\(\s*endpoint,\s*\{([^}]*)\}/.exec(readFileSync(file, 'utf8')) ?? [];
    const named = list.split(',').flatMap((name) => name.trim() || []);
    expect(named.toSorted()).toEqual([...storesNeededBy(file)].toSorted());
  });
});
