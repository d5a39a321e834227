import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const readyWithinMilliseconds = 60_000;

/**
 * Gives the HTTP suite a stack: the one that `TENANTRY_RUN_FILE` names where it is set (a rehearsed deployment, or one
 * that runs already), else the local stack, started as `npm start` starts it, on a free port and in memory.
 */
export async function setup(): Promise<(() => Promise<void>) | undefined> {
  if (process.env.TENANTRY_RUN_FILE !== undefined) return undefined;
  const folder = mkdtempSync(join(tmpdir(), 'tenantry-stack-'));
  const runFile = join(folder, 'run.json');
  process.env.TENANTRY_RUN_FILE = runFile;
  // What the functions call, for the proof of their permissions that follows (test/permissions).
  process.env.TENANTRY_RECORD_CALLS ??= join(folder, 'calls.jsonl');
  const stack = spawn('node', ['infra/local/start.ts'], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, PORT: '0', TENANTRY_RUN_FILE: runFile, TENANTRY_WATCH: 'off' },
  });
  let said = '';
  stack.stdout.on('data', (chunk) => {
    said += chunk;
  });
  stack.stderr.on('data', (chunk) => {
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
  return async () => {
    await end(stack);
    rmSync(folder, { recursive: true, force: true });
  };
}

async function end(stack: ChildProcess): Promise<void> {
  const ended = new Promise((resolve) => stack.once('exit', resolve));
  stack.kill('SIGINT');
  await Promise.race([ended, sleep(10_000)]);
  stack.kill('SIGKILL');
}
