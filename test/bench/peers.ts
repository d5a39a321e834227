/**
 * `npm run bench:peers`: how many requests a second better-auth's organization plugin serves, and how many Tenantry, on
 * this machine, with the same Node.js and the same load.
 *
 * Tenantry is measured twice: as the local stack of `npm start`, and its handlers alone in one process, as better-auth is
 * one; each with the audit entry, the access log and an Idempotency-Key on each write. better-auth is set up as its
 * documentation says, without its rate limiting, and installed into a throwaway folder. Both keep data in memory;
 * `-- --on-disk` lets both keep it in files, as that documentation has it.
 *
 * What a machine with few processors lets through says as much of how many processes share it (better-auth with SQLite is
 * one, the stack two, and the client another) as of the code; so the processor time of each request is shown beside it.
 *
 * Rounds alternate, and the first is not counted. `-- --rounds 9`, `--seconds 5`, `--connections 16` measure more;
 * `--only list` fewer.
 */
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { median } from './cold/measure-cold-starts.ts';
import { type Goal, printGoals } from './goals.ts';
import { startBetterAuth, versions } from './peers/better-auth.ts';
import { forkProgram } from './peers/forked.ts';
import type { Load, LoadFigures, RepeatedRequest } from './peers/load-client.ts';
import type { Peer, PeerRequests } from './peers/peer.ts';
import { startTenantry } from './peers/tenantry.ts';

const { values: options } = parseArgs({
  options: {
    rounds: { type: 'string', default: '5' },
    seconds: { type: 'string', default: '3' },
    connections: { type: 'string', default: '8' },
    only: { type: 'string', default: '' },
    'on-disk': { type: 'boolean', default: false },
  },
});
const [rounds, seconds, connections] = [Number(options.rounds), Number(options.seconds), Number(options.connections)];

const sizes = [1_000, 100_000];

interface Scenario {
  readonly name: string;
  /** How many times as many requests a second as better-auth. */
  readonly goal?: number;
  /** Then something may follow the answers, which is waited for. */
  readonly writes?: boolean;
  readonly requests: (of: PeerRequests) => readonly RepeatedRequest[];
}

const scenarios: readonly Scenario[] = [
  { name: 'list 25 of 1,000 members', goal: 1.5, requests: ({ list }) => list(0) },
  { name: 'list 25 of 100,000 members', goal: 5, requests: ({ list }) => list(1) },
  { name: 'get organization', requests: ({ read }) => read },
  { name: 'create organization', goal: 4, writes: true, requests: ({ create }) => create },
  { name: 'invite', writes: true, requests: ({ invite }) => invite },
];

const folder = mkdtempSync(join(tmpdir(), 'tenantry-peers-'));
const client = forkProgram(join(import.meta.dirname, 'peers/load-client.ts'));
const running: Peer[] = [];
const goals: Goal[] = [];
try {
  const setUp = { folder, callers: 200, sizes, onDisk: options['on-disk'] };
  const betterAuth = await startBetterAuth(setUp);
  running.push(betterAuth);
  const { stack, handlers } = await startTenantry(setUp);
  running.push(stack, handlers);

  console.log(
    `better-auth ${versions['better-auth']}, better-sqlite3 ${versions['better-sqlite3']}, Node.js ${process.version}, data in ` +
      `${options['on-disk'] ? 'files' : 'memory'}; ${connections} connections, medians of ${rounds} alternating rounds of ${seconds} s`,
  );
  for (const scenario of scenarios.filter(({ name }) => name.includes(options.only))) {
    const goal = scenario.goal === undefined ? '' : ` (goal: at least ${scenario.goal} times as many)`;
    console.log(`\n${scenario.name}${goal}`);
    const peers = { 'better-auth': betterAuth, 'local stack': stack, 'handlers alone': handlers };
    const rows = rowsOf(await compare(scenario, peers));
    console.table(rows);
    goals.push(...goalsOf(scenario, rows));
  }
  if (goals.length > 0) printGoals(goals);
} finally {
  client.end();
  for (const peer of running.reverse()) await peer.stop();
  rmSync(folder, { recursive: true, force: true });
}

/** Each in turn, round after round, beginning with another one each time. */
async function compare(
  { requests, writes }: Scenario,
  peers: Readonly<Record<string, Peer>>,
): Promise<Map<string, Figures[]>> {
  const measured = new Map(Object.keys(peers).map((name) => [name, [] as Figures[]]));
  for (let round = 0; round <= rounds; round += 1) {
    const turns = Object.entries(peers);
    for (const [name, peer] of [...turns.slice(round % turns.length), ...turns.slice(0, round % turns.length)]) {
      const load: Load = { requests: requests(peer.requests), connections, milliseconds: seconds * 1_000 };
      const before = processorOf(peer);
      const figures = await client.ask<LoadFigures>(load);
      if (figures.failure !== undefined) throw new Error(figures.failure);
      const after = processorOf(peer);
      if (writes) await peer.settle();
      const each = (used: number | undefined, at: number) => ((used ?? 0) - (before[at] ?? 0)) / figures.requests;
      if (round > 0) measured.get(name)?.push({ ...figures, processorMilliseconds: after.map(each) });
    }
  }
  return measured;
}

interface Figures extends LoadFigures {
  /** Of a request, by process. */
  readonly processorMilliseconds: readonly number[];
}

/** What each process of a peer has used of a processor so far, in milliseconds; on Linux, which tells. */
function processorOf({ processes }: Peer): number[] {
  const ticksPerSecond = 100;
  return Object.values(processes).map((id) => {
    const stat = existsSync(`/proc/${id}/stat`) ? readFileSync(`/proc/${id}/stat`, 'utf8') : '';
    const [user = 0, system = 0] = stat.slice(stat.lastIndexOf(')')).split(' ').slice(12, 14).map(Number);
    return ((user + system) * 1_000) / ticksPerSecond;
  });
}

function rowsOf(measured: ReadonlyMap<string, readonly Figures[]>) {
  const middle = (name: string, of: (figures: Figures) => number) => median((measured.get(name) ?? []).map(of));
  const [first = ''] = measured.keys();
  return Object.fromEntries(
    [...measured.keys()].map((name) => {
      const rate = middle(name, (figures) => figures.requestsPerSecond);
      const p99 = middle(name, (figures) => figures.p99Milliseconds);
      const own = middle(name, (figures) => figures.processorMilliseconds[0] ?? 0);
      const engine = middle(name, (figures) => figures.processorMilliseconds[1] ?? 0);
      const row = {
        'requests/s': Math.round(rate),
        'times better-auth': tenths(rate / middle(first, (figures) => figures.requestsPerSecond)),
        'middle, ms': tenths(middle(name, (figures) => figures.middleMilliseconds)),
        'p99, ms': tenths(p99),
        'p99 of better-auth': tenths(p99 / middle(first, (figures) => figures.p99Milliseconds)),
        'processor, ms a request': tenths(own),
        'engine, ms a request': tenths(engine),
      };
      return [name, row];
    }),
  );
}

function goalsOf({ name, goal }: Scenario, rows: ReturnType<typeof rowsOf>): Goal[] {
  if (goal === undefined) return [];
  return Object.entries(rows).flatMap(([peer, { 'times better-auth': times }]) =>
    peer === 'better-auth'
      ? []
      : [
          {
            what: `${name}, ${peer}`,
            figure: `${times} times better-auth's requests a second`,
            goal: `at least ${goal}`,
            isMet: times >= goal,
          },
        ],
  );
}

function tenths(value: number): number {
  return Math.round(10 * value) / 10;
}
