import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
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

/** Starts the local stack as `npm start` starts it. @throws Error with what it said when it does not start */
export async function startStack(folder: string, settings: Readonly<Record<string, string>>): Promise<StartedStack> {
  const runFile = join(folder, 'run.json');
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
    logFile: join(folder, 'run.d/functions.log'),
    async end() {
      const ended = new Promise((resolve) => stack.once('exit', resolve));
      stack.kill('SIGINT');
      await Promise.race([ended, sleep(10_000)]);
      stack.kill('SIGKILL');
    },
  };
}

/**
 * Gives the HTTP suite a stack: the one that `TENANTRY_RUN_FILE` names where it is set (a rehearsed deployment, or one
 * that runs already), else the local stack.
 */
export async function setup(): Promise<(() => Promise<void>) | undefined> {
  if (process.env.TENANTRY_RUN_FILE !== undefined) return undefined;
  const folder = mkdtempSync(join(tmpdir(), 'tenantry-stack-'));
  // What the functions call, for the proof of their permissions that follows (test/permissions).
  process.env.TENANTRY_RECORD_CALLS ??= join(folder, 'calls.jsonl');
  // What is sent and answered, for the search of their log that follows as well.
  process.env.TENANTRY_RECORD_EXCHANGES = join(folder, 'exchanges.jsonl');
  const stack = await startStack(folder, {});
  process.env.TENANTRY_RUN_FILE = stack.runFile;
  process.env.TENANTRY_FUNCTION_LOG_FILE = stack.logFile;
  return async () => {
    await stack.end();
    rmSync(folder, { recursive: true, force: true });
  };
}
