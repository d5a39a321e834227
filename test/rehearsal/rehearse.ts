/**
 * `npm run deploy:rehearse`: deploys Tenantry into an AWS on this machine, with IAM in force, and runs the HTTP suite
 * against the deployed URL. What it made is gone afterwards, also after a failure or Ctrl-C.
 */
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { deploy } from './deployment.ts';
import { installMinistack, type Ministack, startMinistack } from './ministack.ts';
import { openSideDoor, type SideDoor } from './side-door.ts';

const folder = mkdtempSync(join(tmpdir(), 'tenantry-rehearsal-'));
const began = Date.now();
let ministack: Ministack | undefined;
let door: SideDoor | undefined;
let suite: ReturnType<typeof spawn> | undefined;

function say(sentence: string): void {
  console.log(`[${((Date.now() - began) / 1000).toFixed(1)} s] ${sentence}`);
}

async function tearDown(): Promise<void> {
  suite?.kill('SIGTERM');
  door?.close();
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

  say('Deploying.');
  const deployment = await deploy(ministack, folder, 'dev');
  door = await openSideDoor(ministack, deployment);
  const platformAdmin = { email: 'admin@tenantry.local', password: randomBytes(18).toString('base64url') };
  await door.runJob('bootstrap', platformAdmin);
  const { inboxUrl, controlUrl, controlSecret } = door;
  const runFile = join(folder, 'run.json');
  const { url, tableName } = deployment;
  const found = { url, inboxUrl, dynamodbUrl: ministack.url, tableName, platformAdmin, controlUrl, controlSecret };
  writeFileSync(runFile, JSON.stringify(found));

  say(`Deployed at ${url}. Running the HTTP suite against it.`);
  suite = spawn('vitest', ['run', '--project', 'stack', 'test/stack', ...process.argv.slice(2)], {
    stdio: 'inherit',
    env: { ...process.env, TENANTRY_RUN_FILE: runFile, TENANTRY_REHEARSED: 'yes' },
  });
  const code = await new Promise<number | null>((resolve) => suite?.once('exit', resolve));
  if (code !== 0) console.log(`What the functions said last:\n${ministack.log()}`);
  say(code === 0 ? 'The rehearsed deployment passed the HTTP suite.' : 'The HTTP suite failed on the deployment.');
  process.exitCode = code === 0 ? 0 : 1;
} catch (error) {
  console.error(error);
  if (ministack !== undefined) console.error(`What MiniStack said last:\n${ministack.log()}`);
  process.exitCode = 1;
} finally {
  await tearDown();
}
