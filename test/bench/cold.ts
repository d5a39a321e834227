import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { bundleFunctions } from '../../infra/bundling/bundle-functions.ts';
import { functionsOf, readRegistry } from '../../infra/endpoint-registry.ts';
import { startTable } from '../support/table-under-test.ts';
import { bundleBareHandler } from './cold/bundle-bare-handler.ts';
import { addKnownCaller } from './cold/known-caller.ts';
import { type ColdStart, measureColdStarts } from './cold/measure-cold-starts.ts';
import { sampleRequest } from './cold/sample-request.ts';

/**
 * `npm run bench:cold [-- --runs 21 --only accounts]`: what each function weighs, and how long it takes from nothing to
 * its first answer, against a bare handler with the AWS SDK. Fails when a function is too large, answers with a 5xx, or
 * is far slower than the bare handler.
 */

/** Of each bundle, in bytes. */
const bytesMax = 250_000;
/** Of the time of the bare handler. */
const ratioMax = 1;
/** Time is noisy: only what is this far over is a failure. */
const ratioGrosslyOver = 1.3;
/** The bare handler is started after every so many functions, so that it lives through the same moments as they do. */
const functionsPerBareStart = 4;

const { values: options } = parseArgs({
  options: { runs: { type: 'string', default: '11' }, only: { type: 'string', default: '' } },
});
const runs = Number(options.runs);
if (!Number.isInteger(runs) || runs < 1) throw new Error(`--runs takes a number of runs, not ${options.runs}.`);

const folder = mkdtempSync(join(tmpdir(), 'tenantry-cold-'));
const table = await startTable();
try {
  const registry = await readRegistry();
  const files = functionsOf(registry).filter(({ name }) => name.includes(options.only));
  if (files.length === 0) throw new Error(`No function has ${options.only} in its name.`);
  const bundles = await bundleFunctions({
    entryPoints: Object.fromEntries(files.map(({ name, file }) => [name, file])),
    outputFolder: join(folder, 'functions'),
  });
  const bare = await bundleBareHandler(folder);
  const caller = await addKnownCaller();

  const functions = files.map(({ name }): ColdStart => {
    const registered = registry.endpoints.find((endpoint) => endpoint.name === name);
    return {
      name,
      file: join(bundles.get(name)?.folder ?? '', 'index.mjs'),
      event: (run) => (registered ? sampleRequest(registered.endpoint, caller, run) : backgroundEvent(registry, name)),
    };
  });
  const bareStarts = Array.from({ length: Math.ceil(functions.length / functionsPerBareStart) }, () => ({
    name: 'bare',
    file: bare.file,
    event: () => ({}),
  }));
  const order = functions.flatMap((each, at) => {
    const bareStart = bareStarts[at / functionsPerBareStart];
    return bareStart ? [bareStart, each] : [each];
  });
  const figures = await measureColdStarts(order, { runs, environment: functionEnvironment(table) });
  const bareFigures = figures.get('bare');
  if (!bareFigures) throw new Error('The bare handler was not measured.');
  const rows = functions.map(({ name }) => {
    const measured = figures.get(name) ?? bareFigures;
    const bytes = bundles.get(name)?.bytes ?? 0;
    const ratio = measured.totalMilliseconds / bareFigures.totalMilliseconds;
    const status = measured.status;
    const verdict = [
      bytes > bytesMax ? 'too large' : '',
      ratio > ratioGrosslyOver ? 'far too slow' : ratio > ratioMax ? 'slow' : '',
      status !== null && status >= 500 ? 'failed' : '',
    ].filter(Boolean);
    return { name, bytes, ratio, verdict, ...measured };
  });

  const text = (value: number, digits = 0) => value.toFixed(digits).padStart(7);
  const head = `${'function'.padEnd(46)}     kB  import request  total  ratio status`;
  console.log(
    `Milliseconds, medians of ${runs} cold starts each, in turns. Budgets: ${bytesMax / 1000} kB, ratio ${ratioMax}.\n`,
  );
  console.log(head);
  for (const row of [
    ...rows,
    { name: 'bare handler, bundled the usual way', bytes: bare.bytes, ratio: 1, verdict: [], ...bareFigures },
  ]) {
    console.log(
      row.name.padEnd(46) +
        text(row.bytes / 1000, 1) +
        text(row.importMilliseconds, 1) +
        text(row.requestMilliseconds, 1) +
        text(row.totalMilliseconds, 1) +
        text(row.ratio, 2) +
        String(row.status ?? '-').padStart(7) +
        (row.verdict.length > 0 ? `  ${row.verdict.join(', ')}` : ''),
    );
  }
  const failed = rows.filter(({ verdict }) => verdict.some((word) => word !== 'slow'));
  if (failed.length > 0) {
    console.error(`\nOver budget: ${failed.map(({ name }) => name).join(', ')}`);
    process.exitCode = 1;
  }
} finally {
  await table.stop();
  rmSync(folder, { recursive: true, force: true });
}

function functionEnvironment({ tableName, engine }: Awaited<ReturnType<typeof startTable>>): Record<string, string> {
  return {
    AWS_ENDPOINT_URL_DYNAMODB: engine.url,
    TABLE_NAME: tableName,
    STAGE: 'bench',
    CONSOLE_URL: 'https://console.example.com',
    SIGN_UP: 'open',
    ACCESS_TOKEN_SECONDS: '3600',
    REFRESH_TOKEN_SECONDS: '2592000',
    LOG_LEVEL: 'INFO',
    MAIL_SENDER: 'no-reply@tenantry.example.com',
  };
}

/** A schedule's event for a job; for a consumer of the stream, a batch without records. */
function backgroundEvent({ consumers }: Awaited<ReturnType<typeof readRegistry>>, name: string): object {
  return consumers.some((consumer) => consumer.name === name) ? { Records: [] } : {};
}
