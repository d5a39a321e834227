import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { synthesizeTemplates } from '../support/synthesized-templates.ts';

/** What a secret looks like, ours and those of the services that we use; not what merely names one. */
const secretForms: Readonly<Record<string, RegExp>> = {
  'a token of Tenantry': /\b(?:st|rt|ak|sk|it|lt)_[A-Za-z0-9_-]{48,}/,
  'a kept password': /\$argon2id\$v=19\$m=\d+,t=\d+,p=\d+\$[\w+/]{22}\$[\w+/]{43}/,
  'a private key': /-----BEGIN [A-Z ]*PRIVATE KEY-----/,
  'an access key of AWS': /\b(?:AKIA|ASIA)[A-Z0-9]{16}\b/,
  'a token of GitHub': /\b(?:gh[pousr]_\w{36,}|github_pat_\w{22,})/,
  'a token of npm': /\bnpm_[A-Za-z0-9]{36,}/,
  'a reference to a kept secret': /\{\{resolve:(?:secretsmanager|ssm-secure)/,
};
const secretsIn = (text: string) =>
  Object.entries(secretForms).flatMap(([name, form]) => (form.test(text) ? [name] : []));

const project = join(import.meta.dirname, '../..');
const passedOver = ['node_modules', '.git', 'cdk.out'];

function* filesBelow(folder: string): Generator<string> {
  for (const entry of readdirSync(join(project, folder), { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory() && !passedOver.includes(entry.name)) yield* filesBelow(path);
    else if (entry.isFile()) yield path;
  }
}

test('what a secret looks like is found', () => {
  const token = `sk_${'Ab9-'.repeat(13)}`;
  expect(secretsIn(`const key = '${token}';`)).toEqual(['a token of Tenantry']);
  expect(secretsIn(`AKIA${'Q'.repeat(16)}`)).toEqual(['an access key of AWS']);
});

test('no file of the project has a secret in it', () => {
  const found: string[] = [];
  let files = 0;
  for (const folder of ['functions', 'shared', 'infra', 'console', 'test', 'docs', '.github', '.ci']) {
    for (const file of filesBelow(folder)) {
      files += 1;
      const secrets = secretsIn(readFileSync(join(project, file), 'utf8'));
      if (secrets.length > 0) found.push(`${file}: ${secrets.join(', ')}`);
    }
  }
  expect(files).toBeGreaterThan(400);
  expect(found).toEqual([]);
});

test('no template and no environment variable of a function has a secret in it, or the name of one', async () => {
  const { stacks, ofType } = await synthesizeTemplates('prod');
  for (const [name, template] of stacks) expect([name, secretsIn(JSON.stringify(template))]).toEqual([name, []]);
  const names = ofType('AWS::Lambda::Function').flatMap(({ Properties }) =>
    Object.keys(Properties.Environment?.Variables ?? {}),
  );
  expect(names.length).toBeGreaterThan(50);
  const isTelling = (name: string) =>
    /SECRET|PASSWORD|PRIVATE|CREDENTIAL|TOKEN(?!_SECONDS$)|KEY(?!_REQUESTS)/.test(name);
  expect([...new Set(names.filter(isTelling))]).toEqual([]);
}, 60_000);
