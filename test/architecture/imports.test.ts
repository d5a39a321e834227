import { globSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { describe, expect, test } from 'vitest';
import { rooms } from '../../infra/docs/rooms.ts';

interface Import {
  readonly file: string;
  readonly target: string;
}

const roomNames = Object.keys(rooms).sort((one, other) => other.length - one.length);
const roomOf = (file: string) => roomNames.find((room) => file.startsWith(`${room}/`));

const files = globSync('{console,shared,functions,infra}/**/*.{ts,tsx}', { exclude: ['**/*.d.ts'] });

function importsOf(file: string): Import[] {
  const source = readFileSync(file, 'utf8');
  const named = [...source.matchAll(/^(?:import|export)\s[^'"]*?from\s+['"]([^'"]+)['"]/gm)];
  const bare = [...source.matchAll(/^import\s+['"]([^'"]+)['"]/gm)];
  const dynamic = [...source.matchAll(/\bimport\(\s*['"]([^'"]+)['"]/g)];
  return [...named, ...bare, ...dynamic].map(([, target = '']) => ({ file, target }));
}

const imports = files.flatMap(importsOf);

/** What is imported, from the root; of a package something that is no file. */
const pathOf = ({ file, target }: Import) => (target.startsWith('.') ? normalize(join(dirname(file), target)) : target);

function fits(pattern: string | RegExp, target: string): boolean {
  return typeof pattern === 'string' ? pattern === target : pattern.test(target);
}

describe('every room imports only what it may', () => {
  for (const room of Object.keys(rooms)) {
    test(room, () => {
      const { mayImport, packages } = rooms[room] ?? { mayImport: [], packages: [] };
      const strangers = imports
        .filter(({ file }) => roomOf(file) === room)
        .filter(({ file, target }) => {
          if (!target.startsWith('.')) return !packages.some((pattern) => fits(pattern, target));
          const path = pathOf({ file, target });
          return !mayImport.some((allowed) => path === allowed || path.startsWith(`${allowed}/`));
        })
        .map(({ file, target }) => `${file} imports ${target}`);
      expect(strangers).toEqual([]);
    });
  }
});

test('a function imports its own dialect and no other', () => {
  const strangers = imports.filter(({ file, target }) => {
    const own = /^functions\/([^/]+)\//.exec(file)?.[1];
    if (own === undefined) return false;
    const path = pathOf({ file, target });
    const dialect = /^shared\/dialects\/([^/]+)\//.exec(path)?.[1];
    const isOfAnother = dialect !== undefined && dialect !== own && own !== 'fallback';
    return isOfAnother || (path.startsWith('functions/') && !path.startsWith(`functions/${own}/`));
  });
  expect(strangers).toEqual([]);
});

test('no imports lead in a circle', () => {
  const targets = Map.groupBy(imports, ({ file }) => file);
  let left = new Set(files);
  for (let before = Number.POSITIVE_INFINITY; left.size < before; ) {
    before = left.size;
    left = new Set([...left].filter((file) => targets.get(file)?.some((each) => left.has(pathOf(each)))));
  }
  expect([...left]).toEqual([]);
});

test('only runtime/configuration.ts reads the environment of a function', () => {
  const readers = files
    .filter((file) => /^(shared|functions)\//.test(file) && file !== 'shared/runtime/configuration.ts')
    .filter((file) => /process\.env/.test(readFileSync(file, 'utf8')));
  expect(readers).toEqual([]);
});

test('in the domain the clock and chance come in as values', () => {
  const offenders = files
    .filter((file) => file.startsWith('shared/domain/') || file.startsWith('functions/'))
    .filter((file) =>
      /Date\.now\(|new Date\(\)|Math\.random\(|randomBytes\(\d|randomUUID/.test(stripWork(readFileSync(file, 'utf8'))),
    );
  expect(offenders).toEqual([]);
});

/** `work.randomBytes(32)` is how randomness comes in. */
function stripWork(source: string): string {
  return source.replace(/\b\w+\.randomBytes\(/g, '');
}

test('nothing is left undone, skipped or switched off', () => {
  const all = globSync('{console,shared,functions,infra,test,docs}/**/*.{ts,tsx,css,md}').filter(
    (file) => !file.startsWith('test/architecture/'),
  );
  const unfinished = all.filter((file) =>
    /\b(TODO|FIXME|XXX)\b|\b(?:it|test|describe)\.(?:only|skip|todo)\(/.test(readFileSync(file, 'utf8')),
  );
  expect(unfinished).toEqual([]);
});

test('files are named in kebab-case and after what they hold', () => {
  const misnamed = globSync('{console,shared,functions,infra,test}/**/*.{ts,tsx}').filter(
    (file) =>
      !/^[a-z0-9-]+(\.(test|bench|d))?\.tsx?$/.test(file.split('/').at(-1) ?? '') ||
      /\/(utils?|helpers?|common|misc)\b/.test(file),
  );
  expect(misnamed).toEqual([]);
});

test('the stream of the table has two consumers at most: more would throttle each other', () => {
  expect(globSync('functions/streams/**/*.ts').length).toBeLessThanOrEqual(2);
});
