/**
 * `npm run bench`: every part of the measurements on one page, each figure beside its goal. `npm run bench -- warm lists`
 * takes some of them; each is a command of its own as well (`npm run bench:warm`), which prints the figures in full.
 */
import { spawn } from 'node:child_process';
import { cpus } from 'node:os';
import { readMeasuredUnits } from '../../infra/cost/measured-units.ts';
import { tripsMaxOf } from '../../infra/cost/trip-budget.ts';
import { readRegistry } from '../../infra/endpoint-registry.ts';
import { goalLines, printGoals } from './goals.ts';

/** The parts, in the order of the page, with what their commands are told here. */
const parts: Readonly<Record<string, readonly [script: string, ...args: string[]]>> = {
  cold: ['bench:cold', '--runs', '3'],
  levers: ['bench:cold', '--levers', '--runs', '7'],
  warm: ['bench:warm'],
  costs: ['bench:costs'],
  lists: ['bench:lists', '100', '10000'],
  peers: ['bench:peers'],
  scale: ['bench:scale'],
  build: ['bench:build', '--tests'],
};

/** What counted lists take of a request at most; nothing else is to grow with an organization. */
const unitsMoreMax = 10;

const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !(name in parts));
if (unknown.length > 0) throw new Error(`There are the parts ${Object.keys(parts).join(', ')}, not ${unknown}.`);

console.log(`Node ${process.version}, ${cpus().length} × ${cpus()[0]?.model}, ${new Date().toISOString()}`);
for (const [name, [script, ...args]] of Object.entries(parts)) {
  if (wanted.length > 0 && !wanted.includes(name)) continue;
  console.log(`\n── ${name}`);
  if (name === 'costs') await printCostGoals();
  else await printPart(script, args);
}

/** What requests take is measured by the tests with every change: the table says it. */
async function printCostGoals(): Promise<void> {
  const { endpoints: costs } = readMeasuredUnits();
  const { endpoints } = await readRegistry();
  const over = endpoints.flatMap(({ name, endpoint }) => {
    const trips = costs[name]?.large.trips ?? 0;
    return trips > tripsMaxOf(endpoint) ? [`${name} ${trips}`] : [];
  });
  const more = Object.values(costs).map(
    ({ small, large }) => large.readUnits + large.writeUnits - small.readUnits - small.writeUnits,
  );
  const most = Math.max(...more);
  printGoals([
    {
      what: 'trips before the answer',
      figure: `${endpoints.length - over.length} of ${endpoints.length} endpoints${over.map((each) => `, ${each}`).join('')}`,
      goal: '2 to read, 3 to write',
      isMet: over.length === 0,
    },
    {
      what: 'units at 100,000 members beside those at 10',
      figure: `the same for ${more.filter((units) => units <= 0).length} of ${more.length}, at most ${most} more`,
      goal: `at most ${unitsMoreMax} more`,
      isMet: most <= unitsMoreMax,
    },
  ]);
}

async function printPart(script: string, args: readonly string[]): Promise<void> {
  const began = performance.now();
  const command = spawn('npm', ['run', '--silent', script, '--', ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const chunks: Buffer[] = [];
  for await (const chunk of command.stdout) chunks.push(chunk);
  const status = command.exitCode ?? (await new Promise((resolve) => command.once('exit', resolve)));
  const printed = Buffer.concat(chunks).toString().trim();
  const lines = goalLines(printed);
  // What has no goal is shown as it is.
  console.log(lines.length > 0 ? lines.join('\n') : printed);
  const seconds = Math.round((performance.now() - began) / 1_000);
  const asked = [`npm run ${script}`, ...(args.length > 0 ? ['--', ...args] : [])].join(' ');
  console.log(`         ${asked}: ${status === 0 ? 'ended' : `FAILED with ${status}`} after ${seconds} s`);
  if (status !== 0) process.exitCode = 1;
}
