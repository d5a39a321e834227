import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Deployment } from './deployment.ts';
import { installMinistack, type Ministack, startMinistack } from './ministack.ts';
import { openSideDoor } from './side-door.ts';

/** What happens in a rehearsal, and what it leaves behind until its end. */
export interface Rehearsal {
  readonly ministack: Ministack;
  /** Of its own; gone at the end. */
  readonly folder: string;
  /** Prints a sentence, with how long the rehearsal has taken. */
  say(sentence: string): void;
  /** Is done at the end, however it comes. */
  atEnd(close: () => void): void;
}

/**
 * Runs a rehearsal in an AWS on this machine, with IAM in force. What it made is gone afterwards, also after a failure or
 * Ctrl-C. The process ends with 1 when it throws, or when what it did says so.
 */
export async function inRehearsal(act: (rehearsal: Rehearsal) => Promise<void>): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'tenantry-rehearsal-'));
  const began = Date.now();
  const closers: (() => void)[] = [];
  let ministack: Ministack | undefined;
  const say = (sentence: string) => console.log(`[${((Date.now() - began) / 1000).toFixed(1)} s] ${sentence}`);

  async function tearDown(): Promise<void> {
    for (const close of closers.splice(0).reverse()) close();
    await ministack?.stop();
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  }

  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
    process.once(signal, async () => {
      say(`Stopped by ${signal}: tearing down.`);
      await tearDown();
      process.exit(130);
    });

  try {
    say('Installing MiniStack.');
    await installMinistack(folder);
    ministack = await startMinistack(folder);
    Object.assign(process.env, ministack.environment);
    await act({ ministack, folder, say, atEnd: (close) => closers.push(close) });
  } catch (error) {
    console.error(error);
    if (ministack !== undefined) console.error(`What MiniStack said last:\n${ministack.log()}`);
    process.exitCode = 1;
  } finally {
    await tearDown();
  }
}

/** Makes the first platform administrator of a deployment, and writes down how tests find it. Answers where. */
export async function open({ ministack, folder, atEnd }: Rehearsal, deployment: Deployment): Promise<string> {
  const door = await openSideDoor(ministack, deployment);
  atEnd(() => door.close());
  const platformAdmin = { email: 'admin@tenantry.local', password: randomBytes(18).toString('base64url') };
  await door.runJob('bootstrap', platformAdmin);
  const { inboxUrl, controlUrl, controlSecret } = door;
  const { url, tableName } = deployment;
  const found = { url, inboxUrl, dynamodbUrl: ministack.url, tableName, platformAdmin, controlUrl, controlSecret };
  const runFile = join(folder, 'run.json');
  writeFileSync(runFile, JSON.stringify(found));
  return runFile;
}
