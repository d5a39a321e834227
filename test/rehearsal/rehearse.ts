/**
 * `npm run deploy:rehearse`: deploys Tenantry into an AWS on this machine, and runs the HTTP suite against the deployed
 * URL and the console's story in a browser.
 */
import { spawn } from 'node:child_process';
import { chromiumFile, hasChromium } from '../support/chromium.ts';
import { deploy, expectConsole, openAccount } from './deployment.ts';
import { openEdge } from './edge.ts';
import { inRehearsal, open } from './in-rehearsal.ts';

await inRehearsal(async (rehearsal) => {
  const { ministack, folder, say, atEnd } = rehearsal;
  say('Deploying.');
  await openAccount(ministack);
  const deployment = await deploy(ministack, folder, { stage: 'dev' });
  await expectConsole(deployment);
  const runFile = await open(rehearsal, deployment);

  async function run(tests: readonly string[], found: Readonly<Record<string, string>>) {
    const suite = spawn('vitest', ['run', '--no-file-parallelism', ...tests], {
      stdio: 'inherit',
      env: { ...process.env, TENANTRY_RUN_FILE: runFile, TENANTRY_REHEARSED: 'yes', ...found },
    });
    atEnd(() => suite.kill('SIGTERM'));
    const code = await new Promise<number | null>((resolve) => suite.once('exit', resolve));
    return code === 0;
  }

  say(`Deployed at ${deployment.url}. Running the HTTP suite against it.`);
  const suitePassed = await run(['test/stack', 'test/alone/jobs', ...process.argv.slice(2)], {});
  say(suitePassed ? 'The rehearsed deployment passed the HTTP suite.' : 'The HTTP suite failed on the deployment.');

  let storyPassed = true;
  if (hasChromium()) {
    const edge = await openEdge(ministack, deployment);
    atEnd(() => edge.close());
    say(`The console is at ${edge.url}. Running its story in Chromium.`);
    storyPassed = await run(['test/console/story.test.ts'], { TENANTRY_CONSOLE_URL: edge.url });
    say(storyPassed ? 'The deployed console passed its story.' : 'The story of the console failed on the deployment.');
  } else say(`The console’s story is left out: there is no Chromium at ${chromiumFile}.`);

  if (suitePassed && storyPassed) return;
  console.log(`What the functions said last:\n${ministack.log()}`);
  process.exitCode = 1;
});
