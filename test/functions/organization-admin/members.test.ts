import { beforeEach, describe, expect, test } from 'vitest';
import type { Role } from '../../../shared/domain/access/roles.ts';
import { toHex24, toUuid } from '../../../shared/domain/identifiers.ts';
import { inParallel } from '../../../shared/domain/in-parallel.ts';
import type { Organization } from '../../../shared/domain/organization/organization.ts';
import type { User } from '../../../shared/domain/user/user.ts';
import { services } from '../../support/all-services.ts';
import { apiUnderTest } from '../../support/api-under-test.ts';
import { badValues, expectRefusedFor, titleOf } from '../../support/bad-values.ts';
import { aCredential, aMember, anOrganization, signedIn, somebody } from '../../support/people-and-organizations.ts';

const root = '/clients/v1/organization-admin';
const { call } = await apiUnderTest();
let owner: User;
let organization: Organization;
let headers: Record<string, string>;

const hex = ({ id }: { id: number }) => toHex24('user', id);
const read = (user: string, as = headers) => call({ method: 'GET', path: `${root}/members/${user}/read`, headers: as });
const remove = (user: string, as = headers) =>
  call({ method: 'DELETE', path: `${root}/members/${user}/remove`, headers: as });
const limit = (user: string, body: unknown, as = headers, place = 'users') =>
  call({ method: 'PUT', path: `${root}/${place}/${user}/limits/update`, headers: as, body });
const counters = async () => (await services().stores.organizations.get(organization.id))?.counters;

async function aNewMember(roles: readonly Role[] = ['CONTRIBUTOR'], of: Partial<User> = {}): Promise<User> {
  const user = await somebody(of);
  await aMember(organization, user, roles);
  return user;
}

beforeEach(async () => {
  owner = await somebody();
  organization = await anOrganization(owner);
  headers = await aCredential(organization, owner);
});

describe('GET /members/{user}/read', () => {
  test('answers the member, named by any spelling of the id, with a strong ETag', async () => {
    const user = await aNewMember(['ACCOUNTING', 'VIEWER'], { middleName: 'B', suffix: 'Jr.', isVerified: false });
    for (const spelled of [hex(user), String(user.id), toUuid('user', user.id)]) {
      const answer = await read(spelled);
      expect(answer).toMatchObject({
        status: 200,
        body: {
          status: 'success',
          message: 'Member details retrieved successfully.',
          data: { id: hex(user), middle_name: 'B', suffix: 'Jr.', role: 'organization_accounting', is_verified: false },
        },
      });
      expect(answer.headers.etag).toMatch(/^"1-[0-9a-f]{16}"$/);
    }
  });

  test('is 404 for a stranger, for an id of another kind, for wrong check bits and for no id at all', async () => {
    const stranger = await somebody();
    const wrongBits = hex(stranger).replace(/.$/, (digit) => (digit === '0' ? '1' : '0'));
    for (const spelled of [
      hex(stranger),
      toHex24('organization', organization.id),
      wrongBits,
      'x',
      '-1',
      '0',
      'org-5',
    ]) {
      const answer = await read(spelled);
      expect(answer.status, spelled).toBe(404);
      expect(answer.body).toMatchObject({ status: 'error', code: 'member_not_found', data: null });
    }
  });
});

describe('GET /members/search', () => {
  const search = (query: string) => call({ method: 'GET', path: `${root}/members/search?${query}`, headers });
  const emails = async (query: string) =>
    (await search(query)).body.data.members.map(({ email }: { email: string }) => email);

  test('finds members by the beginning of their address, whatever the case, in the order of addresses', async () => {
    const own = `${organization.id}@ardata.tech`;
    for (const name of ['jb+7', 'JB+1', 'jb', 'ann', 'jbc']) {
      await aNewMember(['VIEWER'], { email: `${name}.${own}`.toLowerCase() });
    }
    await somebody({ email: `jb+stranger.${own}` });
    expect(await emails('email=jb')).toEqual([`jb+1.${own}`, `jb+7.${own}`, `jb.${own}`, `jbc.${own}`]);
    expect(await emails('email=JB%2B')).toEqual([`jb+1.${own}`, `jb+7.${own}`]);
    expect(await emails(`email=jb%2B7.${own}`)).toEqual([`jb+7.${own}`]);
    expect(await emails('email=b')).toEqual([]);
    expect(await emails('email=%25')).toEqual([]);
  });

  test("takes a raw `+`, as in the published page's example, for a plus", async () => {
    const user = await aNewMember(['VIEWER'], { email: `jb+7@${organization.id}.ardata.tech` });
    const answer = await search(`email=jb+7@${organization.id}.ardata.tech`);
    expect(answer.body).toMatchObject({
      status: 'success',
      message: 'Members found successfully.',
      data: { members: [{ id: hex(user) }] },
    });
  });

  test('answers at most 100 members', async () => {
    await inParallel(Array(103).keys(), 8, async (at) => {
      await aNewMember(['VIEWER'], { email: `many${at}.${organization.id}@example.com` });
    });
    const found = await emails('email=many');
    expect(found).toHaveLength(100);
    expect(found).toEqual([...found].sort());
  });

  test.each(['', 'email=', `email=${'x'.repeat(255)}`])('refuses the query "%s" and names email', async (query) => {
    expectRefusedFor(await search(query), 'email');
  });
});

describe('PUT /users/{user}/limits/update', () => {
  test("sets the limit, an OWNER's too, in the membership and in what the organization counts", async () => {
    const user = await aNewMember();
    const answer = await limit(hex(user), { bytes_limit: 5_368_709_120 });
    expect(answer).toMatchObject({
      status: 200,
      body: {
        status: 'success',
        message: 'Limit updated successfully.',
        data: { user_id: hex(user), bytes_limit: 5_368_709_120, bytes_used: 0 },
      },
    });
    expect((await read(hex(user))).body.data.bytes_limit).toBe(5_368_709_120);
    const admin = await aNewMember(['ADMIN']);
    const asAdmin = await aCredential(organization, admin);
    expect((await limit(hex(owner), { bytes_limit: 0 }, asAdmin, 'members')).body.data.bytes_limit).toBe(0);
    expect(await counters()).toMatchObject({ bytesLimit: 5_368_709_120, unlimitedMembers: 1 });
  });

  test('takes every limit up to 2^53-1', async () => {
    for (const bytes of [0, 1, Number.MAX_SAFE_INTEGER]) {
      expect((await limit(hex(owner), { bytes_limit: bytes })).body.data.bytes_limit).toBe(bytes);
    }
  });

  test('honours If-Match, and a change made meanwhile is 412', async () => {
    const etag = (await read(hex(owner))).headers.etag ?? '';
    expect((await limit(hex(owner), { bytes_limit: 1 }, { ...headers, 'if-match': etag })).status).toBe(200);
    expect(await limit(hex(owner), { bytes_limit: 2 }, { ...headers, 'if-match': etag })).toMatchObject({
      status: 412,
      body: { code: 'precondition_failed' },
    });
    expect((await read(hex(owner))).body.data.bytes_limit).toBe(1);
  });

  test('of many limits set at once the last one counts, and the sum is right', async () => {
    const answers = await Promise.all([10, 20, 30, 40].map((bytes) => limit(hex(owner), { bytes_limit: bytes })));
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200]);
    const { bytes_limit: last } = (await read(hex(owner))).body.data;
    expect(await counters()).toMatchObject({ bytesLimit: last, unlimitedMembers: 0 });
  });

  test('is 404 for a stranger, and 403 without members:write', async () => {
    const user = await aNewMember();
    expect((await limit(hex(await somebody()), { bytes_limit: 1 })).status).toBe(404);
    expect((await limit(hex(user), { bytes_limit: 1 }, await aCredential(organization, user))).status).toBe(403);
  });

  const bad = badValues({
    bytes_limit: [undefined, null, '5', 1.5, -1, 2 ** 53, true, [], {}],
    unknown: ['neighbour'],
  });
  test.each(bad.map((value) => [titleOf(value), value] as const))(
    'refuses and names %s',
    async (_, { field, value }) => {
      expectRefusedFor(await limit(hex(owner), { bytes_limit: 5, [field]: value }), field);
    },
  );
});

describe('DELETE /members/{userID}/remove', () => {
  test('ends the membership and nothing else of the person', async () => {
    const user = await aNewMember(['CONTRIBUTOR']);
    const other = await anOrganization(user);
    const session = await signedIn(user);
    expect((await remove(hex(user), { ...headers, 'if-match': '"99-0000000000000000"' })).status).toBe(412);
    expect(await remove(hex(user))).toMatchObject({
      status: 200,
      body: { status: 'success', message: 'Member removed successfully.', data: null },
    });
    expect((await read(hex(user))).status).toBe(404);
    expect(await counters()).toMatchObject({ members: 1, activeMembers: 1, verifiedMembers: 1, unlimitedMembers: 1 });
    const own = await call({ method: 'GET', path: '/organizations', headers: session });
    expect(own.body.map(({ id }: { id: number }) => id)).toEqual([other.id]);
    expect((await remove(hex(user))).status).toBe(404);
  });

  test('a credential of theirs stops working', async () => {
    const user = await aNewMember(['ADMIN']);
    const theirs = await aCredential(organization, user);
    expect((await read(hex(owner), theirs)).status).toBe(200);
    await remove(hex(user));
    expect((await read(hex(owner), theirs)).status).toBe(401);
  });

  test('never takes the last active owner', async () => {
    expect(await remove(hex(owner))).toMatchObject({ status: 409, body: { code: 'last_owner' } });
    const locked = await aNewMember(['OWNER'], { isLocked: true });
    expect((await remove(hex(owner))).status).toBe(409);
    expect((await remove(hex(locked))).status).toBe(200);
  });

  test('leaves one owner when all of them are removed at once', async () => {
    const owners = [owner, await aNewMember(['OWNER']), await aNewMember(['OWNER']), await aNewMember(['OWNER'])];
    const keys = await Promise.all(owners.map((user) => aCredential(organization, user)));
    const answers = await Promise.all(owners.map((user, at) => remove(hex(user), keys[(at + 1) % keys.length])));
    const removed = answers.filter(({ status }) => status === 200).length;
    expect(removed).toBeLessThan(owners.length);
    expect(removed).toBeGreaterThan(0);
    expect((await counters())?.activeOwners).toBe(owners.length - removed);
    const shown = await services().stores.organizations.get(organization.id);
    const left = owners.filter((_, at) => answers[at]?.status !== 200).map(({ id }) => id);
    expect(left).toContain(shown?.ownerId);
  });

  test('the owner who is shown becomes the one who has been there longest', async () => {
    const second = await aNewMember(['OWNER']);
    await aNewMember(['OWNER']);
    await aNewMember(['ADMIN']);
    const asSecond = await aCredential(organization, second);
    expect((await remove(hex(owner), asSecond)).status).toBe(200);
    expect((await services().stores.organizations.get(organization.id))?.ownerId).toBe(second.id);
  });

  test('removing an OWNER takes owners:write', async () => {
    const second = await aNewMember(['OWNER', 'VIEWER']);
    const asAdmin = await aCredential(organization, await aNewMember(['ADMIN']));
    expect(await remove(hex(second), asAdmin)).toMatchObject({ status: 403, body: { code: 'forbidden' } });
    const limited = await aCredential(organization, owner, ['members:read', 'members:write']);
    expect((await remove(hex(second), limited)).status).toBe(403);
    expect((await remove(hex(second))).status).toBe(200);
  });
});

test('an id of another kind, with wrong check bits, or none at all is 404 wherever a path names a person', async () => {
  const wrongBits = hex(owner).replace(/.$/, (digit) => (digit === '0' ? '1' : '0'));
  for (const spelled of [toHex24('organization', organization.id), toUuid('workspace', 5), wrongBits, 'x', '-1', '0']) {
    for (const answer of [
      await read(spelled),
      await remove(spelled),
      await limit(spelled, { bytes_limit: 1 }),
      await limit(spelled, { bytes_limit: 1 }, headers, 'members'),
      await call({ method: 'PUT', path: `${root}/members/${spelled}/update`, headers, body: { first_name: 'A' } }),
    ]) {
      expect(answer, spelled).toMatchObject({
        status: 404,
        body: { status: 'error', code: 'member_not_found', data: null },
      });
      expect(Object.keys(answer.body).sort()).toEqual(['code', 'data', 'message', 'request_id', 'status']);
    }
  }
});
