import { beforeAll, describe, expect, it } from 'vitest';
import { handler as finishByJob } from '../../../functions/jobs/finish-deletions.ts';
import { organizationKey } from '../../../shared/data/organization-store.ts';
import { deleteNextChildren } from '../../../shared/domain/organization/delete-organization.ts';
import type { Organization } from '../../../shared/domain/organization/organization.ts';
import type { User } from '../../../shared/domain/user/user.ts';
import { finishDeletions as finishByStream } from '../../../shared/runtime/finish-deletions.ts';
import { runInBackground, services } from '../../support/all-services.ts';
import { apiUnderTest } from '../../support/api-under-test.ts';
import { auditTrailOf } from '../../support/audit-trail.ts';
import { aCredential, aMember, anOrganization, signedIn, somebody } from '../../support/people-and-organizations.ts';
import { storedItems } from '../../support/stored-items.ts';

type Headers = Record<string, string>;

const { call } = await apiUnderTest();
let owner: User;
let asOwner: Headers;

beforeAll(async () => {
  owner = await somebody();
  asOwner = await signedIn(owner);
});

const get = (path: string, headers: Headers = asOwner) => call({ method: 'GET', path, headers });
const remove = ({ id }: Organization, query = '', headers: Headers = asOwner) =>
  call({ method: 'DELETE', path: `/orgs/org-${id}${query}`, headers });
const statusOf = async ({ id }: Organization) => (await get(`/orgs/${id}`)).status;
const unfinished = async () => (await storedItems()).filter(({ kind }) => kind === 'unfinishedDeletion');

/** A root with so many children, of which the first has children itself, down to the tenth level. */
async function tree(width: number) {
  const root = await anOrganization(owner, { name: 'Root' });
  const below: Organization[] = [];
  for (let at = 0; at < width; at += 1) below.push(await anOrganization(owner, { parent: root }));
  for (let level = 3; level <= 10; level += 1) {
    const parent = level === 3 ? below[0] : below.at(-1);
    if (parent) below.push(await anOrganization(owner, { parent }));
  }
  return { root, below };
}

describe('deleting an organization', () => {
  it('hides it at once, in every dialect and to everybody, and ends its credentials', async () => {
    const organization = await anOrganization(owner, { name: 'Doomed' });
    const key = await aCredential(organization, owner);
    const answer = await remove(organization);
    expect([answer.status, answer.body]).toEqual([200, { message: 'Organization deleted successfully' }]);
    const administrator = await signedIn(await somebody({ isPlatformAdministrator: true }));
    for (const headers of [asOwner, administrator]) {
      expect((await get(`/orgs/${organization.id}`, headers)).status).toBe(404);
      expect((await get(`/api/organizations/${organization.id}`, headers)).status).toBe(404);
    }
    expect((await get(`/orgs/${organization.id}`, key)).status).toBe(401);
    const own = await get('/organizations');
    expect(own.body.map(({ id }: { id: number }) => id)).not.toContain(organization.id);
    expect((await remove(organization)).status).toBe(404);
    expect(await auditTrailOf(organization)).toMatchObject([
      { action: 'delete', entity: 'organization', admin: owner.email, oldData: { name: 'Doomed' }, newData: null },
    ]);
  });

  it('answers 404 to the same bytes as an organization that never was', async () => {
    const organization = await anOrganization(owner);
    await remove(organization);
    const [gone, never] = [await get(`/orgs/${organization.id}`), await get('/orgs/org-123456')];
    const withoutId = ({ text, headers }: typeof gone) => text.replace(headers['x-request-id'] ?? '', '');
    expect(withoutId(gone)).toBe(withoutId(never));
  });

  it('takes a child out of its parent’s list and count', async () => {
    const root = await anOrganization(owner);
    const [one, other] = [await anOrganization(owner, { parent: root }), await anOrganization(owner, { parent: root })];
    await remove(one);
    const list = await get(`/orgs/${root.id}/children`);
    expect(list.body).toMatchObject({ total: 1, children: [{ id: `org-${other.id}` }] });
    await remove(other);
    expect((await remove(root)).status).toBe(200);
  });

  it('frees its domain', async () => {
    const organization = await anOrganization(owner, { domain: 'freed.example.com' });
    const tenant = { organizationId: organization.id } as never;
    const changes = services().openChanges({ email: '', credentialId: null });
    services().stores.organizations.claimDomain(changes, tenant, 'freed.example.com');
    await services().commit(changes, { requestId: 'claim', ip: '', now: 1 });
    await remove(organization);
    expect((await storedItems()).filter(({ kind }) => kind === 'domainClaim')).toEqual([]);
  });

  it('is refused while it has live children', async () => {
    const { root, below } = await tree(1);
    for (const query of ['', '?cascade=false']) {
      const refused = await remove(root, query);
      expect([refused.status, refused.body.error]).toEqual([409, 'has_children']);
    }
    expect(await Promise.all([root, ...below].map(statusOf))).toEqual(Array(below.length + 1).fill(200));
  });

  it('leaves no child behind that is made meanwhile', async () => {
    for (let round = 0; round < 5; round += 1) {
      const root = await anOrganization(owner);
      const path = `/orgs/${root.id}/children`;
      const [deleted, made] = await Promise.all([
        remove(root),
        call({ method: 'POST', path, headers: asOwner, body: { name: 'Late' } }),
      ]);
      expect([deleted.status, made.status]).toEqual(deleted.status === 200 ? [200, 404] : [409, 201]);
    }
  });

  it('honours If-Match', async () => {
    const organization = await anOrganization(owner);
    const { etag = '' } = (await get(`/orgs/${organization.id}`)).headers;
    await call({ method: 'PATCH', path: `/orgs/${organization.id}`, headers: asOwner, body: { name: 'Newer' } });
    expect((await remove(organization, '', { ...asOwner, 'if-match': etag })).status).toBe(412);
    expect(await statusOf(organization)).toBe(200);
  });

  it('needs organization:delete: an owner, here or above', async () => {
    const root = await anOrganization(owner);
    const child = await anOrganization(await somebody(), { parent: root });
    const admin = await somebody();
    await aMember(root, admin, ['ADMIN']);
    expect((await remove(child, '', await signedIn(admin))).status).toBe(403);
    expect((await remove(root, '', await signedIn(await somebody()))).status).toBe(404);
    expect((await remove(child, '', await aCredential(root, owner, ['organization:update']))).status).toBe(403);
    expect((await remove(child)).status).toBe(200);
  });

  it.each(['cascade=yes', 'cascade=1', 'cascade='])('refuses %s', async (query) => {
    const answer = await remove(await anOrganization(owner), `?${query}`);
    expect(answer.status).toBe(400);
    expect(answer.body.fields).toHaveProperty('cascade');
  });
});

describe('deleting with cascade', () => {
  it('takes the organization at once and everything below soon, each with its audit entry', async () => {
    const { root, below } = await tree(20);
    const answer = await remove(root, '?cascade=true');
    expect(answer.status).toBe(200);
    expect(await statusOf(root)).toBe(404);
    await finishByStream();
    expect(new Set(await Promise.all(below.map(statusOf)))).toEqual(new Set([404]));
    for (const organization of below) {
      expect(await auditTrailOf(organization)).toMatchObject([
        {
          action: 'delete',
          entity: 'organization',
          admin: owner.email,
          requestId: answer.headers['x-request-id'],
          newData: null,
        },
      ]);
    }
    expect(await unfinished()).toEqual([]);
    const items = await storedItems();
    const isOurs = (id: unknown) => id === root.id || below.some((organization) => organization.id === id);
    expect(items.filter(({ kind, childId }) => kind === 'child' && isOurs(childId))).toEqual([]);
    const counts = items
      .filter(({ kind, id }) => kind === 'organization' && isOurs(id))
      .map(({ children }) => children);
    expect(counts).toEqual(Array(below.length + 1).fill(0));
  });

  it('does the same without children', async () => {
    const organization = await anOrganization(owner);
    expect((await remove(organization, '?cascade=true')).status).toBe(200);
    expect(await finishByJob()).toEqual({ organizations: 1 });
    expect(await unfinished()).toEqual([]);
  });

  it('is finished by whoever comes next, wherever it was stopped, also by two at once', async () => {
    const { root, below } = await tree(40);
    await remove(root, '?cascade=true');
    for (let stopped = 0; stopped < 2; stopped += 1) {
      await runInBackground('test', (work) => deleteNextChildren(work, { organizationId: root.id }));
      const left = (await Promise.all(below.map(statusOf))).filter((status) => status === 200);
      expect(left.length).toBeGreaterThan(0);
      expect(await unfinished()).not.toEqual([]);
    }
    await Promise.all([finishByStream(), finishByJob(), finishByStream()]);
    expect(new Set(await Promise.all(below.map(statusOf)))).toEqual(new Set([404]));
    expect(await unfinished()).toEqual([]);
    expect(await finishByJob()).toEqual({ organizations: 0 });
    for (const organization of below) expect(await auditTrailOf(organization)).toHaveLength(1);
  }, 120_000);

  it('goes on elsewhere where it fails at one organization, and there too once it can', async () => {
    const roots = [await anOrganization(owner), await anOrganization(owner)] as const;
    const [stuck, other] = [
      await anOrganization(owner, { parent: roots[0] }),
      await anOrganization(owner, { parent: roots[1] }),
    ];
    const below = await anOrganization(owner, { parent: other });
    const nameIt = (name: unknown) => services().table.update(organizationKey(stuck.id), { set: { name } });
    await nameIt(['unreadable']);
    for (const root of roots) await remove(root, '?cascade=true');
    await expect(finishByJob()).rejects.toThrow();
    expect(await Promise.all([other, below].map(statusOf))).toEqual([404, 404]);
    await nameIt('Readable');
    expect(await statusOf(stuck)).toBe(200);
    await finishByJob();
    expect(await statusOf(stuck)).toBe(404);
    expect(await unfinished()).toEqual([]);
  });

  it('spares what is not below', async () => {
    const root = await anOrganization(owner);
    const [doomed, spared] = [
      await anOrganization(owner, { parent: root }),
      await anOrganization(owner, { parent: root }),
    ];
    await anOrganization(owner, { parent: doomed });
    await remove(doomed, '?cascade=true');
    await finishByStream();
    expect(await Promise.all([root, spared, doomed].map(statusOf))).toEqual([200, 200, 404]);
    expect((await get(`/orgs/${root.id}/children`)).body.total).toBe(1);
  });
});
