import { randomBytes } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { handler } from '../../../functions/jobs/bootstrap.ts';
import * as mailer from '../../../functions/streams/mailer.ts';
import { hashPassword, verifyPassword } from '../../../shared/domain/user/password.ts';
import { services } from '../../support/all-services.ts';
import { apiUnderTest, mailsUnderTest } from '../../support/api-under-test.ts';
import { tokenIn } from '../../support/mail-inbox.ts';
import { anOrganization, signedIn, somebody } from '../../support/people-and-organizations.ts';

const { table, call } = await apiUnderTest({ withStream: true });
const { inbox, stream } = await mailsUnderTest(table);

const [password, another] = ['a-password-of-a-program', 'another-one-of-a-program'];
const find = (email: string) => services().stores.users.findByEmail(email);

async function mailsTo(email: string) {
  await stream.deliver(mailer);
  return inbox.mailsTo(email);
}

describe('the bootstrap job', () => {
  test('makes a verified platform administrator without a home organization, and mails a link to choose a password', async () => {
    expect(await handler({ email: 'Root@Example.com' })).toEqual({ email: 'root@example.com', created: true });
    expect(await find('root@example.com')).toMatchObject({
      isPlatformAdministrator: true,
      isVerified: true,
      homeOrganizationId: null,
      passwordHash: null,
    });
    const [mail, ...more] = await mailsTo('root@example.com');
    expect(more).toEqual([]);
    expect(tokenIn(mail)).toMatch(/^lt_/);
  });

  test('run again makes nobody else, and mails another link as long as there is no password', async () => {
    await handler({ email: 'again@example.com' });
    const first = await find('again@example.com');
    expect(await handler({ email: 'again@example.com' })).toEqual({ email: 'again@example.com', created: false });
    expect(await find('again@example.com')).toEqual(first);
    expect(await mailsTo('again@example.com')).toHaveLength(2);
  });

  test('sets a password that it is given where there is none, and never another one', async () => {
    const email = 'local@example.com';
    await handler({ email });
    await handler({ email, password });
    await handler({ email, password: another });
    await handler({ email });
    const kept = (await find(email))?.passwordHash ?? null;
    expect(await verifyPassword(password, kept)).toBe(true);
    expect(await mailsTo(email)).toHaveLength(1);
    expect(await handler({ email: 'other@example.com', password })).toEqual({
      email: 'other@example.com',
      created: true,
    });
    expect(await mailsTo('other@example.com')).toEqual([]);
  });

  test('run ten times at once makes one', async () => {
    const answers = await Promise.all(
      Array.from({ length: 10 }, () => handler({ email: 'race@example.com', password })),
    );
    expect(answers.filter(({ created }) => created)).toHaveLength(1);
  });

  test('makes an administrator of somebody who is there already, and of nobody who is locked or deleted', async () => {
    const [user, locked] = [await somebody(), await somebody({ isLocked: true })];
    expect(await handler({ email: user.email })).toEqual({ email: user.email, created: false });
    expect((await find(user.email))?.isPlatformAdministrator).toBe(true);
    await expect(handler({ email: locked.email })).rejects.toThrow('locked or deleted');
    expect((await find(locked.email))?.isPlatformAdministrator).toBe(false);
  });

  test('makes one of nobody’s account but their own: the password that its home gave it signs nobody in', async () => {
    const home = await anOrganization(await somebody());
    const given = 'Chosen-By-Home-1';
    const passwordHash = await hashPassword(given, randomBytes);
    const [user, other] = [
      await somebody({ homeOrganizationId: home.id, passwordHash }),
      await somebody({ homeOrganizationId: home.id, passwordHash }),
    ];
    const session = await signedIn(user);
    const signIn = async (email: string, password: string) =>
      (await call({ method: 'POST', path: '/auth/login', body: { email, password } })).status;

    await handler({ email: user.email });
    expect((await find(user.email))?.isPlatformAdministrator).toBe(true);
    expect(await signIn(user.email, given)).toBe(401);
    expect((await call({ method: 'GET', path: '/auth/me', headers: session })).status).toBe(401);
    const [mail, ...more] = await mailsTo(user.email);
    expect(more).toEqual([]);
    const [token, own] = [tokenIn(mail), 'Chosen-Myself-1'];
    await call({ method: 'POST', path: '/auth/password/reset', body: { token, password: own } });
    await handler({ email: user.email, password });
    expect(await signIn(user.email, own)).toBe(200);

    await handler({ email: other.email, password });
    expect([await signIn(other.email, given), await signIn(other.email, password)]).toEqual([401, 200]);
    expect(await mailsTo(other.email)).toEqual([]);
  });

  test.each([{}, { email: 'x' }, { email: 'a@example.com', password: 'weak' }, { email: 'a@example.com', role: 'x' }])(
    'refuses %j',
    async (order) => {
      await expect((async () => handler(order))()).rejects.toThrow();
    },
  );
});
