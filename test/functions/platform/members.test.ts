import { beforeAll, describe, expect, test } from 'vitest';
import { tenantWithoutCaller } from '../../../shared/domain/access/tenant.ts';
import { toUuid } from '../../../shared/domain/identifiers.ts';
import { countersOfNewOrganization, type Organization } from '../../../shared/domain/organization/organization.ts';
import type { User } from '../../../shared/domain/user/user.ts';
import { services } from '../../support/all-services.ts';
import { apiUnderTest } from '../../support/api-under-test.ts';
import { badValues, expectRefusedFor } from '../../support/bad-values.ts';
import { aCredential, aMember, anOrganization, signedIn, somebody } from '../../support/people-and-organizations.ts';

type Headers = Record<string, string>;

const { call } = await apiUnderTest();
let owner: User;
let organization: Organization;
let headers: Headers;

beforeAll(async () => {
  owner = await somebody();
  organization = await anOrganization(owner);
  headers = { ...(await signedIn(owner)) };
});

const path = (of: Organization = organization) => `/api/organizations/${toUuid('organization', of.id)}/members`;
const list = (query = '', of = organization, as: Headers = headers) =>
  call({ method: 'GET', path: `${path(of)}${query}`, headers: as });
const put = (member: User | string, body: unknown, of = organization, as: Headers = headers) =>
  call({ method: 'PUT', path: `${path(of)}/${typeof member === 'string' ? member : member.id}`, headers: as, body });
const remove = (member: User | string, of = organization, as: Headers = headers) =>
  call({ method: 'DELETE', path: `${path(of)}/${typeof member === 'string' ? member : member.id}`, headers: as });
const shownOwner = async (of: Organization) =>
  (await call({ method: 'GET', path: `/api/organizations/${of.id}`, headers })).body.owner;

async function aWorkspace(of: Organization, name: string): Promise<string> {
  const answer = await call({
    method: 'POST',
    path: `/api/organizations/${of.id}/workspaces`,
    headers,
    body: { name },
  });
  return answer.body.data.id;
}

describe('GET /api/organizations/{organizationId}/members', () => {
  test('lists members in order of joining, with the exact total', async () => {
    const of = await anOrganization(owner);
    const people: User[] = [];
    for (let at = 0; at < 20; at += 1) {
      const person = await somebody();
      people.push(person);
      await aMember(of, person, ['VIEWER'], { joinedAt: Date.now() + 1000 * (at + 1) });
    }
    const first = await list('', of);
    expect(first).toMatchObject({
      status: 200,
      body: {
        success: true,
        message: 'All Organization Members',
        pagination: { page: 1, perPage: 15, total: 21, totalPages: 2 },
      },
    });
    const second = await list('?page=2', of);
    const ids = [...first.body.data, ...second.body.data].map(({ id }: { id: number }) => id);
    expect(ids).toEqual([owner.id, ...people.map(({ id }) => id)]);
    const middle = await list('?page=3&per_page=5', of);
    expect(middle.body.data.map(({ id }: { id: number }) => id)).toEqual(ids.slice(10, 15));
    expect(middle.body.pagination).toEqual({ page: 3, perPage: 5, total: 21, totalPages: 5 });
    expect((await list('?page=9', of)).body).toMatchObject({ data: [], pagination: { page: 9, total: 21 } });
  });

  test('shows each member as the contract says', async () => {
    const of = await anOrganization(owner);
    const person = await somebody({ firstName: 'Mia', middleName: 'B.', lastName: 'Member' });
    await aMember(of, person, ['ADMIN', 'ACCOUNTING']);
    const answer = await list('', of);
    expect(answer.body.data[1]).toEqual({
      id: person.id,
      userId: toUuid('user', person.id),
      name: 'Mia B. Member',
      email: person.email,
      status: 'active',
      roles: [
        { id: 2, name: 'ADMIN' },
        { id: 4, name: 'ACCOUNTING' },
      ],
      workspaces: [],
      joinedAt: expect.stringMatching(/Z$/),
    });
  });

  test('shows no workspace that is gone, however many the organization has', async () => {
    const few = countersOfNewOrganization(owner);
    for (const counters of [few, { ...few, workspaces: 900 }]) {
      const of = await anOrganization(owner, { counters });
      const [kept, gone] = [await aWorkspace(of, 'Kept'), await aWorkspace(of, 'Gone')];
      const person = await somebody();
      await aMember(of, person, ['VIEWER']);
      await put(person, { workspaces: [kept, gone], roles: [5] }, of);
      const shown = async () => (await list('', of)).body.data[1].workspaces;
      expect(await shown()).toEqual([kept, gone]);
      const path = `/api/organizations/${of.id}/workspaces/${gone}`;
      expect((await call({ method: 'DELETE', path, headers })).status).toBe(200);
      expect(await shown()).toEqual([kept]);
    }
  });

  test('tells inactive and locked members', async () => {
    const of = await anOrganization(owner);
    await aMember(of, await somebody(), ['VIEWER'], { isActive: false });
    await aMember(of, await somebody({ isLocked: true }), ['VIEWER']);
    const answer = await list('', of);
    expect(answer.body.data.map(({ status }: { status: string }) => status).sort()).toEqual([
      'active',
      'inactive',
      'locked',
    ]);
  });

  test.each(['page=0', 'page=-1', 'page=x', 'page=1.5', 'per_page=0', 'per_page=101', 'per_page=', 'page=1&page=2'])(
    'refuses ?%s',
    async (query) => {
      expectRefusedFor(await list(`?${query}`), query.slice(0, query.indexOf('=')));
    },
  );
});

describe('PUT /api/organizations/{organizationId}/members/{memberId}', () => {
  test('replaces roles and workspaces, folds duplicates, and leaves the activity alone', async () => {
    const person = await somebody();
    await aMember(organization, person, ['VIEWER'], { isActive: false });
    const [east, west] = [await aWorkspace(organization, 'East'), await aWorkspace(organization, 'West')];
    const answer = await put(person, { workspaces: [east, west, east], roles: [4, 3, 4] });
    expect(answer).toMatchObject({
      status: 200,
      body: {
        success: true,
        message: 'Member update',
        data: { id: person.id, status: 'inactive', workspaces: [east, west], roles: [{ id: 3 }, { id: 4 }] },
      },
    });
    expect((await put(person, { workspaces: [], roles: [5] })).body.data).toMatchObject({
      workspaces: [],
      roles: [{ id: 5, name: 'VIEWER' }],
    });
    expect(await put(toUuid('user', person.id), { workspaces: [], roles: [5] })).toMatchObject({ status: 200 });
  });

  test('names the workspaces that the organization does not have', async () => {
    const person = await somebody();
    await aMember(organization, person, ['VIEWER']);
    const mine = await aWorkspace(organization, 'Mine');
    const foreign = await aWorkspace(await anOrganization(owner), 'Foreign');
    const answer = await put(person, { workspaces: [mine, foreign], roles: [5] });
    expectRefusedFor(answer, 'workspaces.1');
    expect(answer.body.errors['workspaces.1'][0]).toContain(foreign);
    const inNumbers = await put(person, { workspaces: [77, '78'], roles: [5] });
    expect(inNumbers.body.errors).toEqual({
      'workspaces.0': ['There is no workspace 77.'],
      'workspaces.1': ['There is no workspace 78.'],
    });
    const another = toUuid('organization', organization.id);
    const wrongKind = await put(person, { workspaces: [another], roles: [5] });
    expectRefusedFor(wrongKind, 'workspaces.0');
    expect(wrongKind.body.errors['workspaces.0'][0]).toContain(another);
  });

  test.each([
    ...badValues({
      workspaces: [undefined, null, 'x', {}, Array(51).fill(1)],
      roles: [undefined, null, 3, [], Array(51).fill(3)],
    }),
    { field: 'workspaces.0', value: ['no-id'] },
    { field: 'workspaces.0', value: [null] },
    { field: 'workspaces.0', value: [-1] },
    { field: 'roles.0', value: [0] },
    { field: 'roles.0', value: [6] },
    { field: 'roles.0', value: ['1'] },
    { field: 'isActive', value: true },
  ])('is refused for $field', async ({ field, value }) => {
    const person = await somebody();
    await aMember(organization, person, ['VIEWER']);
    const [name = ''] = field.split('.');
    expectRefusedFor(await put(person, { workspaces: [], roles: [5], ...{ [name]: value } }), field);
  });

  test('is 404 for somebody who is no member, and for what is no id', async () => {
    for (const who of [await somebody(), 'x', toUuid('workspace', 5), '99']) {
      expect(await put(who, { workspaces: [], roles: [5] })).toMatchObject({
        status: 404,
        body: { code: 'member_not_found' },
      });
    }
  });

  test('an ADMIN changes no OWNER and makes none', async () => {
    const of = await anOrganization(owner);
    const [admin, person] = [await somebody(), await somebody()];
    await aMember(of, admin, ['ADMIN']);
    await aMember(of, person, ['VIEWER']);
    const as = { ...(await signedIn(admin)) };
    expect(await put(owner, { workspaces: [], roles: [1] }, of, as)).toMatchObject({ status: 403 });
    expect(await put(person, { workspaces: [], roles: [1] }, of, as)).toMatchObject({ status: 403 });
    expect(await put(person, { workspaces: [], roles: [2] }, of, as)).toMatchObject({ status: 200 });
  });

  test('the last owner stays one, also when two owners demote each other at once', async () => {
    for (let round = 0; round < 5; round += 1) {
      const of = await anOrganization(owner);
      const other = await somebody();
      await aMember(of, other, ['OWNER']);
      const as = { ...(await signedIn(other)) };
      const answers = await Promise.all([
        put(other, { workspaces: [], roles: [2] }, of),
        put(owner, { workspaces: [], roles: [2] }, of, as),
      ]);
      const statuses = answers.map(({ status }) => status).sort();
      // Who loses is no owner any more, and so lacks the right, or is the last one left.
      expect(statuses[0]).toBe(200);
      expect([403, 409]).toContain(statuses[1]);
      expect((await services().stores.organizations.get(of.id))?.counters.activeOwners).toBe(1);
    }
    const alone = await anOrganization(owner);
    expect(await put(owner, { workspaces: [], roles: [2] }, alone)).toMatchObject({
      status: 409,
      body: { code: 'last_owner' },
    });
  });

  test('the owner who is shown is the longest-standing one', async () => {
    const of = await anOrganization(owner);
    const [second, third] = [await somebody(), await somebody()];
    await aMember(of, third, ['OWNER'], { joinedAt: Date.now() + 2000 });
    await aMember(of, second, ['OWNER'], { joinedAt: Date.now() + 1000 });
    const as = { ...(await signedIn(second)) };
    expect(await shownOwner(of)).toBe(toUuid('user', owner.id));
    expect(await put(owner, { workspaces: [], roles: [2] }, of, as)).toMatchObject({ status: 200 });
    expect(await shownOwner(of)).toBe(toUuid('user', second.id));
  });

  test('honours If-Match', async () => {
    const person = await somebody();
    await aMember(organization, person, ['VIEWER']);
    const { etag = '' } = (await put(person, { workspaces: [], roles: [4] })).headers;
    await put(person, { workspaces: [], roles: [3] });
    const stale = await put(person, { workspaces: [], roles: [5] }, organization, { ...headers, 'if-match': etag });
    expect(stale).toMatchObject({ status: 412, body: { code: 'precondition_failed' } });
  });

  test('a workspace deleted at the same moment is refused or leaves the list', async () => {
    for (let round = 0; round < 5; round += 1) {
      const of = await anOrganization(owner);
      const person = await somebody();
      await aMember(of, person, ['VIEWER']);
      const id = await aWorkspace(of, 'Fleeting');
      const [assigned, deleted] = await Promise.all([
        put(person, { workspaces: [id], roles: [5] }, of),
        call({ method: 'DELETE', path: `/api/organizations/${of.id}/workspaces/${id}`, headers }),
      ]);
      expect(deleted.status).toBe(200);
      expect([200, 400]).toContain(assigned.status);
      const listed = (await list('', of)).body.data;
      expect(listed.find(({ id: of }: { id: number }) => of === person.id).workspaces).toEqual([]);
    }
  });
});

describe('DELETE /api/organizations/{organizationId}/members/{memberId}', () => {
  test('ends the membership, and what the person may do here, at once', async () => {
    const of = await anOrganization(owner);
    const person = await somebody();
    await aMember(of, person, ['ADMIN']);
    const as = { ...(await signedIn(person)) };
    const key = { ...(await aCredential(of, person)) };
    expect(await list('', of, key)).toMatchObject({ status: 200 });
    expect(await remove(person, of)).toMatchObject({
      status: 200,
      body: { success: true, message: 'Member deleted successfully' },
    });
    expect(await list('', of, as)).toMatchObject({ status: 404 });
    expect(await list('', of, key)).toMatchObject({ status: 401 });
    expect(await remove(person, of)).toMatchObject({ status: 404, body: { code: 'member_not_found' } });
    expect((await list('', of)).body.pagination.total).toBe(1);
    expect(await services().stores.users.get(person.id)).toMatchObject({ id: person.id, deletedAt: null });
  });

  test('honours If-Match', async () => {
    const person = await somebody();
    await aMember(organization, person, ['VIEWER']);
    const { etag = '' } = (await put(person, { workspaces: [], roles: [4] })).headers;
    await put(person, { workspaces: [], roles: [3] });
    const stale = { ...headers, 'if-match': etag };
    expect(await remove(person, organization, stale)).toMatchObject({
      status: 412,
      body: { code: 'precondition_failed' },
    });
    const { etag: current = '' } = (await put(person, { workspaces: [], roles: [5] })).headers;
    expect(await remove(person, organization, { ...headers, 'if-match': current })).toMatchObject({ status: 200 });
  });

  test('the last owner stays, and an ADMIN removes no OWNER', async () => {
    const of = await anOrganization(owner);
    const admin = await somebody();
    await aMember(of, admin, ['ADMIN']);
    expect(await remove(owner, of)).toMatchObject({ status: 409, body: { code: 'last_owner' } });
    expect(await remove(owner, of, { ...(await signedIn(admin)) })).toMatchObject({ status: 403 });
  });

  test('of two owners who remove each other at once one stays', async () => {
    for (let round = 0; round < 5; round += 1) {
      const of = await anOrganization(owner);
      const other = await somebody();
      await aMember(of, other, ['OWNER']);
      const as = { ...(await signedIn(other)) };
      const answers = await Promise.all([remove(other, of), remove(owner, of, as)]);
      expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
      const tenant = tenantWithoutCaller(of.id);
      const members = services().stores.members;
      const left = [await members.get(tenant, owner.id), await members.get(tenant, other.id)].filter(Boolean);
      expect(left).toHaveLength(1);
      const after = await services().stores.organizations.get(of.id);
      expect(after).toMatchObject({ ownerId: left[0]?.userId, counters: { activeOwners: 1, members: 1 } });
    }
  });
});

test('GET …/iam-roles lists the five roles, strongest first, with what each allows', async () => {
  const answer = await call({ method: 'GET', path: `/api/organizations/${organization.id}/iam-roles`, headers });
  expect(answer).toMatchObject({ status: 200, body: { success: true } });
  expect(answer.body.data.map(({ id, name }: { id: number; name: string }) => `${id} ${name}`)).toEqual([
    '1 OWNER',
    '2 ADMIN',
    '3 CONTRIBUTOR',
    '4 ACCOUNTING',
    '5 VIEWER',
  ]);
  const [ownerRole, admin, , , viewer] = answer.body.data;
  expect(viewer.permissions).toEqual(['organization:read', 'members:read', 'customizations:read']);
  const beyondAdmin = ownerRole.permissions.filter((name: string) => !admin.permissions.includes(name));
  expect(beyondAdmin).toEqual(['organization:delete', 'owners:write']);
});
