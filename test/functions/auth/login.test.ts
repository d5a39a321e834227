import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { describe, expect, test, vi } from 'vitest';
import { services } from '../../support/all-services.ts';
import { apiUnderTest } from '../../support/api-under-test.ts';
import type { ApiAnswer } from '../../support/in-process-api.ts';
import { aMember, anOrganization, somebody } from '../../support/people-and-organizations.ts';
import { accessLogOf } from './access-log.ts';
import { outdatedHash, passwordHashOf } from './passwords.ts';

const { call } = await apiUnderTest();

const password = 'Correct horse 1';

const person = async (of: Parameters<typeof somebody>[0] = {}) =>
  somebody({ passwordHash: await passwordHashOf(password), ...of });

const login = (email: string, given: string): Promise<ApiAnswer> =>
  call({ method: 'POST', path: '/auth/login', body: { email, password: given } });

const anonymized = ({ body, status, headers }: ApiAnswer) => ({
  status,
  body: { ...body, request_id: '' },
  headers: { ...headers, 'x-request-id': '' },
});

describe('POST /auth/login', () => {
  test('answers a pair of tokens and who they belong to; the access token works at once', async () => {
    const user = await person({ middleName: 'Q', homeOrganizationId: 77 });
    const answer = await login(user.email.toUpperCase(), password);
    expect(answer.status, answer.text).toBe(200);
    expect(answer.body).toEqual({
      access_token: expect.stringMatching(/^st_[\w-]+$/),
      refresh_token: expect.stringMatching(/^rt_[\w-]+$/),
      token_type: 'Bearer',
      expires_in: 3600,
      user: {
        id: user.id,
        email: user.email,
        first_name: 'Person',
        middle_name: 'Q',
        last_name: user.lastName,
        suffix: null,
        is_verified: true,
        platform_admin: false,
        home_organization_id: 77,
      },
    });
    expect(answer.headers['cache-control']).toBe('no-store');
    const headers = { authorization: `Bearer ${answer.body.access_token}` };
    expect((await call({ method: 'GET', path: '/organizations', headers })).status).toBe(200);
  });

  test('a wrong password, an unknown address, a locked, a deleted and a passwordless person get the same 401', async () => {
    const [known, locked, deleted, passwordless] = await Promise.all([
      person(),
      person({ isLocked: true }),
      person({ deletedAt: Date.now() }),
      somebody(),
    ]);
    const answers = [
      await login(known.email, 'Wrong horse 1'),
      await login('nobody@example.com', password),
      await login(locked.email, password),
      await login(deleted.email, password),
      await login(passwordless.email, password),
    ];
    expect(answers[0]?.status).toBe(401);
    expect(answers[0]?.body.code).toBe('unauthorized');
    for (const answer of answers) {
      expect(anonymized(answer)).toEqual(anonymized(answers[0] ?? answer));
    }
  });

  test('somebody in no organization and an unknown address cost the same calls to the table', async () => {
    const known = await person();
    const sent = vi.spyOn(DynamoDBDocumentClient.prototype, 'send');
    const callsOfLogin = async (email: string) => {
      sent.mockClear();
      await login(email, 'Wrong horse 1');
      return sent.mock.calls.map(([command]) => command.constructor.name).sort();
    };
    const calls = await callsOfLogin(known.email);
    expect(calls).toEqual(await callsOfLogin('unknown@example.com'));
    expect(calls.length).toBeGreaterThan(4);
    sent.mockRestore();
  });

  test.each(['known', 'unknown'])('after five failures a %s address is refused with the time to wait', async (kind) => {
    const email = kind === 'known' ? (await person()).email : `unknown-${Date.now()}@example.com`;
    for (let failure = 1; failure <= 5; failure += 1) expect((await login(email, 'Wrong horse 1')).status).toBe(401);
    for (const given of ['Wrong horse 1', password]) {
      const answer = await login(email, given);
      expect(answer.status).toBe(429);
      expect(answer.body.code).toBe('too_many_attempts');
      expect(Number(answer.headers['retry-after'])).toBeGreaterThan(14 * 60);
      expect(Number(answer.headers['retry-after'])).toBeLessThanOrEqual(15 * 60);
    }
    expect((await login((await person()).email, password)).status).toBe(200);
  });

  test('of twenty wrong passwords at once five are looked at, and the right one is refused then', async () => {
    const user = await person();
    const answers = await Promise.all(Array.from({ length: 20 }, () => login(user.email, 'Wrong horse 1')));
    const statuses = answers.map(({ status }) => status);
    expect(statuses.filter((status) => status === 401)).toHaveLength(5);
    expect(statuses.filter((status) => status === 429)).toHaveLength(15);
    expect((await login(user.email, password)).status).toBe(429);
  });

  test('twenty right passwords at once are all signed in', async () => {
    const user = await person();
    const answers = await Promise.all(Array.from({ length: 20 }, () => login(user.email, password)));
    expect(answers.map(({ status }) => status)).toEqual(Array(20).fill(200));
  });

  test('a success forgets the failures before it', async () => {
    const user = await person();
    for (let round = 0; round < 3; round += 1) {
      for (let failure = 1; failure <= 4; failure += 1) {
        expect((await login(user.email, 'Wrong horse 1')).status).toBe(401);
      }
      expect((await login(user.email, password)).status).toBe(200);
    }
  });

  test('stands in the access log of each of the organizations of the person, however far that is spread', async () => {
    const user = await person();
    const owner = await somebody();
    const organizations = [await anOrganization(owner), await anOrganization(owner, { logShards: 16 })];
    for (const organization of organizations) await aMember(organization, user, ['VIEWER']);
    await login(user.email, 'Wrong horse 1');
    await login(user.email, password);
    for (const organization of organizations) {
      const entries = await accessLogOf(organization.id);
      expect(entries).toHaveLength(2);
      expect(entries).toEqual(
        expect.arrayContaining([
          expect.objectContaining({ action: 'LOGIN', status: 'SUCCESS', user: user.email, userId: user.id }),
          expect.objectContaining({ action: 'LOGIN', status: 'FAILURE', path: '/auth/login', ip: '127.0.0.1' }),
        ]),
      );
    }
  });

  test('renews a hash that was made with other parameters', async () => {
    const user = await person({ passwordHash: await outdatedHash(password) });
    expect((await login(user.email, password)).status).toBe(200);
    const renewed = await services().stores.users.get(user.id);
    expect(renewed?.passwordHash).toContain('$m=19456,t=2,p=1$');
    expect((await login(user.email, password)).status).toBe(200);
  });

  test.each([
    [{ email: 'x', password }, 'email'],
    [{ email: 'a@example.com' }, 'password'],
    [{ email: 'a@example.com', password: '' }, 'password'],
    [{ email: 'a@example.com', password: 7 }, 'password'],
    [{ email: 'a@example.com', password, remember: true }, 'remember'],
    [[], 'body'],
    [null, 'body'],
  ])('%j is refused, naming %s', async (body, field) => {
    const answer = await call({ method: 'POST', path: '/auth/login', body });
    expect(answer.status).toBe(400);
    expect(answer.body.errors.map((error: { field: string }) => error.field)).toEqual([field]);
  });
});
