import { beforeAll, describe, expect, test } from 'vitest';
import { toHex24 } from '../../../shared/domain/identifiers.ts';
import type { Organization } from '../../../shared/domain/organization/organization.ts';
import { verifyPassword } from '../../../shared/domain/user/password.ts';
import type { User } from '../../../shared/domain/user/user.ts';
import { services } from '../../support/all-services.ts';
import { apiUnderTest } from '../../support/api-under-test.ts';
import { badValues, expectRefusedFor, fieldsOf, noText, titleOf } from '../../support/bad-values.ts';
import { aCredential, aMember, anOrganization, somebody } from '../../support/people-and-organizations.ts';

const root = '/clients/v1/organization-admin';
const path = `${root}/members/create`;
const { call } = await apiUnderTest();
let owner: User;
let organization: Organization;
let headers: Record<string, string>;

let made = 0;
function person(of: Record<string, unknown> = {}): Record<string, unknown> {
  made += 1;
  return {
    first_name: 'JB',
    last_name: 'Benedicto',
    email: `jb+${made}@ardata.tech`,
    password: 'StrongPass123!',
    confirm_password: 'StrongPass123!',
    role: 'organization_user',
    ...of,
  };
}
const create = (body: unknown, more: Record<string, string> = {}) =>
  call({ method: 'POST', path, headers: { ...headers, ...more }, body });
const listed = () => call({ method: 'GET', path: `${root}/members/list?limit=100`, headers });

beforeAll(async () => {
  owner = await somebody();
  organization = await anOrganization(owner);
  headers = await aCredential(organization, owner);
});

describe('POST /members/create', () => {
  test('makes a person, homed here and unverified, with exactly the documented answer', async () => {
    const answer = await create(
      person({
        email: 'Ann.Lee@Example.COM',
        first_name: ' Ann ',
        middle_name: 'B',
        suffix: 'Jr.',
        role: 'organization_admin',
      }),
    );
    expect(answer.status, answer.text).toBe(201);
    expect(answer.body).toEqual({
      status: 'success',
      message: 'Member created successfully.',
      data: {
        id: expect.stringMatching(/^02[0-9a-f]{22}$/),
        first_name: 'Ann',
        middle_name: 'B',
        last_name: 'Benedicto',
        suffix: 'Jr.',
        email: 'ann.lee@example.com',
        role: 'organization_admin',
        is_verified: false,
        is_locked: false,
        is_deleted: false,
        bytes_limit: null,
        bytes_used: 0,
        created_at: expect.stringMatching(/Z$/),
        updated_at: expect.stringMatching(/Z$/),
      },
    });
    const user = await services().stores.users.findByEmail('ann.lee@example.com');
    expect(user).toMatchObject({ homeOrganizationId: organization.id, isVerified: false });
    expect(await verifyPassword('StrongPass123!', user?.passwordHash ?? null)).toBe(true);
  });

  test('the new member shows in the next read, list and search', async () => {
    const before = (await listed()).body.data.meta.total;
    const { body } = await create(person());
    const { id, email } = body.data;
    expect((await listed()).body.data.meta.total).toBe(before + 1);
    const read = await call({ method: 'GET', path: `${root}/members/${id}/read`, headers });
    expect(read.body.data).toEqual(body.data);
    const found = await call({ method: 'GET', path: `${root}/members/search?email=${email}`, headers });
    expect(found.body.data.members).toEqual([body.data]);
  });

  test('an email that any user has is taken, however it is written, and nothing is made', async () => {
    const stranger = await somebody();
    const before = (await listed()).body.data.meta.total;
    for (const email of [stranger.email, stranger.email.toUpperCase()]) {
      expect(await create(person({ email }))).toMatchObject({ status: 409, body: { code: 'email_taken' } });
    }
    expect((await listed()).body.data.meta.total).toBe(before);
  });

  test('of ten requests for one email at once exactly one makes a member', async () => {
    const body = person();
    const answers = await Promise.all(Array.from({ length: 10 }, () => create(body)));
    expect(answers.map(({ status }) => status).sort()).toEqual([201, ...Array(9).fill(409)]);
  });

  test('an Idempotency-Key replays the first answer byte for byte, also to twins at once', async () => {
    const body = person();
    const answers = await Promise.all([1, 2, 3].map(() => create(body, { 'idempotency-key': 'create-once' })));
    answers.push(await create(body, { 'idempotency-key': 'create-once' }));
    expect(new Set(answers.map(({ status, text }) => `${status} ${text}`)).size).toBe(1);
    expect(answers.at(-1)?.headers['idempotent-replayed']).toBe('true');
    expect(await create(person(), { 'idempotency-key': 'create-once' })).toMatchObject({ status: 422 });
  });

  test('nobody makes a member with a role that holds what they lack', async () => {
    const admin = await somebody();
    await aMember(organization, admin, ['ADMIN']);
    const asAdmin = await aCredential(organization, admin);
    const wanted = person({ role: 'organization_owner' });
    expect(await call({ method: 'POST', path, headers: asAdmin, body: wanted })).toMatchObject({
      status: 403,
      body: { code: 'forbidden' },
    });
    const limited = await aCredential(organization, owner, ['members:read', 'members:write']);
    const asViewer = person({ role: 'organization_accounting' });
    expect((await call({ method: 'POST', path, headers: limited, body: asViewer })).status).toBe(403);
    expect(
      (await call({ method: 'POST', path, headers: asAdmin, body: person({ role: 'organization_admin' }) })).status,
    ).toBe(201);
  });

  const bad = badValues({
    first_name: [undefined, ...noText, '', '   ', 'x'.repeat(101), 'a\nb', '\ud800'],
    last_name: [undefined, ...noText, '', 'x'.repeat(101)],
    middle_name: [7, true, ['B'], 'x'.repeat(101)],
    suffix: [7, {}, 'x'.repeat(21)],
    email: [
      undefined,
      ...noText,
      '',
      'nobody',
      'a@b',
      'a b@example.com',
      `${'x'.repeat(250)}@example.com`,
      toHex24('user', 5),
    ],
    role: [undefined, ...noText, '', 'OWNER', 'organization_king', 3],
    unknown: ['neighbour'],
    is_verified: [true],
    homeOrganizationId: [1],
  });
  test.each(bad.map((value) => [titleOf(value), value] as const))(
    'refuses and names %s',
    async (_, { field, value }) => {
      expectRefusedFor(await create(person({ [field]: value })), field);
    },
  );

  const badPasswords = [
    undefined,
    ...noText,
    '',
    'Short1!',
    'alllowercase1!',
    'ALLUPPERCASE1!',
    'NoDigits!!',
    'NoOther123',
    'P@ssw0rd',
    `Aa1!${'x'.repeat(125)}`,
  ];
  test.each(badPasswords.map((value) => [JSON.stringify(value)?.slice(0, 40), value] as const))(
    'refuses and names the password %s',
    async (_, password) => {
      expectRefusedFor(await create(person({ password, confirm_password: 'StrongPass123!' })), 'password');
    },
  );

  test.each([undefined, ...noText, '', 'StrongPass123', 'strongpass123!', 'x'.repeat(5_000)])(
    'refuses and names confirm_password: %s',
    async (value) => {
      expectRefusedFor(await create(person({ confirm_password: value })), 'confirm_password');
    },
  );

  test('names every field that is wrong at once', async () => {
    const answer = await create(
      person({ first_name: null, email: 'x', confirm_password: 'other', role: 'king', id: 1 }),
    );
    expect(fieldsOf(answer).sort()).toEqual(['confirm_password', 'email', 'first_name', 'id', 'role']);
  });

  test.each([null, [], 'text', 7, true])('refuses a body that is %j', async (body) => {
    const answer = await call({
      method: 'POST',
      path,
      headers: { ...headers, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    expectRefusedFor(answer, 'body');
  });
});
