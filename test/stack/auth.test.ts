import { randomUUID } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { type Answer, bearer, send } from '../support/http-client.ts';
import { makeMember, makeOrganization, signInAdministrator } from '../support/stack-people.ts';
import { eventually, stackUnderTest } from '../support/stack-under-test.ts';

const stack = await stackUnderTest();
const post = (path: string, body: unknown, headers: Record<string, string> = {}): Promise<Answer> =>
  send('POST', `${stack.url}${path}`, { body, headers });
const freshAddress = () => `person-${randomUUID()}@example.com`;

/** The token of the mail to an address that has this subject. */
async function tokenMailedTo(email: string, subject: string): Promise<string> {
  const mail = await eventually(async () =>
    (await stack.mails()).find((sent) => sent.to.includes(email) && sent.subject === subject),
  );
  const [token = ''] = /lt_[\w-]+/.exec(mail.text) ?? [];
  return token;
}

describe('somebody who registers alone', () => {
  const [email, moved] = [freshAddress(), freshAddress()];
  const [password, another] = ['Analytical-Engine-1843', 'Difference-Engine-1822'];
  let tokens: { access_token: string; refresh_token: string };
  const login = (address: string, given: string) => post('/auth/login', { email: address, password: given });
  const me = (token = tokens.access_token) => send('GET', `${stack.url}/auth/me`, { headers: bearer(token) });

  test('is mailed a link, and is somebody once it is followed', async () => {
    const registered = await post('/auth/register', { email, password, first_name: 'Ada', last_name: 'Lovelace' });
    expect(registered.status, registered.text).toBe(202);
    expect((await login(email, password)).status).toBe(401);
    const token = await tokenMailedTo(email, 'Confirm your address');
    const verified = await post('/auth/verify', { token });
    expect(verified.status, verified.text).toBe(200);
    expect((await post('/auth/verify', { token })).status).toBe(410);
  });

  test('signs in, refreshes, and says who they are', async () => {
    const signedIn = await login(email, password);
    expect(signedIn.status, signedIn.text).toBe(200);
    const refreshed = await post('/auth/refresh', { refresh_token: signedIn.body.refresh_token });
    expect(refreshed.status, refreshed.text).toBe(200);
    tokens = refreshed.body;
    expect((await me()).body).toEqual({
      user: {
        id: expect.any(Number),
        email,
        first_name: 'Ada',
        middle_name: null,
        last_name: 'Lovelace',
        suffix: null,
        is_verified: true,
        platform_admin: false,
        home_organization_id: null,
      },
      memberships: [],
    });
  });

  test('changes their name, and it is the name in their organization', async () => {
    const headers = bearer(tokens.access_token);
    const made = await post('/organizations', { organization_name: 'Alone' }, headers);
    expect(made.status, made.text).toBe(201);
    const changed = await send('PATCH', `${stack.url}/auth/me`, { headers, body: { first_name: 'Augusta' } });
    expect(changed.status, changed.text).toBe(200);
    expect(changed.body).toMatchObject({ first_name: 'Augusta', last_name: 'Lovelace' });
    const { memberships } = (await me()).body;
    expect(memberships).toMatchObject([
      { organization_id: made.body.id, organization_name: 'Alone', roles: ['OWNER'] },
    ]);
  });

  test('moves to another address, which ends the other sessions', async () => {
    const other = (await login(email, password)).body;
    const asked = await post('/auth/email/change', { email: moved, password }, bearer(tokens.access_token));
    expect(asked.status, asked.text).toBe(202);
    const token = await tokenMailedTo(moved, 'Confirm your new address');
    const verified = await post('/auth/verify', { token });
    expect(verified.status, verified.text).toBe(200);
    expect((await me()).body.user.email).toBe(moved);
    expect((await me(other.access_token)).status).toBe(401);
    expect((await login(email, password)).status).toBe(401);
  });

  test('changes the password, forgets it, and chooses a new one by mail', async () => {
    const changed = await post(
      '/auth/password/change',
      { current_password: password, password: another },
      bearer(tokens.access_token),
    );
    expect(changed.status, changed.text).toBe(200);
    expect((await me()).status).toBe(200);
    expect((await post('/auth/password/forgot', { email: moved })).status).toBe(202);
    const token = await tokenMailedTo(moved, 'Choose a new password');
    const reset = await post('/auth/password/reset', { token, password });
    expect(reset.status, reset.text).toBe(200);
    expect((await me()).status).toBe(401);
    tokens = (await login(moved, password)).body;
    expect((await me()).status).toBe(200);
  });

  test('signs out', async () => {
    expect((await post('/auth/logout', undefined, bearer(tokens.access_token))).status).toBe(204);
    expect((await me()).status).toBe(401);
    expect((await post('/auth/refresh', { refresh_token: tokens.refresh_token })).status).toBe(401);
  });
});

describe('somebody whom an organization has invited', () => {
  test('is in the access log of all their organizations, changes the password there, and loses a session to theft', async () => {
    const administrator = await signInAdministrator(stack);
    const organization = await makeOrganization(stack, administrator);
    const { email, password, headers } = await makeMember(stack, organization, administrator, [1]);
    const own = await post('/organizations', { organization_name: 'Own' }, headers);
    const signedIn = (await post('/auth/login', { email, password })).body;
    expect((await post('/auth/refresh', { refresh_token: signedIn.refresh_token })).status).toBe(200);
    expect((await post('/auth/refresh', { refresh_token: signedIn.refresh_token })).status).toBe(401);
    const another = 'Difference-Engine-1822';
    const changed = await post('/auth/password/change', { current_password: password, password: another }, headers);
    expect(changed.status, changed.text).toBe(200);
    await post('/auth/password/forgot', { email });
    const token = await tokenMailedTo(email, 'Choose a new password');
    expect((await post('/auth/password/reset', { token, password })).status).toBe(200);
    const last = bearer((await post('/auth/login', { email, password })).body.access_token);
    for (const id of [organization, own.body.id]) {
      const log = await send('GET', `${stack.url}/orgs/${id}/access_log?limit=100`, { headers: last });
      const actions = log.body.map(({ action, status }: { action: string; status: string }) => `${action} ${status}`);
      expect(actions).toEqual(
        expect.arrayContaining(['LOGIN SUCCESS', 'TOKEN_REFRESH SUCCESS', 'TOKEN_REFRESH FAILURE']),
      );
    }
    expect((await post('/auth/logout', undefined, last)).status).toBe(204);
  });

  test('has the same name in thirty organizations, soon after changing it', async () => {
    const administrator = await signInAdministrator(stack);
    const { headers } = await makeMember(stack, await makeOrganization(stack, administrator), administrator, [5]);
    const made = await Promise.all(
      Array.from({ length: 30 }, (_, at) => post('/organizations', { organization_name: `Of ${at}` }, headers)),
    );
    const name = `Ada ${randomUUID()}`;
    const changed = await send('PATCH', `${stack.url}/auth/me`, { headers, body: { first_name: name } });
    expect(changed.status, changed.text).toBe(200);
    for (const { body } of made) {
      await eventually(async () => {
        const owner = await send('GET', `${stack.url}/api/organizations/${body.id}/members`, { headers });
        return owner.text.includes(name) || undefined;
      });
    }
  });
});

test('five wrong passwords at one address, and it is closed for a while', async () => {
  const email = freshAddress();
  const answers = await Promise.all(
    Array.from({ length: 20 }, () => post('/auth/login', { email, password: 'Wrong-Engine-1' })),
  );
  expect(answers.filter(({ status }) => status === 401)).toHaveLength(5);
  const refused = answers.filter(({ status }) => status === 429);
  expect(refused).toHaveLength(15);
  const last = await post('/auth/login', { email, password: 'Wrong-Engine-1' });
  expect(last.status).toBe(429);
  expect(Number(last.headers.get('retry-after'))).toBeGreaterThan(60);
});

test('the first administrator of another address is made by the bootstrap job, and chooses a password by mail', async () => {
  const email = freshAddress();
  expect(JSON.parse(await stack.runJob('bootstrap', { email }))).toEqual({ email, created: true });
  const token = await tokenMailedTo(email, 'Choose a new password');
  const password = 'Analytical-Engine-1843';
  expect((await post('/auth/password/reset', { token, password })).status).toBe(200);
  expect((await post('/auth/login', { email, password })).body.user.platform_admin).toBe(true);
});

test('the bootstrap job makes an administrator of somebody who is there already', async () => {
  const administrator = await signInAdministrator(stack);
  const organization = await makeOrganization(stack, administrator);
  const { email, headers } = await makeMember(stack, organization, administrator, [5]);
  expect(JSON.parse(await stack.runJob('bootstrap', { email }))).toEqual({ email, created: false });
  // The organization that made the account may know its password.
  expect((await send('GET', `${stack.url}/auth/me`, { headers })).status).toBe(401);
  const own = { token: await tokenMailedTo(email, 'Choose a new password'), password: 'Analytical-Engine-1843' };
  expect((await post('/auth/password/reset', own)).status).toBe(200);
  const signedIn = await post('/auth/login', { email, password: own.password });
  expect(signedIn.body.user.platform_admin).toBe(true);
});

test('nobody’s inbox is flooded: past twenty mails an hour the answer stays the same and no mail comes', async () => {
  const person = { password: 'Analytical-Engine-1843', first_name: 'Ada', last_name: 'Lovelace' };
  const email = freshAddress();
  const answers = [];
  for (let asked = 0; asked < 22; asked += 1) answers.push(await post('/auth/register', { email, ...person }));
  answers.push(await post('/auth/password/forgot', { email }));
  expect(new Set(answers.map(({ status, text }) => `${status} ${text}`)).size).toBe(1);
  const marker = freshAddress();
  await post('/auth/register', { email: marker, ...person });
  await tokenMailedTo(marker, 'Confirm your address');
  expect((await stack.mails()).filter(({ to }) => to.includes(email)).length).toBeLessThanOrEqual(20);
});

test('health and the OpenAPI document need no credential; the document may be kept for a while', async () => {
  const health = await send('GET', `${stack.url}/health`);
  expect([health.status, health.body]).toEqual([200, { status: 'ok' }]);
  const document = await send('GET', `${stack.url}/openapi.json`);
  expect(document.status).toBe(200);
  expect(document.headers.get('content-type')).toBe('application/json');
  expect(document.headers.get('cache-control')).toBe('public, max-age=300');
  expect(document.body.openapi).toMatch(/^3\.1\./);
  expect(document.body.paths['/auth/login'].post.operationId).toBeDefined();
});
