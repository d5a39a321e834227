import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { describe, expect, test, vi } from 'vitest';
import * as mailer from '../../../functions/streams/mailer.ts';
import { services } from '../../support/all-services.ts';
import { apiUnderTest, mailsUnderTest } from '../../support/api-under-test.ts';
import { tokenIn } from '../../support/mail-inbox.ts';
import { somebody } from '../../support/people-and-organizations.ts';

const { table, call } = await apiUnderTest({ withStream: true });
const { inbox, stream } = await mailsUnderTest(table);

const person = { password: 'Correct horse 1', first_name: 'Rea', last_name: 'Reader' };
const post = (path: string, body: unknown) => call({ method: 'POST', path, body });
const register = (email: string, of: Record<string, unknown> = {}) =>
  post('/auth/register', { email, ...person, ...of });
const verify = (token: string) => post('/auth/verify', { token });
const login = (email: string) => post('/auth/login', { email, password: person.password });

async function tokensMailedTo(email: string): Promise<string[]> {
  await stream.deliver(mailer);
  return (await inbox.mailsTo(email)).map(tokenIn);
}

describe('POST /auth/register', () => {
  test('answers a known and an unknown address alike, after the same calls to the table', async () => {
    const known = await somebody();
    await register('warming-up@example.com');
    const sent = vi.spyOn(DynamoDBDocumentClient.prototype, 'send');
    const answers = [];
    for (const email of [known.email, 'new@example.com']) {
      sent.mockClear();
      const { status, body, headers } = await register(email);
      const calls = sent.mock.calls.map(([command]) => command.constructor.name);
      answers.push({ status, body, headers: { ...headers, 'x-request-id': '' }, calls });
    }
    sent.mockRestore();
    expect(answers[0]).toEqual(answers[1]);
    expect(answers[0]?.status).toBe(202);
  });

  test('makes nobody: before the link is followed there is no user and no signing in', async () => {
    await register('not-yet@example.com');
    expect(await services().stores.users.findByEmail('not-yet@example.com')).toBeUndefined();
    const answer = await login('not-yet@example.com');
    expect(answer.status).toBe(401);
    expect(answer.body.code).toBe('unauthorized');
  });

  test.each([
    ['email', { email: 'x' }],
    ['password', { password: 'short' }],
    ['password', { password: 'P@ssw0rd' }],
    ['first_name', { first_name: '' }],
    ['first_name', { first_name: null }],
    ['first_name', { first_name: 'a\nb' }],
    ['last_name', { last_name: 'x'.repeat(101) }],
    ['platform_admin', { platform_admin: true }],
  ])('names %s of %j as invalid', async (field, of) => {
    const answer = await register('valid@example.com', of);
    expect(answer.status).toBe(400);
    expect(answer.body.errors.map((error: { field: string }) => error.field)).toEqual([field]);
  });

  test('asks for twenty mails an hour to one address at most, and answers the same after that', async () => {
    const answers = await Promise.all(Array.from({ length: 25 }, () => register('flooded@example.com')));
    expect(new Set(answers.map(({ status, text }) => `${status} ${text}`)).size).toBe(1);
    expect(await tokensMailedTo('flooded@example.com')).toHaveLength(20);
  });

  test('is refused where the stage has closed it', async () => {
    const { settings } = services();
    Object.assign(settings, { isSignUpOpen: false });
    const answer = await register('late@example.com').finally(() => Object.assign(settings, { isSignUpOpen: true }));
    expect(answer.status).toBe(403);
    expect(answer.body.code).toBe('registration_closed');
  });
});

describe('POST /auth/verify of a registration', () => {
  test('makes the person, verified and without a home organization, who can sign in then', async () => {
    await register('Rea@Example.com');
    const [token = ''] = await tokensMailedTo('rea@example.com');
    const answer = await verify(token);
    expect(answer.status, answer.text).toBe(200);
    expect(answer.body.user).toMatchObject({
      email: 'rea@example.com',
      first_name: 'Rea',
      last_name: 'Reader',
      is_verified: true,
      platform_admin: false,
      home_organization_id: null,
    });
    expect((await login('rea@example.com')).body.user).toEqual(answer.body.user);
  });

  test('of ten at once with one token one makes the person, the others find the link gone', async () => {
    await register('ten@example.com');
    const [token = ''] = await tokensMailedTo('ten@example.com');
    const answers = await Promise.all(Array.from({ length: 10 }, () => verify(token)));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, ...Array(9).fill(410)]);
    for (const { status, body } of answers) if (status === 410) expect(body.code).toBe('link_gone');
  });

  test('of two registrations of one address the first that is confirmed counts, the other link is gone', async () => {
    await register('twice@example.com', { first_name: 'One' });
    await register('twice@example.com', { first_name: 'Two' });
    const tokens = await tokensMailedTo('twice@example.com');
    expect(tokens).toHaveLength(2);
    const answers = await Promise.all(tokens.map(verify));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 410]);
    const made = answers.find(({ status }) => status === 200);
    expect((await services().stores.users.findByEmail('twice@example.com'))?.id).toBe(made?.body.user.id);
  });

  test('refuses a link whose time is over, a token for another purpose, one that was never given out, and garbage', async () => {
    const user = await somebody();
    await register('late-reader@example.com');
    await post('/auth/password/forgot', { email: user.email });
    const [late = ''] = await tokensMailedTo('late-reader@example.com');
    const [reset = ''] = await tokensMailedTo(user.email);
    const clock = vi.spyOn(Date, 'now').mockReturnValue(Date.now() + 25 * 3_600_000);
    const expired = await verify(late);
    clock.mockRestore();
    for (const answer of [expired, await verify(reset), await verify(`${late}A`), await verify('lt_x')]) {
      expect(answer.status).toBe(410);
      expect(answer.body.code).toBe('link_gone');
    }
    expect((await verify(late)).status).toBe(200);
  });
});
