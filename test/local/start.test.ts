import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeAll, expect, test } from 'vitest';
import { startDynamoDBEngine } from '../../infra/local/dynamodb-engine.ts';
import { callDynamoDB } from '../../infra/local/dynamodb-wire.ts';
import type { RunFile } from '../../infra/local/run-file.ts';
import { sampleAssembly, temporaryFolder } from './sample-assembly.ts';

const program = (name: string) => fileURLToPath(new URL(`../../infra/local/${name}.ts`, import.meta.url));
const started: ChildProcess[] = [];

interface Ended {
  readonly status: number | null;
  readonly printed: string;
}

/** Runs a program of the local stack in a process group of its own, as a shell would. */
function run(name: string, settings: Readonly<Record<string, string>>, ...words: string[]) {
  const child = spawn(process.execPath, [program(name), ...words], {
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, PORT: '0', TENANTRY_ASSEMBLY_DIR: sampleAssembly(), TENANTRY_RECORD_CALLS: '', ...settings },
  });
  started.push(child);
  let printed = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk) => {
      printed += chunk;
    });
  }
  const ended = new Promise<Ended>((resolve) => child.once('close', (status) => resolve({ status, printed })));
  return { child, ended, printed: () => printed };
}

async function start(runFile: string, settings: Readonly<Record<string, string>> = {}) {
  const running = run('start', { TENANTRY_RUN_FILE: runFile, ...settings });
  await expect.poll(() => existsSync(runFile) || running.child.exitCode, { timeout: 20_000 }).toBe(true);
  return { ...running, stack: JSON.parse(readFileSync(runFile, 'utf8')) as RunFile };
}

function killGroup(child: ChildProcess, signal: NodeJS.Signals | 0): boolean {
  try {
    return process.kill(-(child.pid ?? 0), signal);
  } catch {
    return false;
  }
}

const subjects = async ({ inboxUrl }: RunFile): Promise<string[]> => {
  const { emails } = (await (await fetch(`${inboxUrl}/store`)).json()) as { emails: { subject: string }[] };
  return emails.map(({ subject }) => subject);
};
const putLetters = ({ url }: RunFile, ...names: string[]) =>
  fetch(`${url}/things`, {
    method: 'POST',
    body: JSON.stringify(names.map((sk) => ({ sk, kind: 'letter' }))),
    headers: { 'content-type': 'application/json' },
  });

beforeAll(() => {
  sampleAssembly();
}, 60_000);
afterEach(() => {
  for (const child of started.splice(0)) killGroup(child, 'SIGKILL');
});

test('a start says what a person needs, and writes it down for programs, for their owner alone', async () => {
  const runFile = join(temporaryFolder(), 'run.json');
  const { stack, printed } = await start(runFile);
  expect(stack).toMatchObject({
    url: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+$/),
    inboxUrl: expect.stringMatching(/^http/),
    dynamodbUrl: expect.stringMatching(/^http/),
    tableName: 'sample-things',
    platformAdmin: { email: 'admin@tenantry.local', password: expect.stringMatching(/^.{20,}$/) },
  });
  expect(statSync(runFile).mode & 0o777).toBe(0o600);
  await expect.poll(printed).toContain('Ctrl-C ends it');
  for (const needed of [
    stack.url,
    stack.inboxUrl,
    stack.platformAdmin.email,
    stack.platformAdmin.password,
    'in memory',
  ]) {
    expect(printed()).toContain(needed);
  }
  expect(printed().match(/^ {2}.*curl -s/gm)).toHaveLength(3);
  expect((await fetch(`${stack.url}/echo/a`)).status).toBe(200);
  expect((await fetch(stack.inboxUrl)).headers.get('content-type')).toContain('text/html');
});

test.each(['SIGINT', 'SIGTERM'] as const)('%s to its process group ends everything cleanly', async (signal) => {
  const runFile = join(temporaryFolder(), 'run.json');
  const dataFolder = temporaryFolder();
  const { child, ended, stack } = await start(runFile, { TENANTRY_DATA_DIR: dataFolder });
  killGroup(child, signal);
  const { status, printed } = await ended;
  expect([status, printed.includes('Error')]).toEqual([0, false]);
  await expect.poll(() => killGroup(child, 0), { timeout: 10_000 }).toBe(false);
  expect(existsSync(runFile)).toBe(false);
  expect(existsSync(join(dataFolder, 'stack.json'))).toBe(false);
  for (const url of [stack.url, stack.inboxUrl, stack.dynamodbUrl]) await expect(fetch(url)).rejects.toThrow();
});

test('after a kill, the next start on the same folder works at once, and nothing is lost', async () => {
  const runFile = join(temporaryFolder(), 'run.json');
  const dataFolder = temporaryFolder();
  const settings = { TENANTRY_DATA_DIR: dataFolder };
  const names = Array.from({ length: 30 }, (_, index) => `letter ${String(index).padStart(2, '0')}`);
  const first = await start(runFile, settings);
  await putLetters(first.stack, ...names);
  killGroup(first.child, 'SIGKILL');
  await first.ended;

  // One more, which certainly no consumer has seen.
  const engine = await startDynamoDBEngine({ dataFolder: join(dataFolder, 'dynamodb') });
  await callDynamoDB(engine.url, 'table', 'PutItem', {
    TableName: 'sample-things',
    Item: { pk: { S: 'thing' }, sk: { S: 'unseen' }, kind: { S: 'letter' }, name: { S: 'unseen' } },
  });
  await engine.stop();

  const secondRunFile = join(temporaryFolder(), 'run.json');
  const second = await start(secondRunFile, settings);
  expect(second.stack.platformAdmin).toEqual(first.stack.platformAdmin);
  const expected = [...names, 'unseen'].map((name) => `Letter ${name}`);
  await expect
    .poll(async () => [...new Set(await subjects(second.stack))].sort(), { timeout: 20_000 })
    .toEqual(expected.sort());
});

test('after a kill of its first process alone, nothing stays behind that stands in the way', async () => {
  const runFile = join(temporaryFolder(), 'run.json');
  const dataFolder = temporaryFolder();
  const first = await start(runFile, { TENANTRY_DATA_DIR: dataFolder });
  first.child.kill('SIGKILL');
  await first.ended;
  const second = await start(join(temporaryFolder(), 'run.json'), { TENANTRY_DATA_DIR: dataFolder });
  expect(second.stack.platformAdmin).toEqual(first.stack.platformAdmin);
  await expect(fetch(first.stack.dynamodbUrl)).rejects.toThrow();
});

test('a second start on a folder in use is refused in one sentence, and the first goes on', async () => {
  const dataFolder = temporaryFolder();
  const runFile = join(temporaryFolder(), 'run.json');
  const first = await start(runFile, { TENANTRY_DATA_DIR: dataFolder });
  const otherRunFile = join(temporaryFolder(), 'run.json');
  const second = await run('start', { TENANTRY_DATA_DIR: dataFolder, TENANTRY_RUN_FILE: otherRunFile }).ended;
  expect(second.status).toBe(1);
  expect(second.printed.trim()).toBe(
    `The data folder ${dataFolder} is in use by the stack that runs as process ${first.child.pid}: ` +
      'end that one first, or choose another folder with TENANTRY_DATA_DIR.',
  );
  expect((await fetch(`${first.stack.url}/echo/a`)).status).toBe(200);
  expect(existsSync(runFile)).toBe(true);
});

test('a taken port is told in one sentence', async () => {
  const server = createServer();
  const port = await new Promise<number>((resolve) => {
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      resolve(typeof address === 'object' ? (address?.port ?? 0) : 0);
    });
  });
  const { status, printed } = await run('start', {
    PORT: String(port),
    TENANTRY_RUN_FILE: join(temporaryFolder(), 'run.json'),
  }).ended;
  server.close();
  expect(status).toBe(1);
  expect(printed.trim()).toBe(
    `Port ${port} is taken: end what uses it, or choose another with PORT (PORT=0 takes any free one).`,
  );
});

const unusable: [string, string, (folder: string) => string][] = [
  ['no folder', 'cannot be used: EEXIST', (folder) => join(folder, 'file')],
  ['no database', 'cannot be used', (folder) => folder],
];
if (process.platform === 'linux') unusable.push(['where none can be', 'cannot be used: ENOENT', () => '/proc/none']);

test.each(unusable)('a data folder that is %s is told in one line', async (_, sentence, choose) => {
  const folder = temporaryFolder();
  writeFileSync(join(folder, 'file'), '');
  writeFileSync(join(folder, 'dynamodb'), 'in the way of the database');
  const chosen = choose(folder);
  const { status, printed } = await run('start', {
    TENANTRY_DATA_DIR: chosen,
    TENANTRY_RUN_FILE: join(folder, 'run.json'),
  }).ended;
  expect(status).toBe(1);
  expect(printed.trim().split('\n')).toHaveLength(1);
  expect(printed).toContain(sentence);
  expect(printed).toContain(chosen);
});

test('a port that is none is told in one sentence', async () => {
  const { status, printed } = await run('start', { PORT: 'many' }).ended;
  expect([status, printed.trim()]).toEqual([
    1,
    'PORT is no port: many. It is a number from 0 (any free one) to 65535.',
  ]);
});

test('a stack whose engine dies ends, and says so', async () => {
  const runFile = join(temporaryFolder(), 'run.json');
  const { child, ended } = await start(runFile);
  const children = readFileSync(`/proc/${child.pid}/task/${child.pid}/children`, 'utf8').trim().split(' ');
  const engine = children.find((id) => readFileSync(`/proc/${id}/cmdline`, 'utf8').includes('dynoxide\0serve'));
  process.kill(Number(engine), 'SIGKILL');
  const { status, printed } = await ended;
  expect(status).toBe(1);
  expect(printed).toContain('The DynamoDB engine has ended');
  expect(existsSync(runFile)).toBe(false);
});

test('a job runs in the running stack, and prints what it did', async () => {
  const runFile = join(temporaryFolder(), 'run.json');
  const settings = { TENANTRY_RUN_FILE: runFile };
  const none = await run('job', settings, 'tick').ended;
  expect([none.status, none.printed.trim()]).toEqual([
    1,
    `No stack runs: there is no run file ${runFile}. Start one with \`npm start\`.`,
  ]);

  await start(runFile);
  const done = await run('job', settings, 'tick').ended;
  expect([done.status, JSON.parse(done.printed).event]).toEqual([0, {}]);
  const told = await run('job', settings, 'tick', '{"from":"here"}').ended;
  expect(JSON.parse(told.printed).event).toEqual({ from: 'here' });
  const unknown = await run('job', settings, 'tock').ended;
  expect([unknown.status, unknown.printed.trim()]).toEqual([
    1,
    'There is no job tock. There are: bootstrap, redrive, tick.',
  ]);
  const unnamed = await run('job', settings).ended;
  expect([unnamed.status, unnamed.printed]).toEqual([1, expect.stringContaining('bootstrap, redrive, tick')]);
});
