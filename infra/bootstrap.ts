/**
 * `npm run bootstrap -- --email ada@example.com [--stage prod] [--without-mail]`: makes a platform administrator and mails
 * a link for choosing a password, or, where no mail leaves yet, prints a password. Without a stage it asks the stack that runs on this machine, else the stage that is deployed in
 * the AWS account of the environment, and says whether that account's mail arrives. Running it again for the same
 * address does no harm.
 */
import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { mailTroubles } from './mail-account.ts';
import { stageNames } from './stage-settings.ts';

const usage = `npm run bootstrap -- --email <address> [--stage ${stageNames.join('|')}] [--without-mail]`;

try {
  const { values } = parseArgs({
    options: { email: { type: 'string' }, stage: { type: 'string' }, 'without-mail': { type: 'boolean' } },
  });
  if (values.email === undefined) throw new Error(`Say whom: ${usage}`);
  const password = values['without-mail'] ? randomBytes(18).toString('base64url') : undefined;
  const order = JSON.stringify({ email: values.email, password });
  if (values.stage === undefined) {
    const local = spawnSync('node', [join(import.meta.dirname, 'local/job.ts'), 'bootstrap', order], {
      stdio: 'inherit',
    });
    if (local.status !== 0) process.exitCode = local.status ?? 1;
  } else {
    console.log(await bootstrapDeployed(values.stage, order));
    const troubles = await mailTroubles().catch((error: Error) => [
      `Whether mail arrives is not known: ${error.message}`,
    ]);
    for (const trouble of troubles) console.warn(trouble);
  }
  if (password !== undefined && process.exitCode === undefined)
    console.log(`Password, unless they keep the one that they had: ${password}`);
} catch (error) {
  console.error((error as Error).message);
  process.exitCode = 1;
}

async function bootstrapDeployed(stage: string, order: string): Promise<string> {
  if (!(stageNames as readonly string[]).includes(stage)) throw new Error(`There is no stage ${stage}: ${usage}`);
  const name = `tenantry-${stage}-job-bootstrap`;
  const { FunctionError, Payload } = await new LambdaClient().send(
    new InvokeCommand({ FunctionName: name, Payload: order }),
  );
  const answer = Payload?.transformToString() ?? '';
  if (FunctionError !== undefined)
    throw new Error(`${name} failed: ${(JSON.parse(answer) as { errorMessage: string }).errorMessage}`);
  return answer;
}
