/**
 * `npm run bench:units`: asks a local stack for the requests that the cost model counts, and writes what each took of the
 * table (in the units that DynamoDB bills) and of time to `infra/cost/measured-units.json`. `npm run bench:costs` does
 * the other half of that file.
 */
import { execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { writeMeasuredUnits } from '../../infra/cost/measured-units.ts';

const repetitions = 20;

interface Call {
  readonly at: string;
  readonly service: string;
  readonly action: string;
  readonly consumedCapacity?: { CapacityUnits?: number } | { CapacityUnits?: number }[];
}

const folder = mkdtempSync(join(tmpdir(), 'tenantry-units-'));
const runFile = join(folder, 'run.json');
const callsFile = join(folder, 'calls.jsonl');
const stack = spawn('node', ['infra/local/start.ts'], {
  stdio: ['ignore', 'ignore', 'inherit'],
  env: {
    ...process.env,
    ...{ PORT: '0', TENANTRY_RUN_FILE: runFile, TENANTRY_RECORD_CALLS: callsFile, TENANTRY_WATCH: 'off' },
  },
});
try {
  for (let waited = 0; !existsSync(runFile); waited += 1) {
    if (waited > 600 || stack.exitCode !== null) throw new Error('The local stack did not start.');
    await sleep(100);
  }
  const requests = await measureAll();
  writeMeasuredUnits({ requests });
  console.log(requests);
} finally {
  if (stack.exitCode === null) {
    const ended = new Promise((resolve) => stack.once('exit', resolve));
    stack.kill('SIGINT');
    await ended;
  }
  rmSync(folder, { recursive: true, force: true });
}

async function measureAll() {
  const { url, platformAdmin } = JSON.parse(readFileSync(runFile, 'utf8'));

  async function ask(method: string, path: string, body?: unknown, token?: string) {
    const answer = await fetch(`${url}${path}`, {
      method,
      headers: {
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...(token !== undefined && { authorization: `Bearer ${token}` }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${method} ${path} answered ${answer.status}: ${text}`);
    return text === '' ? undefined : JSON.parse(text);
  }

  const signIn = () => ask('POST', '/auth/login', platformAdmin);
  const token: string = (await signIn()).access_token;
  const organization: number = (await ask('POST', '/organizations', { organization_name: 'Measured' }, token)).id;
  await ask('GET', `/api/organizations/${organization}/members`, undefined, token);

  return {
    read: await measure(() => ask('GET', `/orgs/${organization}`, undefined, token)),
    list: await measure(() => ask('GET', `/api/organizations/${organization}/members`, undefined, token)),
    change: await measure((n) => ask('PATCH', `/orgs/${organization}`, { name: `Measured ${n}` }, token)),
    signIn: await measure(signIn),
    // With the mail that follows.
    invitation: await measure((n) => {
      const body = { email: `somebody-${n}@tenantry.example.com`, name: 'Somebody', roles: [5] };
      return ask('POST', `/api/organizations/${organization}/invite`, body, token);
    }),
    idleRollup: await measure(async () => {
      execFileSync('node', ['infra/local/job.ts', 'consumption-rollup'], {
        stdio: 'ignore',
        env: { ...process.env, TENANTRY_RUN_FILE: runFile },
      });
    }, 3),
  };
}

/** Units and milliseconds of one request, on average; the time is the middle one, with everything warm. */
async function measure(request: (n: number) => Promise<unknown>, times = repetitions) {
  await request(-1);
  await settled();
  const before = calls().length;
  const milliseconds: number[] = [];
  for (let n = 0; n < times; n += 1) {
    const began = performance.now();
    await request(n);
    milliseconds.push(performance.now() - began);
  }
  await settled();
  const made = calls().slice(before);
  const round = (value: number) => Math.round(value * 100) / 100;
  const units = (of: readonly Call[]) =>
    round(
      of.flatMap(({ consumedCapacity = [] }) => consumedCapacity).reduce((sum, c) => sum + (c.CapacityUnits ?? 0), 0) /
        times,
    );
  const isRead = ({ action }: Call) => /:(GetItem|BatchGetItem|Query|TransactGetItems)$/.test(action);
  return {
    readUnits: units(made.filter(isRead)),
    writeUnits: units(made.filter((call) => !isRead(call))),
    milliseconds: Math.round(milliseconds.sort((one, other) => one - other)[Math.floor(times / 2)] ?? 0),
  };
}

function calls(): Call[] {
  const lines = readFileSync(callsFile, 'utf8').trim().split('\n');
  return lines.map((line): Call => JSON.parse(line)).filter(({ service }) => service === 'dynamodb');
}

/** Waits until what follows from the requests by the stream is done. */
async function settled(): Promise<void> {
  for (let count = -1; count !== calls().length; ) {
    count = calls().length;
    await sleep(1_500);
  }
}
