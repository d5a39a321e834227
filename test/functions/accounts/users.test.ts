import { beforeEach, describe, expect, test } from 'vitest';
import { toHex24, toUuid } from '../../../shared/domain/identifiers.ts';
import type { Membership } from '../../../shared/domain/member/membership.ts';
import type { Organization } from '../../../shared/domain/organization/organization.ts';
import type { User } from '../../../shared/domain/user/user.ts';
import { services } from '../../support/all-services.ts';
import { apiUnderTest } from '../../support/api-under-test.ts';
import { badValues, expectRefusedFor, fieldsOf, titleOf } from '../../support/bad-values.ts';
import { aCredential, aMember, anOrganization, signedIn, somebody } from '../../support/people-and-organizations.ts';

type Headers = Record<string, string>;

const { call } = await apiUnderTest();
let owner: User;
let organization: Organization;
let headers: Headers;

const path = (of = organization) => `/organizations/${of.id}/users`;
const add = (body: unknown, as: Headers = headers, of = organization) =>
  call({ method: 'POST', path: path(of), headers: as, body });
const update = (body: unknown, as: Headers = headers) => call({ method: 'PUT', path: path(), headers: as, body });
const remove = (ids: string, as: Headers = headers) =>
  call({ method: 'DELETE', path: `${path()}/${encodeURIComponent(ids)}`, headers: as });
const list = (query = '', as: Headers = headers) => call({ method: 'GET', path: `${path()}${query}`, headers: as });
const counters = async () => (await services().stores.organizations.get(organization.id))?.counters;
const wish = (users: readonly { id: number }[], of: Record<string, unknown> = {}) => ({
  is_active: true,
  role: 'CONTRIBUTOR',
  user_ids: users.map(({ id }) => id),
  ...of,
});
const people = (count: number, of: Partial<User> = { homeOrganizationId: organization.id }) =>
  Promise.all(Array.from({ length: count }, () => somebody(of)));

beforeEach(async () => {
  owner = await somebody();
  organization = await anOrganization(owner);
  headers = await signedIn(owner);
});

describe('POST /organizations/{organization_id}/users', () => {
  test('adds 25 at once, each with its audit entry, and answers the account with those added', async () => {
    const users = await people(25);
    const { status, body, text } = await add(wish(users, { role: 'VIEWER' }));
    expect(status, text).toBe(200);
    expect(body).toMatchObject({ id: organization.id, role: 'OWNER', is_active: true });
    expect(body.users.map(({ id }: { id: number }) => id)).toEqual(users.map(({ id }) => id));
    expect(body.users[0]).toEqual({
      id: users[0]?.id,
      name: `${users[0]?.firstName} ${users[0]?.lastName}`,
      first_name: users[0]?.firstName,
      last_name: users[0]?.lastName,
      email: users[0]?.email,
      role: 'VIEWER',
      is_active: true,
      created_on: expect.stringMatching(/Z$/),
      bytes_limit: null,
      bytes_used: 0,
    });
    expect(await counters()).toMatchObject({ members: 26, activeMembers: 26 });
    const audit = await call({ method: 'GET', path: `/orgs/${organization.id}/children_audit`, headers });
    const inserts = audit.body.filter(({ entity }: { entity: string }) => entity === 'member');
    expect(inserts).toHaveLength(25);
    expect(new Set(inserts.map(({ request_id: id }: { request_id: string }) => id)).size).toBe(1);
  });

  test('a deactivated member counts, but acts not', async () => {
    const [user] = await people(1);
    expect((await add(wish([user ?? owner], { is_active: false }))).body.users[0].is_active).toBe(false);
    expect(await counters()).toMatchObject({ members: 2, activeMembers: 1 });
    expect((await list('', await signedIn(user ?? owner))).body.code).toBe('membership_inactive');
  });

  test('who adds themselves is answered the place that they have then', async () => {
    const administrator = await somebody({ isPlatformAdministrator: true });
    const answer = await add(wish([administrator], { role: 'ADMIN' }), await signedIn(administrator));
    expect(answer).toMatchObject({ status: 200, body: { role: 'ADMIN', is_active: true } });
  });

  test('takes every spelling of an id', async () => {
    const [one, two, three] = await people(3);
    const spelled = [String(one?.id), toHex24('user', two?.id ?? 0), toUuid('user', three?.id ?? 0)];
    expect((await add(wish([], { user_ids: spelled }))).status).toBe(200);
  });

  test('all or nothing: one who is unknown, or a member already, and nobody is added', async () => {
    const users = await people(3);
    const unknown = await add(wish([...users, { id: 4_000_000_007 }, { id: 4_000_000_008 }]));
    expect(unknown).toMatchObject({ status: 404, body: { code: 'user_not_found' } });
    expect(unknown.body.message).toMatch(/4000000007, 4000000008/);
    const present = await add(wish([...users, owner]));
    expect(present).toMatchObject({ status: 409, body: { code: 'already_member' } });
    expect(present.body.message).toContain(String(owner.id));
    expect(await counters()).toMatchObject({ members: 1 });
  });

  test('an id that cannot be anybody is answered like that of nobody', async () => {
    const [user] = await people(1);
    for (const id of [
      toHex24('organization', user?.id ?? 0),
      toHex24('user', 5).replace(/.$/, (digit) => (digit === '0' ? '1' : '0')),
    ]) {
      const answer = await add(wish([], { user_ids: [user?.id, id] }));
      expect([answer.status, answer.body.code]).toEqual([404, 'user_not_found']);
      expect(answer.body.message).toContain(id);
    }
  });

  test('of the same people added by many at once each is added once', async () => {
    const users = await people(5);
    const answers = await Promise.all(Array.from({ length: 8 }, () => add(wish(users))));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, ...Array(7).fill(409)]);
    expect(await counters()).toMatchObject({ members: 6 });
  });

  test('an Idempotency-Key adds once and answers the same', async () => {
    const body = wish(await people(2));
    const first = await add(body, { ...headers, 'idempotency-key': 'k' });
    const second = await add(body, { ...headers, 'idempotency-key': 'k' });
    expect(second.text).toBe(first.text);
    expect(second.headers['idempotent-replayed']).toBe('true');
  });

  test('nobody grants a role that holds what they lack', async () => {
    const admin = await somebody();
    await aMember(organization, admin, ['ADMIN']);
    const as = await signedIn(admin);
    const users = await people(1);
    expect((await add(wish(users, { role: 'OWNER' }), as)).status).toBe(403);
    expect((await add(wish(users, { role: 'ADMIN' }), as)).status).toBe(200);
  });

  describe('sees', () => {
    const isVisible = async (user: User, as: Headers = headers) => {
      const { status } = await add(wish([user]), as);
      expect([200, 404]).toContain(status);
      return status === 200;
    };

    test('people homed anywhere in the tree, but not those homed in another', async () => {
      const child = await anOrganization(owner, { parent: organization });
      const grandchild = await anOrganization(owner, { parent: child });
      expect(await isVisible(await somebody({ homeOrganizationId: grandchild.id }))).toBe(true);
      const asChild = await add(wish([await somebody({ homeOrganizationId: organization.id })]), headers, grandchild);
      expect(asChild.status).toBe(200);
      const other = await anOrganization(await somebody());
      expect(await isVisible(await somebody({ homeOrganizationId: other.id }))).toBe(false);
      expect(await isVisible(await somebody())).toBe(false);
    });

    test('members of organizations where the caller has members:write, also by inheritance', async () => {
      const mine = await anOrganization(await somebody());
      await aMember(mine, owner, ['ADMIN']);
      const below = await anOrganization(await somebody(), { parent: mine });
      for (const place of [mine, below]) {
        const member = await somebody();
        await aMember(place, member, ['VIEWER'], { isActive: false });
        expect(await isVisible(member)).toBe(true);
      }
    });

    test('nobody by an organization where the caller may not write members', async () => {
      const [visited, left] = [await anOrganization(await somebody()), await anOrganization(await somebody())];
      await aMember(visited, owner, ['CONTRIBUTOR']);
      await aMember(left, owner, ['OWNER'], { isActive: false });
      for (const place of [visited, left]) {
        const member = await somebody();
        await aMember(place, member, ['VIEWER']);
        expect(await isVisible(member)).toBe(false);
      }
    });

    test('through an API key, no further than the key reaches', async () => {
      const mine = await anOrganization(owner);
      const member = await somebody();
      await aMember(mine, member, ['VIEWER']);
      expect(await isVisible(member, await aCredential(organization, owner))).toBe(false);
      expect(await isVisible(member)).toBe(true);
    });

    test('nobody who was deleted', async () => {
      expect(await isVisible(await somebody({ homeOrganizationId: organization.id, deletedAt: Date.now() }))).toBe(
        false,
      );
    });

    test('the unknown and the invisible are answered in the same words', async () => {
      const invisible = await somebody();
      const [one, other] = [await add(wish([invisible])), await add(wish([{ id: invisible.id + 1 }]))];
      expect(one.body.message.replace(String(invisible.id), '')).toBe(
        other.body.message.replace(String(invisible.id + 1), ''),
      );
    });
  });

  const bad = badValues({
    is_active: [undefined, null, 'true', 1, [], {}],
    role: [undefined, null, 'owner', 'KING', 3, ['VIEWER']],
    user_ids: [undefined, null, '14,31', 14, {}, [], Array.from({ length: 26 }, (_, at) => at + 1), [5, 5], [5, '5']],
    organization_id: [5],
  });
  test.each(bad.map((value) => [titleOf(value), value] as const))(
    'refuses and names %s',
    async (_, { field, value }) => {
      for (const call of [add, update]) expectRefusedFor(await call(wish([owner], { [field]: value })), field);
    },
  );

  test.each([[['x']], [[-1]], [[0]], [[1.5]], [['']], [[null]], [[[5]]], [[true]]])(
    'names the place of %j',
    async (userIds) => {
      const answer = await add(wish([], { user_ids: [owner.id, ...userIds] }));
      expect(answer.status).toBe(400);
      expect(fieldsOf(answer)).toEqual(['user_ids.1']);
    },
  );
});

describe('PUT /organizations/{organization_id}/users', () => {
  test('sets role and activity of all of them', async () => {
    const users = await people(4);
    await add(wish(users));
    const { status, body } = await update(wish(users, { role: 'ACCOUNTING', is_active: false }));
    expect(status).toBe(200);
    expect(body.users).toMatchObject(users.map(({ id }) => ({ id, role: 'ACCOUNTING', is_active: false })));
    expect(await counters()).toMatchObject({ members: 5, activeMembers: 1 });
    await update(wish(users, { role: 'ACCOUNTING' }));
    expect(await counters()).toMatchObject({ members: 5, activeMembers: 5 });
  });

  test('deactivation holds at once', async () => {
    const [user] = await people(1);
    await add(wish([user ?? owner], { role: 'ADMIN' }));
    const as = await signedIn(user ?? owner);
    expect((await list('', as)).status).toBe(200);
    await update(wish([user ?? owner], { role: 'ADMIN', is_active: false }));
    expect((await list('', as)).status).toBe(403);
  });

  test('all or nothing: with one who is no member nobody is changed', async () => {
    const users = await people(2);
    await add(wish(users));
    const stranger = await somebody({ homeOrganizationId: organization.id });
    const answer = await update(wish([...users, stranger], { role: 'ADMIN' }));
    expect(answer).toMatchObject({ status: 404, body: { code: 'member_not_found' } });
    expect(answer.body.message).toContain(String(stranger.id));
    expect((await list('?sort_by=role')).body.content.map(({ role }: { role: string }) => role)).toEqual([
      'OWNER',
      'CONTRIBUTOR',
      'CONTRIBUTOR',
    ]);
  });

  test('leaves an active OWNER, whatever is asked for at once', async () => {
    expect(await update(wish([owner], { role: 'ADMIN' }))).toMatchObject({ status: 409, body: { code: 'last_owner' } });
    expect((await update(wish([owner], { role: 'OWNER', is_active: false }))).status).toBe(409);
    const [second] = await people(1);
    await add(wish([second ?? owner], { role: 'OWNER' }));
    expect((await update(wish([owner, second ?? owner], { role: 'ADMIN' }))).status).toBe(409);
    const answers = await Promise.all([
      update(wish([owner], { role: 'ADMIN' })),
      update(wish([second ?? owner], { role: 'ADMIN' }), await signedIn(second ?? owner)),
    ]);
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    expect(await counters()).toMatchObject({ activeOwners: 1 });
  });

  test('an OWNER is changed by whoever holds owners:write alone', async () => {
    const [admin, second] = await people(2);
    await add(wish([admin ?? owner], { role: 'ADMIN' }));
    await add(wish([second ?? owner], { role: 'OWNER' }));
    const as = await signedIn(admin ?? owner);
    expect((await update(wish([second ?? owner], { role: 'VIEWER' }), as)).status).toBe(403);
    expect((await update(wish([admin ?? owner], { role: 'OWNER' }), as)).status).toBe(403);
    expect((await remove(String(second?.id), as)).status).toBe(403);
  });
});

describe('DELETE /organizations/{organization_id}/users/{user_ids}', () => {
  test('removes all of them, spaces tolerated', async () => {
    const users = await people(25);
    await add(wish(users));
    const answer = await remove(users.map(({ id }, at) => (at % 2 ? ` ${id}` : toHex24('user', id))).join(','));
    expect([answer.status, answer.text]).toEqual([204, '']);
    expect(await counters()).toMatchObject({ members: 1, activeMembers: 1, unlimitedMembers: 1 });
    expect((await list()).body.total_elements).toBe(1);
  });

  test('all or nothing: a non-member is named, the last OWNER stays', async () => {
    const users = await people(2);
    await add(wish(users));
    const ids = users.map(({ id }) => id);
    const stranger = await remove([...ids, 4_000_000_007].join());
    expect(stranger).toMatchObject({ status: 404, body: { code: 'member_not_found' } });
    expect(stranger.body.message).toContain('4000000007');
    expect(await remove([...ids, owner.id].join())).toMatchObject({ status: 409, body: { code: 'last_owner' } });
    expect(await counters()).toMatchObject({ members: 3 });
  });

  test('what is no id is 404; more than 25 are 400', async () => {
    for (const ids of ['x', ',', '5,', '-1', '5;6']) {
      expect([ids, (await remove(ids)).status]).toEqual([ids, 404]);
    }
    expectRefusedFor(await remove(Array.from({ length: 26 }, (_, at) => at + 1).join()), 'user_ids');
  });

  test.each([',', '5,', ',5', '5,,6', ' ,5'])('says of %j that an id is missing, and not which', async (ids) => {
    const { status, body } = await remove(ids);
    expect([status, body.code, body.message]).toEqual([404, 'member_not_found', 'An id is missing beside a comma.']);
  });

  test('says of whatever is missing that it is required', async () => {
    const { body } = await add({});
    const missing = 'This field is required.';
    expect(body.fields).toEqual({ is_active: missing, role: missing, user_ids: missing });
  });
});

describe('GET /organizations/{organization_id}/users', () => {
  test('finds those whose address begins so, in the order of addresses, page by page', async () => {
    for (const email of ['ada@found.example', 'adam@found.example', 'bob+7@found.example'])
      await aMember(organization, await somebody({ email }), ['VIEWER']);
    const found = async (query: string) => (await list(`?search=${query}`)).body;
    expect((await found('ADA')).content.map(({ email }: { email: string }) => email)).toEqual([
      'ada@found.example',
      'adam@found.example',
    ]);
    expect(await found('ada&page_number=1&page_size=1')).toMatchObject({
      content: [{ email: 'adam@found.example' }],
      total_elements: 2,
      total_pages: 2,
    });
    expect((await found('bob+7')).content).toMatchObject([{ email: 'bob+7@found.example' }]);
    expect(await found('nobody')).toMatchObject({ content: [], total_elements: 0 });
    expect((await list('?search=')).status).toBe(400);
  });

  const names = ['Zoe Adams', 'adam zett', 'Ádám Berg', 'Bo', 'bo', 'Ann Lee', 'Ann', 'ANN LEE', 'Émile Zola'];
  const roles = ['VIEWER', 'ADMIN', 'CONTRIBUTOR', 'ACCOUNTING', 'OWNER'] as const;

  async function fill(): Promise<Membership[]> {
    const members: Membership[] = [];
    for (const [at, name] of names.entries()) {
      const [firstName = '', lastName = ''] = name.split(' ');
      const email = `${['m', 'a', 'z', 'b'][at % 4]}${at}.${organization.id}@example.com`;
      const user = await somebody({ firstName, lastName, email });
      const joinedAt = organization.createdAt + 1 + (at % 3);
      members.push(await aMember(organization, user, [roles[at % roles.length] ?? 'VIEWER'], { joinedAt }));
    }
    return members;
  }

  test('answers 25 by default in order of joining, the id breaking ties', async () => {
    const members = await fill();
    const { status, body } = await list();
    expect(status).toBe(200);
    expect(body).toMatchObject({ page_number: 0, page_size: 25, total_elements: 10, total_pages: 1 });
    const inOrder = members.sort((one, other) => one.joinedAt - other.joinedAt || one.userId - other.userId);
    expect(body.content.map(({ id }: { id: number }) => id)).toEqual([
      owner.id,
      ...inOrder.map(({ userId }) => userId),
    ]);
  });

  test('sorts by name without regard to case, by email, and by the strength of the role', async () => {
    await fill();
    const sorted = async (by: string, field: string) =>
      (await list(`?sort_by=${by}&page_size=100`)).body.content.map((user: Record<string, string>) => user[field]);
    const byName = await sorted('name', 'name');
    const key = (name: string) => name.normalize('NFKC').toLowerCase();
    expect(byName.map(key)).toEqual(byName.map(key).sort());
    expect(byName.indexOf('Ann')).toBeLessThan(byName.indexOf('Ann Lee'));
    const byEmail = await sorted('email', 'email');
    expect(byEmail).toEqual([...byEmail].sort());
    const strength = ['OWNER', 'ADMIN', 'CONTRIBUTOR', 'ACCOUNTING', 'VIEWER'];
    const byRole = await sorted('role', 'role');
    expect(byRole).toEqual([...byRole].sort((one, other) => strength.indexOf(one) - strength.indexOf(other)));
  });

  test.each(['created_on', 'name', 'email', 'role'])(
    'by %s, descending is ascending backwards, page by page',
    async (by) => {
      await fill();
      const pages = async (ascending: boolean, size: number) => {
        const found: number[] = [];
        for (let page = 0; page * size < names.length + 1; page += 1) {
          const { body } = await list(
            `?sort_by=${by}&sort_ascending=${ascending}&page_number=${page}&page_size=${size}`,
          );
          expect(body.total_pages).toBe(Math.ceil((names.length + 1) / size));
          found.push(...body.content.map(({ id }: { id: number }) => id));
        }
        return found;
      };
      const all = await pages(true, 100);
      expect(new Set(all).size).toBe(names.length + 1);
      for (const size of [1, 3, 4]) {
        expect(await pages(true, size)).toEqual(all);
        expect(await pages(false, size)).toEqual([...all].reverse());
      }
    },
  );

  test('page_size=0 means the default, and a page past the end is empty', async () => {
    expect((await list('?page_size=0')).body).toMatchObject({ page_size: 25, total_pages: 1 });
    expect((await list('?page_number=9&page_size=0')).body).toEqual({
      content: [],
      page_number: 9,
      page_size: 25,
      total_elements: 1,
      total_pages: 1,
    });
    expect((await list(`?page_number=${Number.MAX_SAFE_INTEGER}`)).body.content).toEqual([]);
  });

  test('an unknown order is refused, naming the choices', async () => {
    const answer = await list('?sort_by=Jozhan');
    expectRefusedFor(answer, 'sort_by');
    for (const choice of ['created_on', 'name', 'email', 'role']) expect(answer.body.fields.sort_by).toContain(choice);
  });

  test.each([
    'page_number=-1',
    'page_number=x',
    'page_number=0.5',
    'page_size=101',
    'page_size=-1',
    'sort_ascending=yes',
    'sort_ascending=',
  ])('refuses %s by name', async (query) => expectRefusedFor(await list(`?${query}`), query.split('=')[0] ?? ''));
});
