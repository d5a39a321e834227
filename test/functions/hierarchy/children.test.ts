import { beforeAll, describe, expect, it } from 'vitest';
import { tenantWithoutCaller } from '../../../shared/domain/access/tenant.ts';
import type { Organization } from '../../../shared/domain/organization/organization.ts';
import type { User } from '../../../shared/domain/user/user.ts';
import { services } from '../../support/all-services.ts';
import { apiUnderTest } from '../../support/api-under-test.ts';
import { auditTrailOf } from '../../support/audit-trail.ts';
import { recordCalls } from '../../support/call-recorder.ts';
import { aCredential, aMember, anOrganization, signedIn, somebody } from '../../support/people-and-organizations.ts';

type Headers = Record<string, string>;

const { call } = await apiUnderTest();
let owner: User;
let asOwner: Headers;

beforeAll(async () => {
  owner = await somebody();
  asOwner = await signedIn(owner);
});

const childrenOf = (id: number | string) => `/orgs/${id}/children`;
const make = (parent: number | string, body: unknown, headers: Headers = asOwner) =>
  call({ method: 'POST', path: childrenOf(parent), headers, body });
const list = (parent: Organization, query = '', headers: Headers = asOwner) =>
  call({ method: 'GET', path: `${childrenOf(parent.id)}${query}`, headers });
const namesOf = (answer: { body: { children: { name: string }[] } }) => answer.body.children.map(({ name }) => name);

describe('making a child organization', () => {
  it('puts it below, with the caller as its owner', async () => {
    const root = await anOrganization(owner, { name: 'Root' });
    const answer = await make(root.id, { name: ' Child ' });
    expect(answer.status, answer.text).toBe(201);
    expect(answer.body).toEqual({
      id: expect.stringMatching(/^org-\d+$/),
      name: 'Child',
      status: 'active',
      parent_org_id: `org-${root.id}`,
      root_org_id: `org-${root.id}`,
      created_at: expect.any(String),
      updated_at: expect.any(String),
      customizations: {},
    });
    const read = await call({ method: 'GET', path: `/orgs/${answer.body.id}`, headers: asOwner });
    expect([read.body, read.headers.etag]).toEqual([answer.body, answer.headers.etag]);
    const grandchild = await make(answer.body.id, { name: 'Grandchild' });
    expect(grandchild.body).toMatchObject({ parent_org_id: answer.body.id, root_org_id: `org-${root.id}` });
    const own = await call({ method: 'GET', path: '/organizations', headers: asOwner });
    expect(own.body).toContainEqual(expect.objectContaining({ organization_name: 'Child', role: 'OWNER' }));
    expect(await auditTrailOf({ id: Number(answer.body.id.slice(4)) })).toMatchObject([
      { action: 'insert', entity: 'organization', admin: owner.email, newData: { name: 'Child', parent_id: root.id } },
    ]);
  });

  it('makes the maker of a credential its owner', async () => {
    const root = await anOrganization(owner);
    const key = await aCredential(root, owner, ['children:create']);
    const answer = await make(root.id, { name: 'By key' }, key);
    expect(answer.status).toBe(201);
    const own = await call({ method: 'GET', path: '/organizations', headers: asOwner });
    expect(own.body).toContainEqual(expect.objectContaining({ organization_name: 'By key', role: 'OWNER' }));
  });

  it('goes ten levels deep and no deeper', async () => {
    const root = await anOrganization(owner);
    let parent: string | number = root.id;
    for (let level = 2; level <= 10; level += 1) {
      const answer = await make(parent, { name: `Level ${level}` });
      expect(answer.status, answer.text).toBe(201);
      parent = answer.body.id;
    }
    const refused = await make(parent, { name: 'Level 11' });
    expect([refused.status, refused.body.error]).toEqual([409, 'hierarchy_too_deep']);
  });

  it('needs children:create, here or above', async () => {
    const root = await anOrganization(owner);
    const child = await anOrganization(await somebody(), { parent: root });
    const viewer = await somebody();
    await aMember(root, viewer, ['VIEWER']);
    expect((await make(root.id, { name: 'X' }, await signedIn(viewer))).status).toBe(403);
    expect((await make(root.id, { name: 'X' }, await signedIn(await somebody()))).status).toBe(404);
    expect((await make(child.id, { name: 'X' })).status).toBe(201);
    expect((await make(root.id, { name: 'X' }, await aCredential(root, owner, ['organization:read']))).status).toBe(
      403,
    );
  });

  it('is refused below an organization that is not active', async () => {
    const still = await anOrganization(owner, { status: 'inactive' });
    expect((await make(still.id, { name: 'X' })).body.error).toBe('organization_not_active');
  });

  it('happens once for one Idempotency-Key', async () => {
    const root = await anOrganization(owner);
    const headers = { ...asOwner, 'idempotency-key': 'one child' };
    const answers = await Promise.all([1, 2, 3].map(() => make(root.id, { name: 'Once' }, headers)));
    expect(new Set(answers.map(({ status, text }) => `${status} ${text}`)).size).toBe(1);
    expect((await make(root.id, { name: 'Twice' }, headers)).status).toBe(422);
    expect((await list(root)).body.total).toBe(1);
  });

  it.each([
    [{}, 'name'],
    [{ name: '' }, 'name'],
    [{ name: null }, 'name'],
    [{ name: 'x'.repeat(121) }, 'name'],
    [{ name: ['X'] }, 'name'],
    [{ name: 'X', parent_org_id: 'org-1' }, 'parent_org_id'],
  ])('refuses %j, naming %s', async (body, field) => {
    const answer = await make((await anOrganization(owner)).id, body);
    expect(answer.status).toBe(400);
    expect(answer.body.fields).toHaveProperty(field);
  });
});

describe('the list of children', () => {
  it('is told in smaller pages where customizations are too large for one', async () => {
    const root = await anOrganization(owner);
    const customizations = { letters: '"'.repeat(30_000) };
    for (let at = 0; at < 60; at += 1) await anOrganization(owner, { parent: root, customizations });
    const refused = await list(root, '?limit=60');
    expect([refused.status, Object.keys(refused.body.fields)]).toEqual([400, ['limit']]);
    expect((await list(root, '?limit=40')).body.children).toHaveLength(40);
    expect((await list(root, '?limit=40&page=2')).body.children).toHaveLength(20);
  });

  it('is by name, without regard to case, the id breaking ties, page by page', async () => {
    const root = await anOrganization(owner);
    const names = ['beta', 'Alpha', 'alpha', 'Gamma', 'Ärger', 'delta', 'Alpha Two'];
    const ids = new Map<string, string>();
    for (const name of names) ids.set((await make(root.id, { name })).body.id, name);
    const all = await list(root);
    expect(all.body).toMatchObject({ page: 1, limit: 25, total: 7 });
    expect(namesOf(all)).toEqual(['Alpha', 'alpha', 'Alpha Two', 'beta', 'delta', 'Gamma', 'Ärger']);
    for (const limit of [1, 2, 3, 7, 100]) {
      const pages = [];
      for (let page = 1; page <= Math.ceil(7 / limit); page += 1) {
        const answer = await list(root, `?page=${page}&limit=${limit}`);
        expect(answer.body).toMatchObject({ page, limit, total: 7 });
        pages.push(...answer.body.children);
      }
      expect(pages).toEqual(all.body.children);
    }
    expect((await list(root, '?page=8&limit=1')).body).toEqual({ children: [], page: 8, limit: 1, total: 7 });
    expect(all.body.children.map(({ id }: { id: string }) => ids.get(id))).toEqual(namesOf(all));
  });

  it('reads no further than to the end of the page, however many pages of the table that takes', async () => {
    const { stores, openChanges, commit, newId, now } = services();
    const root = await anOrganization(owner);
    const total = 5_400;
    for (let made = 0; made < total; made += 100) {
      const changes = openChanges({ email: '', credentialId: null });
      for (let at = 0; at < 100; at += 1) {
        stores.organizations.joinParent(changes, { ...root, id: newId(), name: '😀'.repeat(120), parentId: root.id });
      }
      await commit(changes, { requestId: `many-${made}`, ip: '', now: now() });
    }
    const unitsUpTo = async (end: number) => {
      const recorder = recordCalls();
      const page = { offset: end - 1, limit: 1, total };
      await stores.organizations.children(tenantWithoutCaller(root.id), page).finally(recorder.stop);
      const queries = recorder.calls.filter(({ operation }) => operation === 'Query');
      return { queries: queries.length, units: queries.reduce((sum, { units }) => sum + units, 0) };
    };
    const [near, far] = [await unitsUpTo(1_300), await unitsUpTo(2_600)];
    expect([near.queries, far.queries]).toEqual([1, 2]);
    expect(far.units).toBeLessThan(2.2 * near.units);
  });

  it('shows direct children only, each as itself', async () => {
    const root = await anOrganization(owner);
    const child = await anOrganization(owner, { parent: root, name: 'Child' });
    await anOrganization(owner, { parent: child, name: 'Grandchild' });
    const answer = await list(root);
    const read = await call({ method: 'GET', path: `/orgs/${child.id}`, headers: asOwner });
    expect(answer.body.children).toEqual([read.body]);
  });

  it('follows a new name', async () => {
    const root = await anOrganization(owner);
    const first = await make(root.id, { name: 'A' });
    await make(root.id, { name: 'B' });
    await call({ method: 'PATCH', path: `/orgs/${first.body.id}`, headers: asOwner, body: { name: 'C' } });
    expect(namesOf(await list(root))).toEqual(['B', 'C']);
  });

  it('counts right when many are made at once', async () => {
    const root = await anOrganization(owner);
    const answers = await Promise.all(Array.from({ length: 12 }, (_, at) => make(root.id, { name: `Child ${at}` })));
    expect(answers.map(({ status }) => status)).toEqual(Array(12).fill(201));
    const answer = await list(root);
    expect([answer.body.total, answer.body.children.length]).toEqual([12, 12]);
  });

  it.each([
    ['page=0', 'page'],
    ['page=-1', 'page'],
    ['page=x', 'page'],
    ['page=1.5', 'page'],
    ['limit=0', 'limit'],
    ['limit=101', 'limit'],
    ['limit=', 'limit'],
  ])('refuses %s, naming %s', async (query, field) => {
    const answer = await list(await anOrganization(owner), `?${query}`);
    expect(answer.status).toBe(400);
    expect(answer.body.fields).toHaveProperty(field);
  });

  it('is for readers of the parent: a member of a child alone does not see it', async () => {
    const root = await anOrganization(owner);
    const stranger = await somebody();
    await anOrganization(stranger, { parent: root });
    const viewer = await somebody();
    await aMember(root, viewer, ['VIEWER']);
    expect((await list(root, '', await signedIn(viewer))).status).toBe(200);
    expect((await list(root, '', await signedIn(stranger))).status).toBe(404);
  });
});
