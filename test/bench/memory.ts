/**
 * `npm run bench:memory`: what functions take of processor and memory, and what follows for how much memory they should
 * have. Lambda gives a function a share of a processor that goes with its memory: a whole one at 1,769 MB. So its
 * duration is what it waits plus its processor time divided by that share, and its price is duration times memory.
 */
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { bundleFunctions } from '../../infra/bundling/bundle-functions.ts';
import { priceList } from '../../infra/cost/price-list.ts';
import { functionsOf, readRegistry } from '../../infra/endpoint-registry.ts';
import { startTable } from '../support/table-under-test.ts';
import { median } from './cold/measure-cold-starts.ts';
import { firstEvent } from './cold/setting.ts';

/** One that reads, one that lists, one that writes, the one that hashes passwords, and the two heaviest in the background. */
const names = [
  'hierarchy-organization-read',
  'platform-member-list',
  'hierarchy-organization-update',
  'auth-session-login',
  'job-consumption-rollup',
  'stream-mailer',
];
const repetitions = 50;
const starts = 5;

/** At this much memory a function has a whole processor. @see https://docs.aws.amazon.com/lambda/latest/dg/configuration-memory.html */
const wholeProcessorMegabytes = 1_769;
const sizes = [256, 512, 1_024, wholeProcessorMegabytes];
/** A round trip to DynamoDB from a function of its region, in place of the one on this machine. */
const roundTripMilliseconds = 5;

interface Report {
  readonly coldProcessorMilliseconds: number;
  readonly warmProcessorMilliseconds: number;
  readonly memoryMegabytes: number;
}

const folder = mkdtempSync(join(tmpdir(), 'tenantry-memory-'));
const { tableName, engine, stop } = await startTable();
try {
  const registry = await readRegistry();
  const files = functionsOf(registry).filter(({ name }) => names.includes(name));
  const bundles = await bundleFunctions({
    entryPoints: Object.fromEntries(files.map(({ name, file }) => [name, file])),
    outputFolder: folder,
  });
  const environment = { ...process.env, AWS_ENDPOINT_URL_DYNAMODB: engine.url, TABLE_NAME: tableName };
  console.log(
    '                                processor, ms    memory   duration warm / cold, ms, and dollars a million',
  );
  console.log(
    `                                 cold   warm        MB   ${sizes.map((size) => `${size} MB`.padEnd(22)).join('')}`,
  );
  for (const [name, { folder: bundleFolder }] of bundles) {
    const reports: Report[] = [];
    for (let start = 0; start < starts; start += 1) {
      const event = JSON.stringify(await firstEvent({ folder, runs: 1, registry, environment: {} }, name));
      const program = join(import.meta.dirname, 'cold/first-request.mjs');
      const args = [program, join(bundleFolder, 'index.mjs'), event, String(repetitions)];
      const { stdout } = await promisify(execFile)(process.execPath, args, { env: environment, maxBuffer: 1e8 });
      reports.push(JSON.parse(stdout.slice(stdout.lastIndexOf('{"importMilliseconds"'))));
    }
    const [cold, warm, memory] = (
      ['coldProcessorMilliseconds', 'warmProcessorMilliseconds', 'memoryMegabytes'] as const
    ).map((figure) => median(reports.map((report) => report[figure]))) as [number, number, number];
    const at = (size: number) => {
      const share = Math.min(1, size / wholeProcessorMegabytes);
      const waits = 2 * roundTripMilliseconds;
      const duration = waits + warm / share;
      const dollars = (duration / 1000) * (size / 1024) * priceList.lambdaGigabyteSecondArm * 1e6;
      return `${duration.toFixed(0)} / ${(waits + cold / share).toFixed(0)}, $${dollars.toFixed(2)}`.padEnd(22);
    };
    const figures = `${cold.toFixed(0).padStart(5)}${warm.toFixed(1).padStart(7)}${memory.toFixed(0).padStart(10)}`;
    console.log(`${name.padEnd(32)}${figures}   ${sizes.map(at).join('')}`);
  }
} finally {
  await stop();
  rmSync(folder, { recursive: true, force: true });
}
