import { beforeAll, describe, expect, test } from 'vitest';
import { organizationKey } from '../../../shared/data/organization-store.ts';
import { keyOf } from '../../../shared/data/table.ts';
import { toUuid } from '../../../shared/domain/identifiers.ts';
import {
  counterLimits,
  countersOfNewOrganization,
  type Organization,
} from '../../../shared/domain/organization/organization.ts';
import type { User } from '../../../shared/domain/user/user.ts';
import { services } from '../../support/all-services.ts';
import { apiUnderTest } from '../../support/api-under-test.ts';
import { auditTrailOf } from '../../support/audit-trail.ts';
import { badValues, expectRefusedFor, noText, titleOf } from '../../support/bad-values.ts';
import { aMember, anOrganization, signedIn, somebody } from '../../support/people-and-organizations.ts';

const { call } = await apiUnderTest();
let owner: User;
let organization: Organization;
let headers: Record<string, string>;

beforeAll(async () => {
  owner = await somebody();
  organization = await anOrganization(owner);
  headers = { ...(await signedIn(owner)) };
});

const path = (of: Organization = organization) => `/api/organizations/${toUuid('organization', of.id)}/workspaces`;
const create = (body: unknown, of = organization) => call({ method: 'POST', path: path(of), headers, body });
const one = (method: string, id: string, body?: unknown, of = organization) =>
  call({ method, path: `${path(of)}/${id}`, headers, ...(body === undefined ? {} : { body }) });
const list = (of = organization) => call({ method: 'GET', path: path(of), headers });
const counted = async (of: Organization) => (await services().stores.organizations.get(of.id))?.counters.workspaces;

describe('making a workspace', () => {
  test('answers 201 with the workspace, which is read, listed and counted', async () => {
    const of = await anOrganization(owner);
    const first = await create({ name: 'North', description: 'Up there', status: 'inactive' }, of);
    expect(first).toMatchObject({ status: 201, body: { success: true } });
    expect(first.body.data).toEqual({
      id: expect.stringMatching(/^[0-9a-f-]{36}$/),
      name: 'North',
      description: 'Up there',
      status: 'inactive',
      createdAt: expect.stringMatching(/Z$/),
    });
    const second = await create({ name: 'South' }, of);
    expect(second.body.data).toMatchObject({ description: null, status: 'active' });
    const read = await one('GET', first.body.data.id, undefined, of);
    expect(read).toMatchObject({ status: 200, body: { data: first.body.data } });
    expect(read.headers.etag).toMatch(/^"1-/);
    expect((await list(of)).body.data).toEqual([first.body.data, second.body.data]);
    expect(await counted(of)).toBe(2);
  });

  test('a name that is taken, in whatever case, is 409', async () => {
    await create({ name: 'Straße' });
    expect(await create({ name: 'STRAßE' })).toMatchObject({ status: 409, body: { code: 'workspace_name_taken' } });
    expect(await create({ name: 'Straße' }, await anOrganization(owner))).toMatchObject({ status: 201 });
  });

  test('a name that grows when it is folded is still a name', async () => {
    expect(await create({ name: '\u{FDFA}'.repeat(120) })).toMatchObject({ status: 201 });
  });

  test('of five with one name at once one is made', async () => {
    const of = await anOrganization(owner);
    const answers = await Promise.all(Array.from({ length: 5 }, () => create({ name: 'One' }, of)));
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 409, 409, 409, 409]);
    expect(await counted(of)).toBe(1);
  });

  test.each(
    badValues({
      name: [undefined, ...noText, '', ' ', 'n'.repeat(121), 'a\u0000b'],
      description: [7, true, ['x'], 'd'.repeat(501)],
      status: [null, 'suspended', 1],
    }),
  )('is refused for $field', async ({ field, value }) => {
    const answer = await create({ name: 'Fine', ...{ [field]: value } });
    expectRefusedFor(answer, field);
    expect(titleOf({ field, value })).toContain(field);
  });

  test('is refused with a field that nobody sets', async () => {
    expectRefusedFor(await create({ name: 'Fine', id: 5 }), 'id');
  });
});

describe('changing a workspace', () => {
  test('changes what is sent, and honours If-Match', async () => {
    const { id } = (await create({ name: 'Early', description: 'x' })).body.data;
    const changed = await one('PATCH', id, { name: 'Late' });
    expect(changed).toMatchObject({ status: 200, body: { data: { id, name: 'Late', description: 'x' } } });
    expect((await one('PATCH', id, { description: null, status: 'inactive' })).body.data).toMatchObject({
      name: 'Late',
      description: null,
      status: 'inactive',
    });
    const stale = { ...headers, 'if-match': changed.headers.etag ?? '' };
    expect(
      await call({ method: 'PATCH', path: `${path()}/${id}`, headers: stale, body: { name: 'No' } }),
    ).toMatchObject({ status: 412 });
    expect(await one('PATCH', id, {})).toMatchObject({ status: 200 });
  });

  test('frees the old name, keeps its own in another case, and refuses another’s', async () => {
    const { id } = (await create({ name: 'Mine' })).body.data;
    await create({ name: 'Theirs' });
    expect(await one('PATCH', id, { name: 'MINE' })).toMatchObject({ status: 200 });
    expect(await one('PATCH', id, { name: 'theirs' })).toMatchObject({ status: 409 });
    expect(await one('PATCH', id, { name: 'Other' })).toMatchObject({ status: 200 });
    expect(await create({ name: 'mine' })).toMatchObject({ status: 201 });
  });
});

describe('a workspace that is deleted', () => {
  test('is gone, frees its name and leaves the members’ lists', async () => {
    const of = await anOrganization(owner);
    const [gone, kept] = [await create({ name: 'Gone' }, of), await create({ name: 'Kept' }, of)].map(
      ({ body }) => body.data.id,
    );
    const member = await somebody();
    await aMember(of, member, ['VIEWER']);
    const members = `/api/organizations/${of.id}/members`;
    const put = { method: 'PUT', path: `${members}/${member.id}`, headers };
    expect(await call({ ...put, body: { roles: [5], workspaces: [gone, kept] } })).toMatchObject({ status: 200 });
    expect(await one('DELETE', gone, undefined, of)).toMatchObject({
      status: 200,
      body: { success: true, data: null },
    });
    expect(await one('GET', gone, undefined, of)).toMatchObject({ status: 404, body: { code: 'workspace_not_found' } });
    expect(await one('DELETE', gone, undefined, of)).toMatchObject({ status: 404 });
    const listed = await call({ method: 'GET', path: members, headers });
    expect(listed.body.data[1].workspaces).toEqual([kept]);
    expect(await call({ ...put, body: { roles: [5], workspaces: [gone] } })).toMatchObject({ status: 400 });
    expect(await create({ name: 'gone' }, of)).toMatchObject({ status: 201 });
    expect(await counted(of)).toBe(2);
  });
});

test('another organization’s workspace, another kind of id and no id at all are the same 404', async () => {
  const foreign = (await create({ name: 'Foreign' }, await anOrganization(owner))).body.data.id;
  for (const id of [foreign, toUuid('organization', organization.id), toUuid('workspace', 77), 'x']) {
    for (const answer of [await one('GET', id), await one('PATCH', id, { name: 'N' }), await one('DELETE', id)]) {
      expect(answer).toMatchObject({ status: 404, body: { code: 'workspace_not_found' } });
    }
  }
});

test('who may only read cannot change, and a stranger sees nothing', async () => {
  const { id } = (await create({ name: 'Guarded' })).body.data;
  const viewer = await somebody();
  await aMember(organization, viewer, ['VIEWER']);
  const as = await signedIn(viewer);
  expect(await call({ method: 'GET', path: path(), headers: as })).toMatchObject({ status: 200 });
  expect(await call({ method: 'POST', path: path(), headers: as, body: { name: 'N' } })).toMatchObject({ status: 403 });
  expect(await call({ method: 'DELETE', path: `${path()}/${id}`, headers: as })).toMatchObject({ status: 403 });
  const stranger = await signedIn(await somebody());
  expect(await call({ method: 'GET', path: `${path()}/${id}`, headers: stranger })).toMatchObject({
    status: 404,
    body: { code: 'organization_not_found' },
  });
});

test('every change leaves its audit entry', async () => {
  const of = await anOrganization(owner);
  const { id } = (await create({ name: 'Told' }, of)).body.data;
  await one('PATCH', id, { name: 'Retold' }, of);
  await one('PATCH', id, { name: 'Retold' }, of);
  await one('DELETE', id, undefined, of);
  expect((await auditTrailOf(of)).map(({ action, oldData, newData }) => ({ action, oldData, newData }))).toEqual([
    { action: 'insert', oldData: null, newData: { name: 'Told', description: null, status: 'active' } },
    { action: 'update', oldData: { name: 'Told' }, newData: { name: 'Retold' } },
    { action: 'delete', oldData: { name: 'Retold', description: null, status: 'active' }, newData: null },
  ]);
});

describe('the limit of workspaces', () => {
  const { most, sentence } = counterLimits.workspaces;
  const withCount = (workspaces: number) =>
    anOrganization(owner, { counters: { ...countersOfNewOrganization(owner), workspaces } });

  test('is reached, not passed, and frees a place with each that is deleted', async () => {
    const of = await withCount(most - 1);
    const last = await create({ name: 'Last' }, of);
    expect(last).toMatchObject({ status: 201 });
    const refused = { status: 409, body: { code: 'limit_reached', message: sentence } };
    expect(await create({ name: 'One more' }, of)).toMatchObject(refused);
    expect((await list(of)).body.data).toEqual([last.body.data]);
    expect(await counted(of)).toBe(most);
    expect(await one('PATCH', last.body.data.id, { name: 'Still the last' }, of)).toMatchObject({ status: 200 });
    await one('DELETE', last.body.data.id, undefined, of);
    expect(await create({ name: 'One more' }, of)).toMatchObject({ status: 201 });
  });

  test('leaves one of many the last place', async () => {
    const of = await withCount(most - 1);
    const answers = await Promise.all(['A', 'B', 'C', 'D', 'E'].map((name) => create({ name }, of)));
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 409, 409, 409, 409]);
    expect((await list(of)).body.data).toHaveLength(1);
    expect(await counted(of)).toBe(most);
  });

  test('leaves those who have more what they have', async () => {
    const of = await withCount(0);
    const made = await create({ name: 'Early' }, of);
    await services().table.update(organizationKey(of.id), { set: { workspaces: most + 5 } });
    expect(await create({ name: 'Late' }, of)).toMatchObject({ status: 409 });
    expect((await list(of)).body.data).toEqual([made.body.data]);
    expect(await one('DELETE', made.body.data.id, undefined, of)).toMatchObject({ status: 200 });
    expect(await counted(of)).toBe(most + 4);
  });

  test('keeps the list of the longest within half of what a function can answer', async () => {
    const of = await withCount(most);
    const text = { name: '"'.repeat(120), description: '"'.repeat(500), status: 'inactive' } as const;
    const item = (at: number) => {
      const workspace = { id: 2 ** 52 + at, organizationId: of.id, ...text, version: 1, createdAt: Date.now() };
      return {
        ...keyOf('workspace', { organization: of.id, workspace: workspace.id }),
        kind: 'workspace',
        ...workspace,
      };
    };
    await services().table.putAll(Array.from({ length: most }, (_, at) => item(at)));
    const answer = await list(of);
    expect(answer.body.data).toHaveLength(most);
    // A function's answer is sent as JSON inside JSON.
    expect(Buffer.byteLength(JSON.stringify(answer.text))).toBeLessThan(3_000_000);
  });
});
