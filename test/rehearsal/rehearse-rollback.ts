/**
 * `npm run rehearse:rollback`: deploys this version (A), then one that breaks on purpose (B), sees that the smoke test
 * finds out, and goes back to A as docs/operating.md says. What was stored before B is there afterwards, attribute for
 * attribute, and who was signed in still is.
 */
import { strict as assert } from 'node:assert';
import { cpSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { deploy, openAccount, projectFolder } from './deployment.ts';
import { inRehearsal, open } from './in-rehearsal.ts';
import { isWell, lastingItems, storeSomething } from './stored-before.ts';

/** What a version is deployed from. */
const versionParts = ['functions', 'infra', 'shared', 'cdk.json', 'package.json', 'tsconfig.json'];

/** Where B breaks: every read of the table fails. */
const brokenFile = 'shared/data/table-client.ts';
const brokenLine = /^ {2}async get\(.*\{$/m;

await inRehearsal(async (rehearsal) => {
  const { ministack, folder, say } = rehearsal;
  say('Deploying version A.');
  await openAccount(ministack);
  const deployment = await deploy(ministack, folder, { stage: 'dev' });
  process.env.TENANTRY_RUN_FILE = await open(rehearsal, deployment);
  const { url, tableName } = deployment;
  assert.equal(await isWell(url), true, 'A is not well.');
  const look = await storeSomething();
  const seen = await look();
  const before = await lastingItems(tableName);
  say(`A is well; ${before.size} items are stored.`);

  await deploy(ministack, folder, { stage: 'dev', sources: versionThatBreaks(folder) });
  assert.equal(await isWell(url, 5), false, 'The smoke test did not see that B is broken.');
  assert.deepEqual((await look()).statuses, [500, 500, 500]);
  say('Version B is deployed, and the smoke test fails on it. Rolling back to A.');

  await deploy(ministack, folder, { stage: 'dev' });
  assert.equal(await isWell(url), true, 'A is not well after the roll-back.');
  const after = await lastingItems(tableName);
  assert.deepEqual(new Map([...before.keys()].map((name) => [name, after.get(name)])), before);
  assert.deepEqual(await look(), seen);
  say(`Rolled back: all ${before.size} items are as they were, sessions and keys of before work.`);
});

function versionThatBreaks(folder: string): string {
  const copy = join(folder, 'version-b');
  for (const part of versionParts) cpSync(join(projectFolder, part), join(copy, part), { recursive: true });
  symlinkSync(join(projectFolder, 'node_modules'), join(copy, 'node_modules'));
  const file = join(copy, brokenFile);
  const source = readFileSync(file, 'utf8');
  assert.match(source, brokenLine);
  writeFileSync(file, source.replace(brokenLine, "$&\n    if (Date.now() > 0) throw new Error('Broken on purpose.');"));
  return copy;
}
