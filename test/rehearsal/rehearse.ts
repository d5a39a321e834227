/**
 * `npm run deploy:rehearse`: deploys Tenantry into an AWS on this machine and runs the HTTP suite against the deployed
 * URL.
 */
import { spawn } from 'node:child_process';
import { deploy, expectConsole, openAccount } from './deployment.ts';
import { inRehearsal, open } from './in-rehearsal.ts';

await inRehearsal(async (rehearsal) => {
  const { ministack, folder, say, atEnd } = rehearsal;
  say('Deploying.');
  await openAccount(ministack);
  const deployment = await deploy(ministack, folder, { stage: 'dev' });
  await expectConsole(deployment);
  const runFile = await open(rehearsal, deployment);

  say(`Deployed at ${deployment.url}. Running the HTTP suite against it.`);
  const suite = spawn('vitest', ['run', '--project', 'stack', 'test/stack', ...process.argv.slice(2)], {
    stdio: 'inherit',
    env: { ...process.env, TENANTRY_RUN_FILE: runFile, TENANTRY_REHEARSED: 'yes' },
  });
  atEnd(() => suite.kill('SIGTERM'));
  const code = await new Promise<number | null>((resolve) => suite.once('exit', resolve));
  if (code !== 0) console.log(`What the functions said last:\n${ministack.log()}`);
  say(code === 0 ? 'The rehearsed deployment passed the HTTP suite.' : 'The HTTP suite failed on the deployment.');
  process.exitCode = code === 0 ? 0 : 1;
});
