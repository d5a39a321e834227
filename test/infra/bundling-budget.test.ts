import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { bundleFunctions, type FunctionBundle } from '../../infra/bundling/bundle-functions.ts';
import { functionsOf, type Registry, readRegistry } from '../../infra/endpoint-registry.ts';

/** Of each bundle; docs/adr/0004-cold-start.md says why. */
const bytesMax = 256_000;

/** Those that need another service's client beside DynamoDB's; nobody waits for the cold start of the jobs. */
const bytesMaxWithAnotherClient = 350_000;

let folder: string;
let registry: Registry;
let bundles: readonly FunctionBundle[];

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'tenantry-budget-'));
  registry = await readRegistry();
  const entryPoints = Object.fromEntries(functionsOf(registry).map(({ name, file }) => [name, file]));
  bundles = [...(await bundleFunctions({ entryPoints, outputFolder: folder })).values()];
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** The bundles that hold something of a matching source, with those sources. */
function holdersOf(pattern: RegExp): Record<string, string[]> {
  const holders = bundles.map(({ name, bytesBySource }) => {
    const held = Object.entries(bytesBySource).filter(([source, bytes]) => bytes > 0 && pattern.test(source));
    return [name, held.map(([source]) => source)] as const;
  });
  return Object.fromEntries(holders.filter(([, sources]) => sources.length > 0));
}

test(`no function is larger than ${bytesMax / 1000} kB`, () => {
  expect(bundles.length).toBeGreaterThan(0);
  const withAnotherClient = holdersOf(/@aws-sdk\/client-(s3|sqs)\//);
  const limitOf = (name: string) => (name in withAnotherClient ? bytesMaxWithAnotherClient : bytesMax);
  expect(
    bundles.filter(({ name, bytes }) => bytes > limitOf(name)).map(({ name, bytes }) => `${name}: ${bytes}`),
  ).toEqual([]);
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
  expect(holdersOf(/^(infra|test|console)\/|aws-cdk-lib|zod\/v4\/locales|json-schema/)).toEqual({});
});
