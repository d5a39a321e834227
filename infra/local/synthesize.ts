import { spawn } from 'node:child_process';
import { readFileSync, rmSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { ClearError } from './clear-error.ts';
import { localAccount } from './resource-kinds.ts';

/** Where in the sources each resource was made: told to nobody here, and a tenth of what the app itself takes. */
const withoutStackTraces = { 'aws:cdk:disable-creation-stack-traces': true };

/**
 * Runs the project's CDK app, as the CDK's command line would, and so writes its templates and bundles.
 * @param settings context values, which go before those of `cdk.json`
 * @throws ClearError with all that the app printed, when it fails.
 */
export async function synthesize(
  projectFolder: string,
  outputFolder: string,
  settings: Readonly<Record<string, string>>,
): Promise<void> {
  const { app, context = {} } = JSON.parse(readFileSync(join(projectFolder, 'cdk.json'), 'utf8'));
  rmSync(outputFolder, { recursive: true, force: true });
  const child = spawn(app, {
    cwd: projectFolder,
    shell: true,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      ...process.env,
      // The very Node.js that runs this, whatever else is on PATH.
      PATH: `${dirname(process.execPath)}${delimiter}${process.env.PATH ?? ''}`,
      CDK_OUTDIR: outputFolder,
      CDK_CONTEXT_JSON: JSON.stringify({ ...context, ...settings, ...withoutStackTraces }),
      CDK_DEFAULT_ACCOUNT: localAccount.id,
      CDK_DEFAULT_REGION: localAccount.region,
      // Half of the time would go into validating templates, which `npm run check` does.
      CDK_VALIDATION: 'false',
    },
  });
  const endWithThis = () => child.kill();
  process.once('exit', endWithThis);
  let printed = '';
  const listen = (chunk: Buffer) => {
    printed += chunk;
  };
  child.stdout.on('data', listen);
  child.stderr.on('data', listen);
  const status = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  process.removeListener('exit', endWithThis);
  if (status !== 0)
    throw new ClearError(`${printed.trim()}\nThe app could not be synthesized: \`${app}\` failed as shown above.`);
}
