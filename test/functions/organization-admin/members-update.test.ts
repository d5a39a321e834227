import { beforeEach, describe, expect, test } from 'vitest';
import type { Role } from '../../../shared/domain/access/roles.ts';
import { tenantWithoutCaller } from '../../../shared/domain/access/tenant.ts';
import { toHex24 } from '../../../shared/domain/identifiers.ts';
import type { Organization } from '../../../shared/domain/organization/organization.ts';
import { dayMilliseconds } from '../../../shared/domain/timestamp.ts';
import { verifyPassword } from '../../../shared/domain/user/password.ts';
import type { User } from '../../../shared/domain/user/user.ts';
import { services } from '../../support/all-services.ts';
import { apiUnderTest } from '../../support/api-under-test.ts';
import { auditTrailOf } from '../../support/audit-trail.ts';
import { badValues, expectRefusedFor, noText, titleOf } from '../../support/bad-values.ts';
import { aCredential, aMember, anOrganization, signedIn, somebody } from '../../support/people-and-organizations.ts';
import { storedItems } from '../../support/stored-items.ts';

const root = '/clients/v1/organization-admin';
const { call } = await apiUnderTest();
let owner: User;
let organization: Organization;
let headers: Record<string, string>;

const hex = ({ id }: { id: number }) => toHex24('user', id);
const update = (user: User, body: unknown, as: Record<string, string> = headers) =>
  call({ method: 'PUT', path: `${root}/members/${hex(user)}/update`, headers: as, body });
const read = (user: User, as = headers) =>
  call({ method: 'GET', path: `${root}/members/${hex(user)}/read`, headers: as });
const stored = async ({ id }: User) => services().stores.users.get(id);
const storedOrganization = async (of = organization) => {
  const found = await services().stores.organizations.get(of.id);
  if (!found) throw new Error('The organization is gone.');
  return found;
};

/** Somebody whose identity this organization manages. */
async function homed(roles: readonly Role[] = ['CONTRIBUTOR'], of: Partial<User> = {}): Promise<User> {
  const user = await somebody({ homeOrganizationId: organization.id, ...of });
  await aMember(organization, user, roles);
  return user;
}

beforeEach(async () => {
  owner = await somebody();
  organization = await anOrganization(owner);
  headers = await aCredential(organization, owner);
});

describe('PUT /members/{user}/update', () => {
  test('changes who the member is, here and in every other organization at once', async () => {
    const user = await homed();
    const other = await anOrganization(await somebody());
    await aMember(other, user, ['VIEWER']);
    const email = `alex.${user.id}@example.com`;
    const answer = await update(user, {
      first_name: 'Alexander Paul',
      middle_name: 'Puno',
      last_name: 'Quinit',
      suffix: 'III',
      email: email.toUpperCase(),
      is_verified: true,
    });
    expect(answer).toMatchObject({
      status: 200,
      body: {
        status: 'success',
        message: 'Member updated successfully.',
        data: {
          id: hex(user),
          first_name: 'Alexander Paul',
          middle_name: 'Puno',
          last_name: 'Quinit',
          suffix: 'III',
          email,
          role: 'organization_user',
          is_verified: true,
          is_locked: false,
          is_deleted: false,
        },
      },
    });
    expect((await read(user)).body.data).toEqual(answer.body.data);
    const copy = await services().stores.members.get(tenantWithoutCaller(other.id), user.id);
    expect(copy?.identity).toMatchObject({ firstName: 'Alexander Paul', email, isVerified: true });
    expect(await services().stores.users.findIdByEmail(user.email)).toBeUndefined();
  });

  test('null takes middle name and suffix away; the other fields stay as they were', async () => {
    const user = await homed(['VIEWER'], { middleName: 'B', suffix: 'Jr.' });
    const { body } = await update(user, { middle_name: null, suffix: null });
    expect(body.data).toMatchObject({ middle_name: null, suffix: null, first_name: user.firstName, email: user.email });
  });

  test('a new email is unverified and ends the sessions; so do a password, a lock and a delete', async () => {
    const changes = [
      { email: `new.${organization.id}@example.com` },
      { password: 'AnotherPass123!' },
      { is_locked: true },
    ];
    for (const change of [...changes, { is_deleted: true }]) {
      const user = await homed();
      const session = await signedIn(user);
      expect((await call({ method: 'GET', path: '/organizations', headers: session })).status).toBe(200);
      expect((await update(user, change)).status).toBe(200);
      expect((await call({ method: 'GET', path: '/organizations', headers: session })).status).toBe(401);
      expect((await stored(user))?.isVerified).toBe(!('email' in change));
    }
    const user = await homed();
    await update(user, { password: 'AnotherPass123!' });
    expect(await verifyPassword('AnotherPass123!', (await stored(user))?.passwordHash ?? null)).toBe(true);
  });

  test('of a new email the old address is told, where it was changed', async () => {
    const user = await homed();
    const notices = async () =>
      (await storedItems()).filter(({ purpose, email }) => purpose === 'address-changed' && email === user.email);
    expect((await update(user, { email: owner.email })).status).toBe(409);
    expect((await update(user, { email: user.email, first_name: 'Same' })).status).toBe(200);
    expect(await notices()).toEqual([]);
    expect((await update(user, { email: `next.${user.id}@example.com` })).status).toBe(200);
    expect(await notices()).toMatchObject([{ kind: 'link', mailDue: 1 }]);
  });

  test('a taken email is 409 and changes nothing', async () => {
    const user = await homed();
    const answer = await update(user, { email: owner.email, first_name: 'Other' });
    expect(answer).toMatchObject({ status: 409, body: { code: 'email_taken' } });
    expect((await read(user)).body.data).toMatchObject({ first_name: user.firstName, email: user.email });
  });

  test('the identity of somebody who is homed elsewhere, or nowhere, is not changed here', async () => {
    const elsewhere = await somebody({ homeOrganizationId: (await anOrganization(owner)).id });
    await aMember(organization, elsewhere, ['VIEWER']);
    for (const user of [elsewhere, owner]) {
      expect(await update(user, { first_name: 'Mine' })).toMatchObject({
        status: 403,
        body: { code: 'identity_managed_elsewhere' },
      });
    }
  });

  test('changing an OWNER, also who they are, takes owners:write', async () => {
    const second = await homed(['OWNER']);
    const admin = await somebody();
    await aMember(organization, admin, ['ADMIN']);
    const asAdmin = await aCredential(organization, admin);
    expect(await update(second, { is_locked: true }, asAdmin)).toMatchObject({
      status: 403,
      body: { code: 'forbidden' },
    });
    expect((await update(second, { is_locked: true })).status).toBe(200);
  });

  test('a locked member counts as locked, not as active, and acts no more', async () => {
    const user = await homed(['ADMIN']);
    const theirs = await aCredential(organization, user);
    expect((await read(owner, theirs)).status).toBe(200);
    expect((await update(user, { is_locked: true })).body.data.is_locked).toBe(true);
    expect((await read(owner, theirs)).status).toBe(401);
    expect((await storedOrganization()).counters).toMatchObject({ members: 2, activeMembers: 1, lockedMembers: 1 });
    expect((await update(user, { is_locked: false })).body.data.is_locked).toBe(false);
    expect((await read(owner, theirs)).status).toBe(200);
  });

  test('the last active owner is neither locked nor deleted, also when two requests race', async () => {
    const [one, other] = [await homed(['OWNER']), await homed(['OWNER'])];
    await call({ method: 'DELETE', path: `${root}/members/${hex(owner)}/remove`, headers });
    const asOne = await aCredential(organization, one);
    const asOther = await aCredential(organization, other);
    const answers = await Promise.all([
      update(other, { is_locked: true }, asOne),
      update(one, { is_deleted: true }, asOther),
    ]);
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    expect((await storedOrganization()).counters.activeOwners).toBe(1);
  });

  test('a deleted person shows nowhere, keeps the address, and comes back with memberships and roles', async () => {
    const user = await homed(['ADMIN', 'ACCOUNTING']);
    const other = await anOrganization(await somebody());
    await aMember(other, user, ['CONTRIBUTOR']);
    const before = [(await storedOrganization()).counters, (await storedOrganization(other)).counters];
    const shown = (await read(user)).body.data;

    expect((await update(user, { is_deleted: true })).body.data).toMatchObject({ id: hex(user), is_deleted: true });
    expect((await read(user)).status).toBe(404);
    const found = await call({ method: 'GET', path: `${root}/members/search?email=${user.email}`, headers });
    expect(found.body.data.members).toEqual([]);
    const list = await call({ method: 'GET', path: `${root}/members/list`, headers });
    expect(list.body.data.members).toHaveLength(1);
    expect(list.body.data.meta.total).toBe(1);
    expect((await call({ method: 'DELETE', path: `${root}/members/${hex(user)}/remove`, headers })).status).toBe(404);
    const limit = {
      method: 'PUT',
      path: `${root}/users/${hex(user)}/limits/update`,
      headers,
      body: { bytes_limit: 1 },
    };
    expect((await call(limit)).status).toBe(404);
    for (const body of [{ first_name: 'Unseen' }, { is_deleted: true }, { is_locked: true }]) {
      expect(await update(user, body)).toMatchObject({ status: 404, body: { code: 'member_not_found' } });
    }
    expect((await storedOrganization(other)).counters.members).toBe(1);
    const again = await call({
      method: 'POST',
      path: `${root}/members/create`,
      headers,
      body: {
        first_name: 'A',
        last_name: 'B',
        email: user.email,
        password: 'StrongPass123!',
        confirm_password: 'StrongPass123!',
        role: 'organization_user',
      },
    });
    expect(again).toMatchObject({ status: 409, body: { code: 'email_taken' } });

    const restored = await update(user, { is_deleted: false });
    expect(restored.status).toBe(200);
    expect(restored.body.data).toEqual({ ...shown, updated_at: restored.body.data.updated_at });
    expect((await services().stores.members.get(tenantWithoutCaller(other.id), user.id))?.roles).toEqual([
      'CONTRIBUTOR',
    ]);
    expect([(await storedOrganization()).counters, (await storedOrganization(other)).counters]).toEqual(before);
  });

  test('nobody else finds a deleted person, and nobody after thirty days', async () => {
    const user = await homed();
    const other = await anOrganization(owner);
    await aMember(other, user, ['VIEWER']);
    await update(user, { is_deleted: true });
    expect((await update(user, { is_deleted: false }, await aCredential(other, owner))).status).toBe(404);

    const late = await homed(['VIEWER'], { deletedAt: Date.now() - 30 * dayMilliseconds });
    expect((await update(late, { is_deleted: false })).status).toBe(404);
  });

  test('when the owner who is shown is deleted, the longest-standing of the others is shown', async () => {
    const [first, second, third] = [await homed(['OWNER']), await homed(['OWNER']), await homed(['OWNER'])];
    await call({
      method: 'DELETE',
      path: `${root}/members/${hex(owner)}/remove`,
      headers: await aCredential(organization, third),
    });
    expect((await storedOrganization()).ownerId).toBe(first.id);
    const asThird = await aCredential(organization, third);
    expect((await update(first, { is_deleted: true }, asThird)).status).toBe(200);
    expect((await storedOrganization()).ownerId).toBe(second.id);
    expect((await update(first, { is_deleted: false }, asThird)).status).toBe(200);
    expect((await storedOrganization()).ownerId).toBe(second.id);
  });

  test('owners who are deleted at the same moment leave one who is there as the owner who is shown', async () => {
    const owners = await Promise.all([1, 2, 3, 4].map(() => homed(['OWNER'])));
    const keeper = await aCredential(organization, owners[3] ?? owner);
    const [one, two, three] = owners;
    await Promise.all([one, two, three].map((user) => update(user ?? owner, { is_deleted: true }, keeper)));
    await call({ method: 'DELETE', path: `${root}/members/${hex(owner)}/remove`, headers: keeper });
    expect((await storedOrganization()).ownerId).toBe(owners[3]?.id);
  });

  test('who is removed at the same moment is not changed without an entry that tells of it', async () => {
    for (let round = 0; round < 8; round += 1) {
      const user = await homed();
      const remove = { method: 'DELETE', path: `${root}/members/${hex(user)}/remove`, headers };
      const [locked, removed] = await Promise.all([update(user, { is_locked: true }), call(remove)]);
      expect(removed.status).toBe(200);
      const entries = (await auditTrailOf(organization)).filter(({ entityId }) => entityId === String(user.id));
      const told = entries.filter(({ newData }) => newData?.is_locked === true);
      expect([locked.status, (await stored(user))?.isLocked, told.length]).toEqual(
        locked.status === 200 ? [200, true, 1] : [404, false, 0],
      );
    }
  });

  test('honours If-Match', async () => {
    const user = await homed();
    const etag = (await read(user)).headers.etag ?? '';
    const changed = await update(user, { first_name: 'One' }, { ...headers, 'if-match': etag });
    expect(changed.status).toBe(200);
    expect((await update(user, { first_name: 'Two' }, { ...headers, 'if-match': etag })).status).toBe(412);
    expect(
      (await update(user, { first_name: 'Two' }, { ...headers, 'if-match': changed.headers.etag ?? '' })).status,
    ).toBe(200);
  });

  test('is 404 for a stranger and 403 without members:write', async () => {
    const stranger = await somebody({ homeOrganizationId: organization.id });
    expect((await update(stranger, { first_name: 'X' })).status).toBe(404);
    const user = await homed();
    expect((await update(user, { first_name: 'X' }, await aCredential(organization, user))).status).toBe(403);
  });

  test('an empty body is refused', async () => {
    expectRefusedFor(await update(owner, {}), 'body');
  });

  const flags = [null, 'true', 1, [], {}];
  const bad = badValues({
    first_name: [...noText, '', 'x'.repeat(101)],
    middle_name: [7, true, [], {}, 'x'.repeat(101), 'a\nb'],
    last_name: [...noText, '  ', 'x'.repeat(101)],
    suffix: [7, true, [], {}, 'x'.repeat(21)],
    email: [...noText, '', 'nobody', 'a@b', `${'x'.repeat(250)}@example.com`, toHex24('user', 5)],
    password: [...noText, '', 'short', 'alllowercase1!', `Aa1!${'x'.repeat(125)}`],
    is_verified: flags,
    is_locked: flags,
    is_deleted: flags,
    role: ['organization_owner'],
    bytes_limit: [5],
    id: [5],
  });
  test.each(bad.map((value) => [titleOf(value), value] as const))(
    'refuses and names %s',
    async (_, { field, value }) => {
      expectRefusedFor(await update(owner, { [field]: value }), field);
    },
  );
});
