import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { readRegistry } from '../../infra/endpoint-registry.ts';
import { openQueues } from '../../infra/local/queues.ts';
import { arnOf, localAccount } from '../../infra/local/resource-kinds.ts';
import { openMailInbox } from '../support/mail-inbox.ts';
import { startTable } from '../support/table-under-test.ts';
import { compareFunctions } from './cold/compare-functions.ts';
import { compareLevers } from './cold/compare-levers.ts';

/**
 * `npm run bench:cold`: what each function weighs, and how long it takes from nothing to its first answer, against a
 * bare handler with the AWS SDK. Fails when a function is too large, far slower than that, or answers with a 5xx.
 *
 * `-- --runs 21` measures more often, `-- --only api-key` fewer functions; `-- --levers` shows on one function
 * (`--only` names another) what each part of the bundling gives.
 */
const { values: options } = parseArgs({
  options: {
    runs: { type: 'string', default: '11' },
    only: { type: 'string' },
    levers: { type: 'boolean', default: false },
  },
});
const runs = Number(options.runs);
if (!Number.isInteger(runs) || runs < 1) throw new Error(`--runs takes a number of runs, not ${options.runs}.`);

const folder = mkdtempSync(join(tmpdir(), 'tenantry-cold-'));
const { tableName, engine, stop } = await startTable();
const inbox = await openMailInbox();
const queues = await openQueues();
const deadLetters = 'mailer-dead-letters';
queues.serve([{ name: deadLetters, arn: arnOf('sqs', deadLetters), visibilityTimeoutSeconds: 30 }]);
try {
  const setting = {
    folder,
    runs,
    registry: await readRegistry(),
    environment: {
      AWS_ENDPOINT_URL_DYNAMODB: engine.url,
      AWS_ENDPOINT_URL_SESV2: process.env.AWS_ENDPOINT_URL_SESV2 ?? '',
      AWS_ENDPOINT_URL_SQS: queues.endpoint,
      DEAD_LETTERS_URL: `${queues.endpoint}/${localAccount.id}/${deadLetters}`,
      TABLE_NAME: tableName,
      STAGE: 'bench',
      CONSOLE_URL: 'https://console.example.com',
      SIGN_UP: 'open',
      ACCESS_TOKEN_SECONDS: '3600',
      REFRESH_TOKEN_SECONDS: '2592000',
      MAIL_SENDER: 'no-reply@tenantry.example.com',
      AVATARS_DOMAIN: 'avatars.example.com',
    },
  };
  const overBudget = options.levers
    ? await compareLevers(setting, options.only ?? 'hierarchy-organization-read')
    : await compareFunctions(setting, options.only ?? '');
  if (overBudget.length > 0) {
    console.error(`\nOver budget: ${overBudget.join(', ')}`);
    process.exitCode = 1;
  }
} finally {
  await queues.stop();
  await inbox.stop();
  await stop();
  rmSync(folder, { recursive: true, force: true });
}
