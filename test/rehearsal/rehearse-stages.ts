/**
 * `npm run rehearse:stages`: deploys the templates of every stage into an AWS on this machine, each with what it has to
 * be told, and asks each deployed URL whether it is well. (`npm run deploy:rehearse` runs the whole suite on one.)
 */
import { spawnSync } from 'node:child_process';
import { type StageName, stageNames } from '../../infra/stage-settings.ts';
import { toldSettings } from '../support/synthesized-templates.ts';
import { deploy, openAccount, projectFolder } from './deployment.ts';
import { inRehearsal } from './in-rehearsal.ts';

const only = process.argv.slice(2);

await inRehearsal(async ({ ministack, folder, say }) => {
  await openAccount(ministack);
  for (const stage of stageNames.filter((name) => only.length === 0 || only.includes(name))) {
    say(`Deploying ${stage}.`);
    const { url } = await deploy(ministack, folder, { stage, settings: settingsOf(stage) });
    const { status } = spawnSync('node', ['infra/smoke-test.ts', '--url', url, '--mail'], {
      cwd: projectFolder,
      stdio: 'inherit',
    });
    if (status !== 0) throw new Error(`The deployed stage ${stage} is not well.`);
    say(`${stage} is deployed, and well.`);
  }
});

/** Each with names of its own: they share the account. */
function settingsOf(stage: StageName): Readonly<Record<string, string>> {
  if (stage === 'dev') return toldSettings(stage);
  const domain = `${stage}.example.com`;
  return { ...toldSettings(stage), domainName: `api.${domain}`, mailSender: `no-reply@mail.${domain}` };
}
