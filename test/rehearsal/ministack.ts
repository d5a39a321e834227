import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { mkdirSync, openSync, readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** The account and region that MiniStack plays. */
export const rehearsedAccount = '000000000000';
export const rehearsedRegion = 'us-east-1';

/** What the AWS SDK and the CDK need in the environment to talk to it, as the account's root user. */
export type AwsEnvironment = Readonly<Record<string, string>>;

/** A whole AWS on this machine. */
export interface Ministack {
  readonly url: string;
  readonly environment: AwsEnvironment;
  /** The end of what it and the functions in it have said. */
  log(): string;
  stop(): Promise<void>;
}

const readyWithinMilliseconds = 60_000;

/**
 * Installs MiniStack into a Python environment of its own.
 * @throws Error that says what to install where Python or its venv module is missing
 */
export async function installMinistack(folder: string): Promise<void> {
  try {
    await run('python3', ['-m', 'venv', join(folder, 'python')]);
  } catch (cause) {
    throw new Error('The rehearsal needs Python 3 with its venv module (on Debian: apt-get install python3-venv).', {
      cause,
    });
  }
  const requirements = join(import.meta.dirname, 'requirements.txt');
  await run(join(folder, 'python/bin/pip'), ['install', '--quiet', '--no-deps', '--requirement', requirements]);
}

/** Starts it on a free port. Every call is checked against IAM, as in AWS. Nothing of it is left after `stop`. */
export async function startMinistack(folder: string): Promise<Ministack> {
  const port = await freePort();
  const home = join(folder, 'home');
  mkdirSync(home);
  const logFile = join(folder, 'ministack.log');
  const log = openSync(logFile, 'w');
  // It hands its own environment on to the functions, so it gets nothing that a function must not have.
  const server = spawn(join(folder, 'python/bin/ministack'), [], {
    cwd: home,
    detached: true,
    stdio: ['ignore', log, log],
    env: {
      PATH: `${dirname(process.execPath)}:/usr/local/bin:/usr/bin:/bin`,
      HOME: home,
      TMPDIR: home,
      BIND_HOST: '127.0.0.1',
      GATEWAY_PORT: String(port),
      AUTH: 'true',
      MINISTACK_ACCOUNT_ID: rehearsedAccount,
      MINISTACK_REGION: rehearsedRegion,
    },
  });
  const url = `http://localhost:${port}`;
  const ministack: Ministack = {
    url,
    environment: {
      AWS_ENDPOINT_URL: url,
      AWS_ACCESS_KEY_ID: 'test',
      AWS_SECRET_ACCESS_KEY: 'test',
      AWS_REGION: rehearsedRegion,
      AWS_EC2_METADATA_DISABLED: 'true',
    },
    log: () => readFileSync(logFile, 'utf8').slice(-20_000),
    stop: () => endGroup(server),
  };
  try {
    await untilReady(`${url}/_ministack/ready`, server);
  } catch (error) {
    await ministack.stop();
    throw new Error(`MiniStack did not start:\n${ministack.log()}`, { cause: error });
  }
  return ministack;
}

async function untilReady(url: string, server: ChildProcess): Promise<void> {
  const deadline = Date.now() + readyWithinMilliseconds;
  for (;;) {
    if (server.exitCode !== null) throw new Error(`It ended with ${server.exitCode}.`);
    const isReady = await fetch(url).then(
      ({ ok }) => ok,
      () => false,
    );
    if (isReady) return;
    if (Date.now() > deadline) throw new Error(`It was not ready within ${readyWithinMilliseconds} ms.`);
    await sleep(100);
  }
}

/** Ends a process and all that it has started. */
async function endGroup({ pid }: ChildProcess): Promise<void> {
  if (pid === undefined) return;
  const signalGroup = (signal: NodeJS.Signals | 0): boolean => {
    try {
      return process.kill(-pid, signal);
    } catch {
      return false; // Nothing of the group is left.
    }
  };
  signalGroup('SIGTERM');
  for (let waited = 0; waited < 5_000; waited += 100) {
    if (!signalGroup(0)) return;
    await sleep(100);
  }
  signalGroup('SIGKILL');
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (typeof address !== 'object' || address === null) throw new Error('There is no free port.');
  return address.port;
}
