import { beforeAll, expect, test } from 'vitest';
import { bearer, send } from '../support/http-client.ts';
import { eventually } from '../support/stack-under-test.ts';
import { newAddress, once, openWalk, walkersPassword as password, type Walk } from '../support/walk.ts';

let walk: Walk;
beforeAll(async () => {
  walk = await openWalk();
});

test('somebody registers, signs in, changes who they are and how they sign in, and signs out', async () => {
  const email = newAddress();
  const names = { first_name: 'Grace', last_name: 'Hopper' };
  await walk.take('auth-registration-create', {}, { body: { email, password, ...names } });
  await walk.take('auth-registration-verify', {}, { body: { token: await walk.mailedToken(email) } });
  const { body: first } = await walk.take('auth-session-login', {}, { body: { email, password } });
  // Two organizations, each of which logs what this person does.
  for (const name of ['Navy', 'Univac']) {
    const sent = { headers: { ...bearer(first.access_token), ...once() }, body: { name, countryCode: 'US' } };
    await walk.take('platform-organization-create', {}, sent);
  }
  const { body: signedIn } = await walk.take('auth-session-login', {}, { body: { email, password } });
  const again = { body: { refresh_token: signedIn.refresh_token } };
  const { body: refreshed } = await walk.take('auth-session-refresh', {}, again);
  const headers = bearer(refreshed.access_token);
  await walk.take('auth-me-update', {}, { headers, body: { first_name: 'Amazing Grace' } });
  expect((await walk.take('auth-me-read', {}, { headers })).body.user.first_name).toBe('Amazing Grace');

  const changed = 'Difference-Engine-1822';
  await walk.take('auth-password-change', {}, { headers, body: { current_password: password, password: changed } });
  const other = newAddress();
  await walk.take('auth-email-change', {}, { headers, body: { email: other, password: changed } });
  await walk.take('auth-registration-verify', {}, { body: { token: await walk.mailedToken(other) } });
  await walk.take('auth-password-forgot', {}, { body: { email: other } });
  const reset = await eventually(async () => {
    const mails = (await walk.stack.mails()).filter(({ to, text }) => to.includes(other) && /password/i.test(text));
    return mails.flatMap(({ text }) => /^Token: (\S+)$/m.exec(text)?.[1] ?? [])[0];
  });
  await walk.take('auth-password-reset', {}, { body: { token: reset, password } });
  const { body: last } = await walk.take('auth-session-login', {}, { body: { email: other, password } });
  await walk.take('auth-session-logout', {}, { headers: bearer(last.access_token) });
});

test('a refresh token that comes back ends its session', async () => {
  const { body } = await walk.take('auth-session-login', {}, { body: { email: walk.owner.email, password } });
  const sent = { body: { refresh_token: body.refresh_token } };
  await walk.take('auth-session-refresh', {}, sent);
  const stolen = await send('POST', `${walk.stack.url}/auth/refresh`, sent);
  expect(stolen.status).toBe(401);
});

test('who asks for mail again and again still gets the same answer', async () => {
  const email = newAddress();
  for (let time = 0; time < 8; time += 1) {
    await walk.take('auth-password-forgot', {}, { body: { email } });
    const person = { email, password, first_name: 'Nosy', last_name: 'Parker' };
    await walk.take('auth-registration-create', {}, { body: person });
  }
});

test('who is registered can be made a platform administrator', async () => {
  const email = newAddress();
  const names = { first_name: 'Mary', last_name: 'Shaw' };
  await walk.take('auth-registration-create', {}, { body: { email, password, ...names } });
  await walk.take('auth-registration-verify', {}, { body: { token: await walk.mailedToken(email) } });
  await walk.stack.runJob('bootstrap', { email });
  const { body } = await walk.take('auth-session-login', {}, { body: { email, password } });
  expect(body.user.platform_admin).toBe(true);
});

test('anybody reads the health and the document', async () => {
  expect((await walk.take('auth-health-read')).body).toEqual({ status: 'ok' });
  const { body } = await walk.take('auth-openapi-read');
  expect(body.openapi).toBe('3.1.0');
  const documented = Object.values<object>(body.paths).flatMap((operations) => Object.keys(operations));
  expect(documented.length).toBeGreaterThanOrEqual(walk.registry.endpoints.length - 1);
});

test('no endpoint of the dialect is left out', () => {
  expect(walk.leftOut('auth')).toEqual([]);
});
