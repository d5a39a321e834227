import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const readyWithinMilliseconds = 180_000;

/** A stack that runs, in memory, on a free port. */
export interface StartedStack {
  readonly runFile: string;
  /** Everything that functions printed. */
  readonly logFile: string;
  end(): Promise<void>;
}

const runFileIn = (folder: string) => join(folder, 'run.json');
const logFileIn = (folder: string) => join(folder, 'run.d/functions.log');
/** Says why a stack did not start, for the processes that wait for it. */
const failureFileOf = (runFile: string) => `${runFile}.failed`;

/** Starts the local stack as `npm start` starts it. @throws Error with what it said when it does not start */
export async function startStack(folder: string, settings: Readonly<Record<string, string>>): Promise<StartedStack> {
  const runFile = runFileIn(folder);
  const stack = spawn('node', ['infra/local/start.ts'], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, PORT: '0', TENANTRY_WATCH: 'off', ...settings, TENANTRY_RUN_FILE: runFile },
  });
  let said = '';
  for (const stream of [stack.stdout, stack.stderr])
    stream.on('data', (chunk) => {
      said += chunk;
    });
  const deadline = Date.now() + readyWithinMilliseconds;
  while (!existsSync(runFile)) {
    if (stack.exitCode !== null || Date.now() > deadline) {
      stack.kill('SIGKILL');
      throw new Error(`The local stack did not start:\n${said}`);
    }
    await sleep(100);
  }
  return {
    runFile,
    logFile: logFileIn(folder),
    async end() {
      const ended = new Promise((resolve) => stack.once('exit', resolve));
      stack.kill('SIGINT');
      // Nothing waits for this patience once the stack has ended.
      await Promise.race([ended, sleep(10_000, undefined, { ref: false })]);
      stack.kill('SIGKILL');
    },
  };
}

/**
 * Gives the HTTP suite a stack: the one that `TENANTRY_RUN_FILE` names where it is set (a rehearsed deployment, or one
 * that runs already), else the local stack. That one is not waited for here, so that what needs none runs meanwhile.
 */
export function setup(): (() => Promise<void>) | undefined {
  if (process.env.TENANTRY_RUN_FILE !== undefined) return undefined;
  const folder = mkdtempSync(join(tmpdir(), 'tenantry-stack-'));
  // What the functions call, for the proof of their permissions that follows (test/permissions).
  process.env.TENANTRY_RECORD_CALLS ??= join(folder, 'calls.jsonl');
  // What is sent and answered, for the search of their log that follows as well.
  process.env.TENANTRY_RECORD_EXCHANGES = join(folder, 'exchanges.jsonl');
  const starting = startStack(folder, {});
  process.env.TENANTRY_RUN_FILE = runFileIn(folder);
  process.env.TENANTRY_FUNCTION_LOG_FILE = logFileIn(folder);
  const started = starting.catch((error: Error) => writeFileSync(failureFileOf(runFileIn(folder)), error.message));
  return async () => {
    await (await started)?.end();
    rmSync(folder, { recursive: true, force: true });
  };
}

/** Waits for the stack of this run of the suite. @throws Error with what it said when it does not start */
export async function awaitStack(): Promise<void> {
  const { TENANTRY_RUN_FILE: runFile = '' } = process.env;
  const failureFile = failureFileOf(runFile);
  const deadline = Date.now() + readyWithinMilliseconds;
  while (!existsSync(runFile)) {
    if (existsSync(failureFile)) throw new Error(readFileSync(failureFile, 'utf8'));
    if (Date.now() > deadline) throw new Error(`There is no run file ${runFile}.`);
    await sleep(100);
  }
}
