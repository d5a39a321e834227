import { describe, expect, test } from 'vitest';
import { readToken, writeToken } from '../../../shared/domain/access/tokens.ts';
import { services } from '../../support/all-services.ts';
import { apiUnderTest } from '../../support/api-under-test.ts';
import { aCredential, aMember, anOrganization, somebody } from '../../support/people-and-organizations.ts';
import { accessLogOf } from './access-log.ts';
import { passwordHashOf } from './passwords.ts';

const { call } = await apiUnderTest();

const password = 'Correct horse 1';

interface Tokens {
  readonly access_token: string;
  readonly refresh_token: string;
}

async function signedIn() {
  const user = await somebody({ passwordHash: await passwordHashOf(password) });
  const answer = await call({ method: 'POST', path: '/auth/login', body: { email: user.email, password } });
  return { user, tokens: answer.body as Tokens };
}

const refresh = (token: string) => call({ method: 'POST', path: '/auth/refresh', body: { refresh_token: token } });
const bearer = ({ access_token }: Tokens) => ({ authorization: `Bearer ${access_token}` });
const statusWith = async (tokens: Tokens) =>
  (await call({ method: 'GET', path: '/auth/me', headers: bearer(tokens) })).status;

describe('POST /auth/refresh', () => {
  test('answers a new pair; the old refresh token is dead, the old access token lives to its end', async () => {
    const { user, tokens } = await signedIn();
    const answer = await refresh(tokens.refresh_token);
    expect(answer.status, answer.text).toBe(200);
    expect(answer.body).toMatchObject({ token_type: 'Bearer', expires_in: 3600, user: { id: user.id } });
    expect(answer.body.access_token).not.toBe(tokens.access_token);
    expect(answer.body.refresh_token).not.toBe(tokens.refresh_token);
    expect(await statusWith(tokens)).toBe(200);
    expect(await statusWith(answer.body)).toBe(200);
    expect((await refresh(answer.body.refresh_token)).status).toBe(200);
  });

  test('ends the whole session when a refresh token is used again', async () => {
    const { tokens } = await signedIn();
    const fresh = await refresh(tokens.refresh_token);
    const reused = await refresh(tokens.refresh_token);
    expect(reused.status).toBe(401);
    expect(await statusWith(tokens)).toBe(401);
    expect(await statusWith(fresh.body)).toBe(401);
    expect((await refresh(fresh.body.refresh_token)).status).toBe(401);
  });

  test('of ten at once one gets a pair, and the session is over, as after any other reuse', async () => {
    const { tokens } = await signedIn();
    const answers = await Promise.all(Array.from({ length: 10 }, () => refresh(tokens.refresh_token)));
    const won = answers.filter(({ status }) => status === 200);
    expect(won).toHaveLength(1);
    expect(answers.filter(({ status }) => status === 401)).toHaveLength(9);
    expect(await statusWith(won[0]?.body)).toBe(401);
  });

  test('leaves the other sessions of the person alone', async () => {
    const { user, tokens } = await signedIn();
    const other = await call({ method: 'POST', path: '/auth/login', body: { email: user.email, password } });
    await refresh(tokens.refresh_token);
    await refresh(tokens.refresh_token);
    expect(await statusWith(tokens)).toBe(401);
    expect(await statusWith(other.body)).toBe(200);
  });

  test('refuses an expired token, a foreign one, garbage and an access token alike, and ends nothing', async () => {
    const { user, tokens } = await signedIn();
    const { tokens: others } = await signedIn();
    const [mine, theirs] = [tokens.refresh_token, others.refresh_token];
    // The ids of this session with the secret of another: what somebody would write who knows the form.
    const ids = readToken('rt', mine)?.ids ?? [];
    const forged = writeToken('rt', { ids, secret: readToken('rt', theirs)?.secret ?? Buffer.of() });
    const answers = await Promise.all(['x', forged, tokens.access_token, `${mine}A`].map(refresh));
    const texts = answers.map(({ status, body }) => ({ status, ...body, request_id: '' }));
    expect(new Set(texts.map((text) => JSON.stringify(text))).size).toBe(1);
    expect(texts[0]).toMatchObject({ status: 401, code: 'unauthorized' });

    const { stores, openChanges, commit, now } = services();
    const changes = openChanges({ email: '', credentialId: null });
    stores.users.change(changes, user, { isLocked: true });
    await commit(changes, { requestId: 'lock', ip: '', now: now() });
    expect((await refresh(mine)).status).toBe(401);
    expect((await refresh(theirs)).status).toBe(200);
  });

  test.each([{}, { refresh_token: 7 }, { refresh_token: 'rt_x', more: 1 }])('%j is a 400', async (body) => {
    expect((await call({ method: 'POST', path: '/auth/refresh', body })).status).toBe(400);
  });

  test('stands in the access log of each organization, a reuse as a failure', async () => {
    const { user, tokens } = await signedIn();
    const organization = await anOrganization(await somebody());
    await aMember(organization, user, ['VIEWER']);
    await refresh(tokens.refresh_token);
    await refresh(tokens.refresh_token);
    const entries = await accessLogOf(organization.id);
    expect(entries.map(({ action, status }) => `${action} ${status}`).sort()).toEqual([
      'TOKEN_REFRESH FAILURE',
      'TOKEN_REFRESH SUCCESS',
    ]);
  });
});

describe('POST /auth/logout', () => {
  test('ends this session at once, its refresh token too, and no other; the access log tells', async () => {
    const { user, tokens } = await signedIn();
    const organization = await anOrganization(await somebody());
    await aMember(organization, user, ['VIEWER']);
    const other = await call({ method: 'POST', path: '/auth/login', body: { email: user.email, password } });
    const answer = await call({ method: 'POST', path: '/auth/logout', headers: bearer(tokens) });
    expect(answer.status, answer.text).toBe(204);
    expect(answer.text).toBe('');
    expect(await statusWith(tokens)).toBe(401);
    expect((await refresh(tokens.refresh_token)).status).toBe(401);
    expect(await statusWith(other.body)).toBe(200);
    const actions = (await accessLogOf(organization.id)).map(({ action, status }) => `${action} ${status}`);
    expect(actions).toContain('LOGOUT SUCCESS');
  });

  test('is nothing that a credential of an organization can do', async () => {
    const owner = await somebody();
    const headers = await aCredential(await anOrganization(owner), owner);
    expect((await call({ method: 'POST', path: '/auth/logout', headers })).status).toBe(403);
    expect((await call({ method: 'POST', path: '/auth/logout' })).status).toBe(401);
  });
});
