import { describe, expect, test } from 'vitest';
import * as mailer from '../../../functions/streams/mailer.ts';
import { readToken, writeToken } from '../../../shared/domain/access/tokens.ts';
import { services } from '../../support/all-services.ts';
import { apiUnderTest, mailsUnderTest } from '../../support/api-under-test.ts';
import { tokenIn } from '../../support/mail-inbox.ts';
import { aCredential, anOrganization, signedIn, somebody } from '../../support/people-and-organizations.ts';
import { storedItems } from '../../support/stored-items.ts';
import { passwordHashOf } from './passwords.ts';

const { table, call } = await apiUnderTest({ withStream: true });
const { inbox, stream } = await mailsUnderTest(table);

const [old, fresh] = ['Correct horse 1', 'Better horse 22'];
const person = async (of: Parameters<typeof somebody>[0] = {}) =>
  somebody({ passwordHash: await passwordHashOf(old), ...of });
const post = (path: string, body: unknown, headers: Record<string, string> = {}) =>
  call({ method: 'POST', path, body, headers });
const login = async (email: string, password: string) => (await post('/auth/login', { email, password })).status;
const meStatus = async (headers: Record<string, string>) =>
  (await call({ method: 'GET', path: '/auth/me', headers })).status;

async function resetTokenOf(email: string): Promise<string> {
  await post('/auth/password/forgot', { email });
  await stream.deliver(mailer);
  return tokenIn((await inbox.mailsTo(email)).at(-1));
}

describe('POST /auth/password/forgot', () => {
  test('answers 202 alike for a known, an unknown and a locked address; only the first gets a mail', async () => {
    const [known, locked] = [await person(), await person({ isLocked: true })];
    const answers = [];
    for (const email of [known.email, 'unknown@example.com', locked.email]) {
      const { status, text } = await post('/auth/password/forgot', { email });
      answers.push(`${status} ${text}`);
    }
    expect(new Set(answers).size).toBe(1);
    expect(answers[0]).toMatch(/^202 /);
    await stream.deliver(mailer);
    expect(await inbox.mailsTo(known.email)).toHaveLength(1);
    expect(await inbox.mailsTo('unknown@example.com')).toEqual([]);
    expect(await inbox.mailsTo(locked.email)).toEqual([]);
  });

  test.each([{}, { email: '@' }, { email: 'a@example.com', x: 1 }])('%j is a 400', async (body) => {
    expect((await post('/auth/password/forgot', body)).status).toBe(400);
  });
});

describe('POST /auth/password/reset', () => {
  test('sets the password, ends every session, and forgets the failures before it', async () => {
    const user = await person();
    const headers = await signedIn(user);
    const token = await resetTokenOf(user.email);
    for (let failure = 1; failure <= 5; failure += 1) await login(user.email, 'Wrong horse 1');
    expect(await login(user.email, old)).toBe(429);
    const answer = await post('/auth/password/reset', { token, password: fresh });
    expect(answer.status, answer.text).toBe(200);
    expect(answer.body.user.id).toBe(user.id);
    expect(await meStatus(headers)).toBe(401);
    expect(await login(user.email, fresh)).toBe(200);
    expect(await login(user.email, old)).toBe(401);
  });

  test('gives somebody a password who never had one', async () => {
    const user = await somebody();
    const token = await resetTokenOf(user.email);
    expect((await post('/auth/password/reset', { token, password: fresh })).status).toBe(200);
    const counted = (await storedItems()).filter(
      ({ kind, pk }) => kind === undefined && String(pk).includes(user.email),
    );
    expect(counted, 'what counts attempts has an end').toEqual([]);
    expect(await login(user.email, fresh)).toBe(200);
  });

  test('of five at once with one token one does it', async () => {
    const user = await person();
    const token = await resetTokenOf(user.email);
    const passwords = Array.from({ length: 5 }, (_, at) => `${fresh}${at}`);
    const answers = await Promise.all(passwords.map((password) => post('/auth/password/reset', { token, password })));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 410, 410, 410, 410]);
    const at = answers.findIndex(({ status }) => status === 200);
    expect(await login(user.email, passwords[at] ?? '')).toBe(200);
  });

  test('refuses a used token, one of a person who is locked since, garbage; and does not use a token up for a bad password', async () => {
    const user = await person();
    const token = await resetTokenOf(user.email);
    const weak = await post('/auth/password/reset', { token, password: 'weak' });
    expect(weak.status).toBe(400);
    expect(weak.body.errors).toEqual([{ field: 'password', message: expect.stringContaining('at least 8') }]);
    expect((await post('/auth/password/reset', { token, password: fresh })).status).toBe(200);
    const locked = await person();
    const lockedToken = await resetTokenOf(locked.email);
    const { stores, openChanges, commit, now } = services();
    const changes = openChanges({ email: '', credentialId: null });
    stores.users.change(changes, locked, { isLocked: true });
    await commit(changes, { requestId: 'lock', ip: '', now: now() });
    for (const gone of [token, lockedToken, 'lt_x']) {
      const answer = await post('/auth/password/reset', { token: gone, password: fresh });
      expect(answer.status).toBe(410);
      expect(answer.body.code).toBe('link_gone');
    }
  });
});

describe('a token of another link', () => {
  test('moves no password but that of who was mailed, whoever it names', async () => {
    const [user, victim] = [await person(), await person()];
    const token = await resetTokenOf(user.email);
    const { ids: [link = 0] = [], secret = Buffer.of() } = readToken('lt', token) ?? {};
    const naming = (id: number) => writeToken('lt', { ids: [link, id], secret });
    for (const forged of [naming(victim.id), naming(link), naming(link + 1)]) {
      const answer = await post('/auth/password/reset', { token: forged, password: fresh });
      expect(answer).toMatchObject({ status: 410, body: { code: 'link_gone' } });
    }
    expect(await login(victim.email, old)).toBe(200);
    expect((await post('/auth/password/reset', { token: naming(user.id), password: fresh })).status).toBe(200);
    expect(await login(user.email, fresh)).toBe(200);
  });

  test('is of no use once the password has changed since, by another link or by whoever knew it', async () => {
    const gone = { status: 410, body: { code: 'link_gone' } };
    const user = await person();
    const [first, second] = [await resetTokenOf(user.email), await resetTokenOf(user.email)];
    expect((await post('/auth/password/reset', { token: second, password: fresh })).status).toBe(200);
    expect(await post('/auth/password/reset', { token: first, password: old })).toMatchObject(gone);
    const third = await resetTokenOf(user.email);
    const { access_token } = (await post('/auth/login', { email: user.email, password: fresh })).body;
    const wish = { current_password: fresh, password: `${fresh}!` };
    const as = { authorization: `Bearer ${access_token}` };
    expect((await post('/auth/password/change', wish, as)).status).toBe(200);
    expect(await post('/auth/password/reset', { token: third, password: old })).toMatchObject(gone);
    const fourth = await resetTokenOf(user.email);
    expect((await post('/auth/password/reset', { token: fourth, password: old })).status).toBe(200);
  });

  test('is of no use to whoever has moved to another address since', async () => {
    const user = await person();
    const token = await resetTokenOf(user.email);
    const { stores, openChanges, commit, now } = services();
    const changes = openChanges({ email: '', credentialId: null });
    stores.users.change(changes, user, {});
    stores.users.changeEmail(changes, user, `moved-${user.email}`, 'email_taken');
    await commit(changes, { requestId: 'move', ip: '', now: now() });
    const answer = await post('/auth/password/reset', { token, password: fresh });
    expect(answer).toMatchObject({ status: 410, body: { code: 'link_gone' } });
    expect(await login(`moved-${user.email}`, old)).toBe(200);
  });
});

describe('POST /auth/password/change', () => {
  const change = (headers: Record<string, string>, current_password: string, password = fresh) =>
    post('/auth/password/change', { current_password, password }, headers);

  test('changes the password and ends every session but this one', async () => {
    const user = await person();
    const [mine, other] = [await signedIn(user), await signedIn(user)];
    const answer = await change(mine, old);
    expect(answer.status, answer.text).toBe(200);
    expect(await meStatus(mine)).toBe(200);
    expect(await meStatus(other)).toBe(401);
    expect(await login(user.email, fresh)).toBe(200);
    expect(await login(user.email, old)).toBe(401);
  });

  test('says 401 wrong_password for a wrong one, and 429 after five of them', async () => {
    const user = await person();
    const headers = await signedIn(user);
    for (let failure = 1; failure <= 5; failure += 1) {
      const answer = await change(headers, 'Wrong horse 1');
      expect(answer.status).toBe(401);
      expect(answer.body.code).toBe('wrong_password');
    }
    const answer = await change(headers, old);
    expect(answer.status).toBe(429);
    expect(Number(answer.headers['retry-after'])).toBeGreaterThan(0);
    expect(await meStatus(headers)).toBe(200);
  });

  test('of two sessions that change it at once one does, and its session is the one that lives', async () => {
    const user = await person();
    const sessions = [await signedIn(user), await signedIn(user)];
    const answers = await Promise.all(sessions.map((headers, at) => change(headers, old, `${fresh}${at}`)));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 401]);
    const at = answers.findIndex(({ status }) => status === 200);
    expect(await Promise.all(sessions.map(meStatus))).toEqual(at === 0 ? [200, 401] : [401, 200]);
    expect(await login(user.email, `${fresh}${at}`)).toBe(200);
  });

  test('leaves an audit entry without a secret in the home organization, and is nothing a credential can do', async () => {
    const owner = await somebody();
    const organization = await anOrganization(owner);
    const user = await person({ homeOrganizationId: organization.id });
    expect((await change(await signedIn(user), old)).status).toBe(200);
    const audits = (await storedItems()).filter(
      ({ kind, organizationId }) => kind === 'auditEntry' && organizationId === organization.id,
    );
    expect(audits).toHaveLength(1);
    expect(audits[0]?.admin).toBe(user.email);
    expect(JSON.parse(String(audits[0]?.changes))).toMatchObject([
      { entity: 'member', entityId: String(user.id), newData: { password_changed_at: expect.any(String) } },
    ]);
    expect(JSON.stringify(audits)).not.toMatch(/argon2|horse/);
    expect((await change(await aCredential(organization, owner), old)).status).toBe(403);
  });
});
