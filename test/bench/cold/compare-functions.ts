import { randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { bundleFunctions, type FunctionBundle } from '../../../infra/bundling/bundle-functions.ts';
import { functionsOf } from '../../../infra/endpoint-registry.ts';
import { openApiDocument } from '../../../infra/openapi/openapi-document.ts';
import { hashPassword } from '../../../shared/domain/user/password.ts';
import { bytesMax, bytesMaxOf, bytesMaxWithAnotherClient } from '../../support/bundle-budget.ts';
import { type Goal, printGoals } from '../goals.ts';
import { bundleBareHandler } from './bundle-bare-handler.ts';
import { type ColdStart, isFailure, measureColdStarts, median } from './measure-cold-starts.ts';
import { type FiguresRow, printFigures } from './print-figures.ts';
import { firstEvent, type Setting } from './setting.ts';

/** Of the time of the bare handler. */
const ratioMax = 1;
/** What is aimed at, of time and of bytes where DynamoDB's is the only client. */
const ratioGoal = 0.8;
const bytesGoal = 250_000;
/** Time is noisy: only what is this far over is a failure. */
const ratioGrosslyOver = 1.3;
/** The bare handler is started before every so many functions, so that it lives through the same moments as they do. */
const functionsPerBareStart = 4;

/** Measures every function that has `only` in its name, and prints what came out. Answers those that are over budget. */
export async function compareFunctions(setting: Setting, only: string): Promise<readonly string[]> {
  const { registry, folder, runs, environment } = setting;
  const files = functionsOf(registry).filter(({ name }) => name.includes(only));
  if (files.length === 0) throw new Error(`No function has "${only}" in its name.`);
  const bundles = await bundleFunctions({
    entryPoints: Object.fromEntries(files.map(({ name, file }) => [name, file])),
    outputFolder: join(folder, 'functions'),
  });
  for (const { name, endpoint } of registry.endpoints) {
    // This one reads the document from beside its bundle.
    if (endpoint.path !== '/openapi.json' || !bundles.has(name)) continue;
    const document = JSON.stringify(openApiDocument(registry, '0.0.0'));
    writeFileSync(join(bundles.get(name)?.folder ?? '', 'openapi.json'), document);
  }
  const bareBundle = await bundleBareHandler(folder);
  const bare: ColdStart = { name: 'bare', file: bareBundle.file, event: async () => ({}) };
  const endpoints = new Set(registry.endpoints.map(({ name }) => name));
  const functions = [...bundles.values()].map(
    (bundle): ColdStart => ({
      name: bundle.name,
      file: join(bundle.folder, 'index.mjs'),
      event: () => firstEvent(setting, bundle.name),
    }),
  );
  const requests = functions.filter(({ name }) => endpoints.has(name));
  const spread = requests.flatMap((each, at) => (at % functionsPerBareStart === 0 ? [bare, each] : [each]));

  // First those that no request reaches: they work on everything that the requests write.
  const background = functions.filter((each) => !requests.includes(each));
  const figures = new Map([
    ...(await measureColdStarts(background, { runs, environment })),
    ...(await measureColdStarts(requests.length > 0 ? spread : [bare], { runs, environment })),
  ]);
  const bareFigures = figures.get(bare.name);
  if (!bareFigures) throw new Error('The bare handler was not measured.');
  const passwordMilliseconds = await measurePasswordHash();
  const slowOnPurpose = passwordMilliseconds / bareFigures.totalMilliseconds;
  const counted = new Map<string, number>();
  const rows = [...bundles.values()].flatMap((bundle): FiguresRow[] => {
    const { name, bytes } = bundle;
    const measured = figures.get(name);
    if (!measured) return [];
    const ratio = measured.totalMilliseconds / bareFigures.totalMilliseconds;
    const timed = endpoints.has(name) ? ratio - hashesOf(bundle) * slowOnPurpose : 0;
    if (endpoints.has(name)) counted.set(name, timed);
    const faults = [
      bytes > bytesMaxOf(bundle) ? 'too large' : '',
      timed > ratioGrosslyOver ? 'far too slow' : timed > ratioMax ? slow : '',
      isFailure(measured.status) ? 'failed' : '',
    ].filter((fault) => fault !== '');
    return [{ name, bytes, ratio, faults, ...measured }];
  });

  console.log(`Cold starts: medians of ${runs}, in milliseconds, each function in turn in new processes.`);
  const [usual, large] = [bytesMax / 1000, bytesMaxWithAnotherClient / 1000];
  console.log(
    `Budgets: ${usual} kB (${large} with a client of S3, SES or SQS), and a ratio of ${ratioMax.toFixed(2)} to the bare handler.`,
  );
  console.log(
    `Not counted against the budget: hashing passwords (${passwordMilliseconds.toFixed(1)} ms each, on purpose), and the ` +
      'time of jobs and stream consumers, which nobody waits for.\n',
  );
  const bareRow = { name: 'bare handler, bundled the usual way', bytes: bareBundle.bytes, ratio: 1, faults: [] };
  printFigures([...rows, { ...bareRow, ...bareFigures }]);
  const small = [...bundles.values()].filter((bundle) => bytesMaxOf(bundle) === bytesMax);
  printGoals([...(counted.size > 0 ? [timeGoal(counted)] : []), ...(small.length > 0 ? [bytesGoalOf(small)] : [])]);
  return rows.filter(({ faults }) => faults.some((fault) => fault !== slow)).map(({ name }) => name);
}

const slow = 'slow';

function timeGoal(counted: ReadonlyMap<string, number>): Goal {
  const ratios = [...counted.values()];
  const good = ratios.filter((ratio) => ratio <= ratioGoal);
  const [slowest, most = Number.NaN] = [...counted].toSorted(([, one], [, other]) => other - one)[0] ?? [];
  return {
    what: 'import and first request, beside the bare handler',
    figure: `${good.length} of ${ratios.length} endpoints, the middle one ${median(ratios).toFixed(2)}, the slowest ${slowest} ${most.toFixed(2)}`,
    goal: `at most ${ratioGoal} times`,
    isMet: good.length === ratios.length,
  };
}

function bytesGoalOf(bundles: readonly FunctionBundle[]): Goal {
  const largest = bundles.toSorted((one, other) => other.bytes - one.bytes)[0];
  const good = bundles.filter(({ bytes }) => bytes <= bytesGoal);
  return {
    what: "bytes where DynamoDB's is the only client",
    figure: `${good.length} of ${bundles.length} functions, the largest ${largest?.name} ${((largest?.bytes ?? 0) / 1000).toFixed(1)} kB`,
    goal: `at most ${bytesGoal / 1000} kB`,
    isMet: good.length === bundles.length,
  };
}

/** How many passwords the sample request has hashed: the one that is given, and a new one in its place. */
function hashesOf({ name, bytesBySource }: FunctionBundle): number {
  if ((bytesBySource['shared/domain/user/password.ts'] ?? 0) === 0) return 0;
  return name === 'auth-password-change' ? 2 : 1;
}

async function measurePasswordHash(): Promise<number> {
  const taken: number[] = [];
  for (let at = 0; at < 5; at += 1) {
    const started = performance.now();
    await hashPassword('correct horse battery staple', randomBytes);
    taken.push(performance.now() - started);
  }
  return median(taken);
}
