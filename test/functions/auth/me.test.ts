import { describe, expect, test } from 'vitest';
import * as mailer from '../../../functions/streams/mailer.ts';
import { tenantWithoutCaller } from '../../../shared/domain/access/tenant.ts';
import { readToken, writeToken } from '../../../shared/domain/access/tokens.ts';
import { services } from '../../support/all-services.ts';
import { apiUnderTest, mailsUnderTest } from '../../support/api-under-test.ts';
import { recordCalls, roundTripsOf } from '../../support/call-recorder.ts';
import { changeState } from '../../support/changed-rights.ts';
import { tokenIn } from '../../support/mail-inbox.ts';
import { aCredential, aMember, anOrganization, signedIn, somebody } from '../../support/people-and-organizations.ts';
import { passwordHashOf } from './passwords.ts';

const { table, call } = await apiUnderTest({ withStream: true });
const { inbox, stream } = await mailsUnderTest(table);

const password = 'Correct horse 1';
const read = (headers: Record<string, string>) => call({ method: 'GET', path: '/auth/me', headers });
const patch = (headers: Record<string, string>, body: unknown) =>
  call({ method: 'PATCH', path: '/auth/me', headers, body });

async function namesOf(organizationId: number): Promise<string[]> {
  const tenant = tenantWithoutCaller(organizationId);
  const { stores } = services();
  const total = (await stores.organizations.get(organizationId))?.counters.members ?? 0;
  const page = await stores.memberLists.page(tenant, { order: 'name', descending: false, offset: 0, limit: 50, total });
  return page.map(({ identity }) => identity.firstName);
}

describe('GET /auth/me', () => {
  test('answers the person and each of their memberships, by name, ids as integers, none of a deleted organization', async () => {
    const [user, owner] = [await somebody(), await somebody()];
    const [zebra, aardvark] = [
      await anOrganization(user, { name: 'Zebra' }),
      await anOrganization(owner, { name: 'Aardvark' }),
    ];
    await aMember(aardvark, user, ['ADMIN', 'ACCOUNTING'], { isActive: false });
    await changeState(await anOrganization(user), { deletedAt: Date.now() });
    const answer = await read(await signedIn(user));
    expect(answer.status).toBe(200);
    expect(answer.body.user).toMatchObject({ id: user.id, email: user.email, platform_admin: false });
    expect(answer.body.memberships).toEqual([
      { organization_id: aardvark.id, organization_name: 'Aardvark', roles: ['ADMIN', 'ACCOUNTING'], is_active: false },
      { organization_id: zebra.id, organization_name: 'Zebra', roles: ['OWNER'], is_active: true },
    ]);
  });

  test('is for people with a session', async () => {
    const owner = await somebody();
    expect((await read(await aCredential(await anOrganization(owner), owner))).status).toBe(403);
    expect((await read({})).status).toBe(401);
  });
});

describe('PATCH /auth/me', () => {
  test('changes names, also of somebody whom an organization manages, and where they stand in its lists', async () => {
    const owner = await somebody({ firstName: 'Mo' });
    const organization = await anOrganization(owner);
    const user = await somebody({ firstName: 'Zoe', middleName: 'M', homeOrganizationId: organization.id });
    await aMember(organization, user, ['VIEWER']);
    expect(await namesOf(organization.id)).toEqual(['Mo', 'Zoe']);
    const headers = await signedIn(user);
    const answer = await patch(headers, { first_name: ' Ada ', middle_name: null, suffix: 'Jr.' });
    expect(answer.status, answer.text).toBe(200);
    expect(answer.body).toMatchObject({
      id: user.id,
      first_name: 'Ada',
      middle_name: null,
      last_name: user.lastName,
      suffix: 'Jr.',
    });
    expect((await read(headers)).body.user).toEqual(answer.body);
    expect(await namesOf(organization.id)).toEqual(['Ada', 'Mo']);
  });

  test('nobody needs a last name, and joined emoji stay what they are', async () => {
    const user = await somebody();
    const organization = await anOrganization(user);
    const name = { first_name: 'Ada 👩‍👩‍👧', last_name: '' };
    const answer = await patch(await signedIn(user), name);
    expect(answer, answer.text).toMatchObject({ status: 200, body: name });
    expect(await namesOf(organization.id)).toEqual([name.first_name]);
  });

  test('the longest names are kept and listed, wherever an order key ends in them', async () => {
    const user = await somebody();
    const organization = await anOrganization(user);
    const name = { first_name: 'a'.repeat(100), last_name: '😀'.repeat(100) };
    const answer = await patch(await signedIn(user), name);
    expect(answer, answer.text).toMatchObject({ status: 200, body: name });
    expect(await namesOf(organization.id)).toEqual([name.first_name]);
  });

  test('of many at once every one is answered, and the memberships say what the person says', async () => {
    const user = await somebody();
    const organization = await anOrganization(user);
    const headers = await signedIn(user);
    const names = Array.from({ length: 8 }, (_, at) => `Name${at}`);
    const answers = await Promise.all(names.map((first_name) => patch(headers, { first_name })));
    expect(answers.map(({ status }) => status)).toEqual(Array(8).fill(200));
    const { first_name } = (await read(headers)).body.user;
    expect(names).toContain(first_name);
    expect(await namesOf(organization.id)).toEqual([first_name]);
  });

  test.each([
    ['body', {}],
    ['first_name', { first_name: '' }],
    ['first_name', { first_name: null }],
    ['first_name', { first_name: 'Ada\u2028Lovelace' }],
    ['last_name', { last_name: 'gnp.\u202eelif' }],
    ['last_name', { last_name: '\u2066Ada' }],
    ['last_name', { last_name: null }],
    ['suffix', { suffix: 'a\u2029b' }],
    ['middle_name', { middle_name: 'x'.repeat(101) }],
    ['suffix', { suffix: 'x'.repeat(21) }],
    ['email', { email: 'other@example.com' }],
    ['is_verified', { is_verified: true }],
  ])('names %s of %j as invalid', async (field, body) => {
    const answer = await patch(await signedIn(await somebody()), body);
    expect(answer.status).toBe(400);
    expect(answer.body.errors.map((error: { field: string }) => error.field)).toEqual([field]);
  });
});

describe('POST /auth/email/change and its confirmation', () => {
  const ask = (headers: Record<string, string>, email: string, given = password) =>
    call({ method: 'POST', path: '/auth/email/change', headers, body: { email, password: given } });
  const verify = (token: string) => call({ method: 'POST', path: '/auth/verify', body: { token } });
  const person = async () => somebody({ passwordHash: await passwordHashOf(password), isVerified: false });
  async function tokenTo(email: string): Promise<string> {
    await stream.deliver(mailer);
    return tokenIn((await inbox.mailsTo(email)).at(-1));
  }

  test('moves the account, verified, in all its memberships, and ends every session but the one that asked', async () => {
    const user = await person();
    const organization = await anOrganization(user);
    const [mine, other] = [await signedIn(user), await signedIn(user)];
    const asked = await ask(mine, 'Moved@Example.com');
    expect(asked.status, asked.text).toBe(202);
    expect((await read(mine)).body.user.email).toBe(user.email);
    const token = await tokenTo('moved@example.com');
    const recorder = recordCalls({ inRounds: true });
    const answer = await verify(token).finally(recorder.stop);
    expect(answer.status, answer.text).toBe(200);
    expect(roundTripsOf(recorder.calls)).toBe(3);
    expect(answer.body.user).toMatchObject({ id: user.id, email: 'moved@example.com', is_verified: true });
    expect((await read(mine)).body.user.email).toBe('moved@example.com');
    expect((await read(other)).status).toBe(401);
    const membership = await services().stores.members.get(tenantWithoutCaller(organization.id), user.id);
    expect(membership?.identity).toMatchObject({ email: 'moved@example.com', isVerified: true });
    const counters = (await services().stores.organizations.get(organization.id))?.counters;
    expect(counters).toMatchObject({ members: 1, verifiedMembers: 1, activeOwners: 1 });
    const login = (email: string) => call({ method: 'POST', path: '/auth/login', body: { email, password } });
    expect((await login('moved@example.com')).status).toBe(200);
    expect((await login(user.email)).status).toBe(401);
    expect((await somebody({ email: user.email })).email).toBe(user.email);
  });

  test('tells the old address, once, and without a word about the new one', async () => {
    const user = await person();
    await ask(await signedIn(user), 'elsewhere@example.com');
    const token = await tokenTo('elsewhere@example.com');
    expect(await inbox.mailsTo(user.email)).toEqual([]);
    expect((await verify(token)).status).toBe(200);
    await verify(token);
    await stream.deliver(mailer);
    const [mail, ...more] = await inbox.mailsTo(user.email);
    expect(more).toEqual([]);
    expect(mail?.subject).toBe('Your address was changed');
    expect(mail?.body.text).toContain('If it was not you');
    expect(JSON.stringify(mail)).not.toMatch(/elsewhere|lt_|token=|https?:/);
  });

  test('tells nobody of a change that was refused', async () => {
    const user = await person();
    await ask(await signedIn(user), 'taken-meanwhile@example.com');
    const token = await tokenTo('taken-meanwhile@example.com');
    await somebody({ email: 'taken-meanwhile@example.com' });
    expect((await verify(token)).status).toBe(410);
    await stream.deliver(mailer);
    expect(await inbox.mailsTo(user.email)).toEqual([]);
  });

  test('moves nobody but who asked, whoever the token names', async () => {
    const [user, victim] = [await person(), await person()];
    await ask(await signedIn(user), 'named@example.com');
    const { ids: [link = 0] = [], secret = Buffer.of() } = readToken('lt', await tokenTo('named@example.com')) ?? {};
    const naming = (id: number) => writeToken('lt', { ids: [link, id], secret });
    for (const forged of [naming(victim.id), naming(link), naming(link + 1)]) {
      expect(await verify(forged)).toMatchObject({ status: 410, body: { code: 'link_gone' } });
    }
    expect((await verify(naming(user.id))).body.user).toMatchObject({ id: user.id, email: 'named@example.com' });
  });

  test('answers 202 for an address that somebody has, and 401 wrong_password for a wrong password', async () => {
    const [user, other] = [await person(), await somebody()];
    const headers = await signedIn(user);
    const free = await ask(headers, 'free@example.com');
    const taken = await ask(headers, other.email);
    expect([taken.status, taken.text]).toEqual([free.status, free.text]);
    const wrong = await ask(headers, 'free@example.com', 'Wrong horse 1');
    expect(wrong.status).toBe(401);
    expect(wrong.body.code).toBe('wrong_password');
    const owner = await somebody();
    const credential = await aCredential(await anOrganization(owner), owner);
    expect((await ask(credential, 'free@example.com')).status).toBe(403);
  });

  test('of two people who were promised one address the first gets it, for the other the link is gone', async () => {
    const people = [await person(), await person()];
    for (const user of people) expect((await ask(await signedIn(user), 'wanted@example.com')).status).toBe(202);
    await stream.deliver(mailer);
    const tokens = (await inbox.mailsTo('wanted@example.com')).map(tokenIn);
    expect(tokens).toHaveLength(2);
    const answers = await Promise.all(tokens.map(verify));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 410]);
    const holder = await services().stores.users.findByEmail('wanted@example.com');
    expect(holder?.id).toBe(answers.find(({ status }) => status === 200)?.body.user.id);
  });

  test('not once the password has changed since: whoever was locked out by that does not come back by a link', async () => {
    const user = await person();
    const [mine, intruder] = [await signedIn(user), await signedIn(user)];
    await ask(intruder, 'intruder@example.com');
    const token = await tokenTo('intruder@example.com');
    const change = { current_password: password, password: 'Better horse 22' };
    const changed = await call({ method: 'POST', path: '/auth/password/change', headers: mine, body: change });
    expect(changed.status, changed.text).toBe(200);
    expect(await verify(token)).toMatchObject({ status: 410, body: { code: 'link_gone' } });
    expect((await read(mine)).body.user.email).toBe(user.email);
  });

  test('also when the session that asked has ended since; then all are ended', async () => {
    const user = await person();
    const [mine, other] = [await signedIn(user), await signedIn(user)];
    await ask(mine, 'later@example.com');
    expect((await call({ method: 'POST', path: '/auth/logout', headers: mine })).status).toBe(204);
    expect((await verify(await tokenTo('later@example.com'))).status).toBe(200);
    expect((await read(mine)).status).toBe(401);
    expect((await read(other)).status).toBe(401);
  });
});
