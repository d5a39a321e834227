import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

const run = promisify(execFile);

/** The README's tour as one script: what stands in its code blocks, in order. */
function tour(): string {
  const readme = readFileSync('README.md', 'utf8');
  const part = readme.slice(readme.indexOf('<!-- tour -->'), readme.indexOf('<!-- /tour -->'));
  return [...part.matchAll(/```sh\n([\s\S]*?)```/g)].map(([, commands]) => commands).join('\n');
}

test("the README's five-minute tour runs as it stands there", async () => {
  const { stdout, stderr } = await run('bash', ['-e', '-o', 'pipefail', '-c', tour()], { env: process.env });
  expect(stderr).toBe('');
  expect(stdout).toContain('"message":"Invitation sent successfully."');
  expect(stdout).toContain('"message":"Password set successfully."');
  expect(stdout.match(/Acme/g)?.length).toBeGreaterThanOrEqual(3);
  expect(stdout).toContain('"email":"ada@example.com"');
  expect(stdout).toContain('"action":"LOGIN"');
  const consumption = JSON.parse(
    stdout
      .trimEnd()
      .split('\n')
      .at(-1)
      ?.replace(/^.*?(?=\{"org_id")/, '') ?? '',
  );
  expect(consumption.api_calls).toBeGreaterThan(3);
  expect(consumption.emails_sent).toBe(1);
}, 240_000);
