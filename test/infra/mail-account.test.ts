import { execFile } from 'node:child_process';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { promisify } from 'node:util';
import { afterEach, beforeEach, expect, test } from 'vitest';

/** An SES that says of its account what the test wants, and a stage that is healthy, at one address. */
let server: Server;
let account: { readonly status: number; readonly body: object };
beforeEach(async () => {
  server = createServer((request, response) => {
    const { url = '', method } = request;
    const [status, body] =
      url === '/v2/email/account'
        ? [account.status, account.body]
        : url === '/health'
          ? [200, {}]
          : url === '/openapi.json'
            ? [200, { paths: { '/': {} } }]
            : [method === 'POST' || url === '/organizations' ? 401 : 404, {}];
    response.writeHead(status, { 'content-type': 'application/json', 'x-request-id': '1' }).end(JSON.stringify(body));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
afterEach(() => server.close());

/** What the smoke test says about mail. Fails when it fails. */
async function told(): Promise<string> {
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const { stdout } = await promisify(execFile)('node', ['infra/smoke-test.ts', '--url', url, '--mail'], {
    env: {
      ...process.env,
      AWS_ENDPOINT_URL_SESV2: url,
      AWS_REGION: 'us-east-1',
      AWS_ACCESS_KEY_ID: 'test',
      AWS_SECRET_ACCESS_KEY: 'test',
    },
  });
  return stdout;
}

test('an account in the sandbox is told so, with what to do', async () => {
  account = {
    status: 200,
    body: { ProductionAccessEnabled: false, SendingEnabled: true, Details: { ReviewDetails: { Status: 'PENDING' } } },
  };
  const said = await told();
  expect(said).toMatch(/MIND .*SES sandbox.*production access.*create-email-identity.*redrive-mail/);
  expect(said).toMatch(/MIND .*PENDING/);
});

test('an account that sends to everybody is fine', async () => {
  account = {
    status: 200,
    body: { ProductionAccessEnabled: true, SendingEnabled: true, EnforcementStatus: 'HEALTHY' },
  };
  const said = await told();
  expect(said).toContain('fine   its mail arrives');
  expect(said).not.toContain('MIND');
});

test('an account whose mail SES has stopped is told so', async () => {
  account = {
    status: 200,
    body: { ProductionAccessEnabled: true, SendingEnabled: false, EnforcementStatus: 'SHUTDOWN' },
  };
  const said = await told();
  expect(said).toMatch(/MIND .*stopped all mail/);
  expect(said).toMatch(/MIND .*SHUTDOWN/);
});

test('who may not ask is told that it is not known, and nothing fails', async () => {
  account = {
    status: 403,
    body: { __type: 'AccessDeniedException', message: 'not authorized to perform ses:GetAccount' },
  };
  expect(await told()).toMatch(/MIND .*not known: .*ses:GetAccount/);
});
