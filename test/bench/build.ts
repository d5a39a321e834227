/**
 * `npm run bench:build`: how long it takes to synthesize everything and to start the local stack, each three times; with
 * `-- --tests` also `npm test`, once. Of a machine that does nothing else, seconds are seconds; on any other, an upper bound.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { startStack } from '../support/start-stack.ts';
import { median } from './cold/measure-cold-starts.ts';
import { type Goal, printGoals } from './goals.ts';

const { values: options } = parseArgs({ options: { tests: { type: 'boolean', default: false } } });
const repetitions = 3;
const [synthSecondsMax, readySecondsMax, testSecondsMax] = [10, 5, 180];

const folder = mkdtempSync(join(tmpdir(), 'tenantry-build-'));
try {
  const goals = [
    goalOf('cdk synth', synthSecondsMax, await secondsOf(() => run('cdk', 'synth', '--quiet', '--output', folder))),
    goalOf('npm start until it is ready', readySecondsMax, await secondsOf(startAndEnd)),
  ];
  if (options.tests) goals.push(goalOf('npm test', testSecondsMax, await secondsOf(() => run('npm', 'test'), 1)));
  printGoals(goals);
} finally {
  rmSync(folder, { recursive: true, force: true });
}

/** Seconds, the middle ones. The work may answer when it was done, where it still had to be cleared away. */
async function secondsOf(work: () => Promise<number> | number, times = repetitions): Promise<number> {
  const taken: number[] = [];
  for (let time = 0; time < times; time += 1) {
    const began = performance.now();
    taken.push(((await work()) - began) / 1_000);
  }
  return median(taken);
}

function run(program: string, ...args: string[]): number {
  const { status, stderr } = spawnSync(program, args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`${program} ${args.join(' ')} ended with ${status}:\n${stderr}`);
  return performance.now();
}

async function startAndEnd(): Promise<number> {
  const stack = await startStack(mkdtempSync(join(folder, 'run-')), {});
  const ready = performance.now();
  await stack.end();
  return ready;
}

function goalOf(what: string, secondsMax: number, seconds: number): Goal {
  return { what, figure: `${seconds.toFixed(1)} s`, goal: `under ${secondsMax} s`, isMet: seconds < secondsMax };
}
