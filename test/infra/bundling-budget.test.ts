import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { bundleFunctions, type FunctionBundle } from '../../infra/bundling/bundle-functions.ts';
import { functionsOf, type Registry, readRegistry } from '../../infra/endpoint-registry.ts';
import { itemKinds } from '../../shared/data/table.ts';
import { bytesMaxOf } from '../support/bundle-budget.ts';

let folder: string;
let registry: Registry;
let bundles: readonly FunctionBundle[];

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'tenantry-budget-'));
  registry = await readRegistry();
  const entryPoints = Object.fromEntries(functionsOf(registry).map(({ name, file }) => [name, file]));
  bundles = [...(await bundleFunctions({ entryPoints, outputFolder: folder })).values()];
}, 120_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** The bundles that hold something of a matching source, with those sources. */
function holdersOf(pattern: RegExp): Record<string, string[]> {
  const holders = bundles.map(({ name, bytesBySource }) => {
    const held = Object.entries(bytesBySource).filter(([source, bytes]) => bytes > 0 && pattern.test(source));
    return [name, held.map(([source]) => source)] as const;
  });
  return Object.fromEntries(holders.filter(([, sources]) => sources.length > 0));
}

test('no function is larger than its budget', () => {
  expect(bundles.length).toBeGreaterThan(0);
  const tooLarge = bundles.filter((bundle) => bundle.bytes > bytesMaxOf(bundle));
  expect(tooLarge.map(({ name, bytes }) => `${name}: ${bytes}`)).toEqual([]);
});

test('a function is started from nothing and answers, beside the bare handler', async () => {
  const { stdout } = await promisify(execFile)('node', [
    ...['test/bench/cold.ts', '--runs', '1', '--only', 'hierarchy-organization-read'],
  ]).catch((error) => error);
  expect(stdout).toMatch(/^hierarchy-organization-read .* 200\b/m);
});

test('no function has the questions that the table is described by', () => {
  const { question } = itemKinds.membership;
  const read = (bundle: FunctionBundle) => readFileSync(join(bundle.folder, 'index.mjs'), 'utf8');
  expect(bundles.some((bundle) => read(bundle).includes(itemKinds.membership.sk))).toBe(true);
  expect(bundles.filter((bundle) => read(bundle).includes(question)).map(({ name }) => name)).toEqual([]);
});

test('no function has the schemas of its answers', () => {
  const code = new Map(bundles.map(({ name, folder }) => [name, readFileSync(join(folder, 'index.mjs'), 'utf8')]));
  expect([...code].filter(([, text]) => /responses:\{[^}]/.test(text)).map(([name]) => name)).toEqual([]);
  // What is left is where the answer is made.
  expect(code.get('hierarchy-organization-read')?.match(/parent_org_id:/g)).toHaveLength(1);
});

test('no call of the AWS SDK looks for event streams, or is prepared for a log', () => {
  const held = Object.values(holdersOf(/schemaLogFilter/)).flat();
  expect(held).toEqual([]);
  const searching = bundles.filter(({ folder }) =>
    /getEventStreamMember\(\)\s*\|\|/.test(readFileSync(join(folder, 'index.mjs'), 'utf8')),
  );
  expect(searching.map(({ name }) => name)).toEqual([]);
});

test('only functions that send mail have the mail client', () => {
  const mailers = [
    ...registry.jobs.filter(({ job }) => job.mail),
    ...registry.consumers.filter(({ consumer }) => consumer.mail),
  ].map(({ name }) => name);
  expect(Object.keys(holdersOf(/@aws-sdk\/client-sesv2\//)).filter((name) => !mailers.includes(name))).toEqual([]);
});

test('no function has another dialect than its own', () => {
  for (const { name, endpoint } of registry.endpoints) {
    if (endpoint.path === '$default') continue; // Answers in the dialect of the path, whichever that is.
    const { [name]: sources = [] } = holdersOf(/shared\/dialects\/[a-z-]+\//);
    const foreign = sources.filter((source) => !source.includes(`shared/dialects/${endpoint.dialect.name}/`));
    expect(foreign, name).toEqual([]);
  }
});

test('no function has what belongs to the build, to the tests, or to other languages', () => {
  expect(
    holdersOf(/^(infra(?!\/bundling\/replacements)|test|console)\/|aws-cdk-lib|zod\/v4\/locales|json-schema/),
  ).toEqual({});
});
