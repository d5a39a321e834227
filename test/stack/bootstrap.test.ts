import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { bearer, send } from '../support/http-client.ts';
import { stackUnderTest } from '../support/stack-under-test.ts';

test('where no mail leaves yet, the command prints the password of the platform administrator whom it makes', async () => {
  const { url } = await stackUnderTest();
  const email = `operator-${randomUUID()}@example.com`;
  const bootstrap = () =>
    promisify(execFile)('node', ['infra/bootstrap.ts', '--email', email, '--without-mail'], { env: process.env });
  const password = async () => /the one that they had: (\S{20,})/.exec((await bootstrap()).stdout)?.[1];
  const [first, again] = [await password(), await password()];
  const signIn = (given: string | undefined) => send('POST', `${url}/auth/login`, { body: { email, password: given } });
  const signedIn = await signIn(first);
  expect(signedIn.status, signedIn.text).toBe(200);
  expect(
    (await send('GET', `${url}/auth/me`, { headers: bearer(signedIn.body.access_token) })).body.user,
  ).toMatchObject({
    email,
    platform_admin: true,
  });
  expect((await signIn(again)).status).toBe(401);
});
