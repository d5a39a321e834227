import { beforeAll, describe, expect, test } from 'vitest';
import { tenantWithoutCaller } from '../../../shared/domain/access/tenant.ts';
import type { Changes } from '../../../shared/domain/changes.ts';
import { readIdentifier, toUuid } from '../../../shared/domain/identifiers.ts';
import { deleteNextChildren } from '../../../shared/domain/organization/delete-organization.ts';
import type { Organization } from '../../../shared/domain/organization/organization.ts';
import { dayMilliseconds } from '../../../shared/domain/timestamp.ts';
import { changeIdentity, type IdentityChange } from '../../../shared/domain/user/change-identity.ts';
import type { User } from '../../../shared/domain/user/user.ts';
import { finishDeletions } from '../../../shared/runtime/finish-deletions.ts';
import { runInBackground, services } from '../../support/all-services.ts';
import { apiUnderTest } from '../../support/api-under-test.ts';
import { auditTrailOf } from '../../support/audit-trail.ts';
import { mintedToken } from '../../support/invitations.ts';
import { aCredential, aMember, anOrganization, signedIn, somebody } from '../../support/people-and-organizations.ts';

type Headers = Record<string, string>;

const { call } = await apiUnderTest();
let owner: User;
let headers: Headers;
let asPlatform: Headers;

beforeAll(async () => {
  owner = await somebody();
  headers = { ...(await signedIn(owner)) };
  asPlatform = { ...(await signedIn(await somebody({ isPlatformAdministrator: true }))) };
});

async function commit(write: (changes: Changes) => void): Promise<void> {
  const changes = services().openChanges({ email: 'test@example.com', credentialId: null });
  write(changes);
  await services().commit(changes, { requestId: `test-${services().newId()}`, ip: '127.0.0.1', now: Date.now() });
}

const restore = (of: Organization | string, as = asPlatform) =>
  call({
    method: 'POST',
    path: `/api/admin/organizations/${typeof of === 'string' ? of : toUuid('organization', of.id)}/restore`,
    headers: as,
  });
const remove = (of: Organization, query = '') => call({ method: 'DELETE', path: `/orgs/${of.id}${query}`, headers });
const read = (of: Organization, as = headers) =>
  call({ method: 'GET', path: `/api/organizations/${of.id}`, headers: as });
const children = async (of: Organization) =>
  (await call({ method: 'GET', path: `/orgs/${of.id}/children`, headers })).body;

test('brings an organization back with its members, roles and keys', async () => {
  const of = await anOrganization(owner, { name: 'Phoenix' });
  const member = await somebody();
  await aMember(of, member, ['ACCOUNTING']);
  const key = { ...(await aCredential(of, owner)) };
  expect(await remove(of)).toMatchObject({ status: 200 });
  expect(await read(of)).toMatchObject({ status: 404 });
  expect(await read(of, key)).toMatchObject({ status: 401 });

  const answer = await restore(of);
  expect(answer).toMatchObject({ status: 200, body: { id: toUuid('organization', of.id), name: 'Phoenix' } });
  expect(await read(of)).toMatchObject({ status: 200, body: answer.body });
  expect(await read(of, key)).toMatchObject({ status: 200 });
  const members = await call({ method: 'GET', path: `/api/organizations/${of.id}/members`, headers });
  expect(members.body.data.map(({ roles }: { roles: { name: string }[] }) => roles[0]?.name)).toEqual([
    'OWNER',
    'ACCOUNTING',
  ]);
});

test('leaves its entry in the access log of what it brought back, or of what was there all along', async () => {
  const of = await anOrganization(owner);
  expect((await restore(of, headers)).status).toBe(403);
  expect((await restore(of)).status).toBe(409);
  await remove(of);
  expect((await restore(of)).status).toBe(200);
  const log = await call({ method: 'GET', path: `/orgs/${of.id}/access_log?action=ORGANIZATION_RESTORE`, headers });
  expect(log.body.map(({ status }: { status: string }) => status)).toEqual(['SUCCESS', 'FAILURE', 'DENIED']);
});

describe('of an organization whose only owner who can act was lost meanwhile', () => {
  const activeOwners = async ({ id }: Organization) =>
    (await services().stores.organizations.get(id))?.counters.activeOwners;
  const changed = (user: User, change: IdentityChange) =>
    runInBackground('test', async (work) => {
      const [present = user] = await work.stores.users.getMany([user.id]);
      await changeIdentity(work, present, change);
    });

  test.each([
    ['locked', { isLocked: true }, { isLocked: false }],
    ['deleted', { deletedAt: Date.now() }, { deletedAt: null }],
  ])('the platform administrator names another, where that one was %s', async (_, loss, return_) => {
    const [lost, admin] = [await somebody(), await somebody()];
    const of = await anOrganization(lost);
    await aMember(of, admin, ['ADMIN']);
    const asLost = { ...(await signedIn(lost)) };
    expect(await call({ method: 'DELETE', path: `/orgs/${of.id}`, headers: asLost })).toMatchObject({ status: 200 });
    await changed(lost, loss);
    expect(await restore(of)).toMatchObject({ status: 200 });
    expect(await activeOwners(of)).toBe(0);

    const named = await call({
      method: 'PUT',
      path: `/api/organizations/${of.id}/members/${admin.id}`,
      headers: asPlatform,
      body: { roles: [1], workspaces: [] },
    });
    expect(named.status, named.text).toBe(200);
    expect(await activeOwners(of)).toBe(1);
    // Whoever is deleted shows nowhere.
    const shown = 'isLocked' in loss ? lost : admin;
    expect(await read(of, asPlatform)).toMatchObject({ body: { owner: toUuid('user', shown.id) } });
    await changed(lost, return_);
    expect(await activeOwners(of)).toBe(2);
  });

  test('and nobody else is a member, the platform administrator invites another', async () => {
    const [lost, invited] = [await somebody(), await somebody()];
    const of = await anOrganization(lost);
    const asLost = { ...(await signedIn(lost)) };
    await call({ method: 'DELETE', path: `/orgs/${of.id}`, headers: asLost });
    await changed(lost, { isLocked: true });
    expect(await restore(of)).toMatchObject({ status: 200 });
    const path = `/api/organizations/${of.id}/invite`;
    const body = { email: invited.email, roles: [1] };
    const { body: answer } = await call({ method: 'POST', path, headers: asPlatform, body });
    const read = readIdentifier('invitation', answer.data.id);
    const token = await mintedToken(of.id, typeof read === 'object' ? read.id : 0);
    const accept = `/api/organizations/invite/${token}/accept`;
    expect(await call({ method: 'POST', path: accept, headers: await signedIn(invited), body: {} })).toMatchObject({
      status: 200,
    });
    expect(await activeOwners(of)).toBe(1);
  });

  test('an owner who is left is shown in the place of one who was deleted', async () => {
    const [lost, other] = [await somebody(), await somebody()];
    const of = await anOrganization(lost);
    await aMember(of, other, ['OWNER']);
    await call({ method: 'DELETE', path: `/orgs/${of.id}`, headers: await signedIn(lost) });
    await changed(lost, { deletedAt: Date.now() });
    expect(await restore(of)).toMatchObject({ status: 200, body: { owner: toUuid('user', other.id) } });
  });
});

test('is 409 for one that is not deleted, also when two restore at once', async () => {
  const of = await anOrganization(owner);
  expect(await restore(of)).toMatchObject({ status: 409, body: { code: 'not_deleted' } });
  await remove(of);
  const answers = await Promise.all([restore(of), restore(of), restore(of)]);
  expect(answers.map(({ status }) => status).sort()).toEqual([200, 409, 409]);
});

test('is 404 for what never was, for another kind of id, and after 30 days', async () => {
  const late = await anOrganization(owner, { deletedAt: Date.now() - 30 * dayMilliseconds });
  for (const id of [toUuid('organization', 77), toUuid('user', owner.id), 'x', String(late.id)]) {
    expect(await restore(id)).toMatchObject({ status: 404, body: { code: 'organization_not_found' } });
  }
  const intime = await anOrganization(owner, { deletedAt: Date.now() - 29 * dayMilliseconds });
  expect(await restore(intime)).toMatchObject({ status: 200 });
});

test('is for platform administrators alone', async () => {
  const of = await anOrganization(owner);
  await remove(of);
  for (const id of [String(of.id), toUuid('organization', 77), 'x']) {
    expect(await restore(id, headers)).toMatchObject({ status: 403 });
    expect(await restore(id, {})).toMatchObject({ status: 401 });
  }
});

test('a child comes back to its place, itself alone; below a deleted parent it is 409', async () => {
  const root = await anOrganization(owner);
  const parent = await anOrganization(owner, { parent: root, name: 'Parent' });
  const child = await anOrganization(owner, { parent, name: 'Child' });
  expect(await remove(child)).toMatchObject({ status: 200 });
  expect(await children(parent)).toMatchObject({ total: 0 });
  expect(await restore(child)).toMatchObject({ status: 200, body: { type: 'child' } });
  expect(await children(parent)).toMatchObject({ total: 1, children: [{ name: 'Child' }] });

  await remove(child);
  await remove(parent);
  expect(await restore(child)).toMatchObject({ status: 409, body: { code: 'parent_deleted' } });
  expect(await restore(parent)).toMatchObject({ status: 200 });
  expect(await read(child)).toMatchObject({ status: 404 });
  expect(await restore(child)).toMatchObject({ status: 200 });
  expect(await children(root)).toMatchObject({ total: 1 });
  expect(await services().stores.organizations.get(child.id)).toMatchObject({ ancestors: [root.id, parent.id] });
});

test('keeps what is made below it, also where its deletion has not got round to all that was', async () => {
  const root = await anOrganization(owner, { name: 'Root' });
  const old = await anOrganization(owner, { parent: root, name: 'Old' });
  expect(await remove(root, '?cascade=true')).toMatchObject({ status: 200 });
  expect(await restore(root)).toMatchObject({ status: 200 });
  const made = await anOrganization(owner, { parent: root, name: 'New' });
  await finishDeletions();
  expect(await read(made)).toMatchObject({ status: 200 });
  expect(await read(old)).toMatchObject({ status: 200 });
  expect(await children(root)).toMatchObject({ total: 2 });
});

test('a deletion that goes on at the same moment leaves what stands below it in the list, or takes it out', async () => {
  for (let round = 0; round < 5; round += 1) {
    const root = await anOrganization(owner);
    const all = [];
    for (let count = 0; count < 3; count += 1) all.push(await anOrganization(owner, { parent: root }));
    await remove(root, '?cascade=true');
    await Promise.all([finishDeletions(), restore(root)]);
    await finishDeletions();
    const alive = (await Promise.all(all.map((child) => read(child)))).filter(({ status }) => status === 200);
    expect(await children(root)).toMatchObject({ total: alive.length });
  }
});

test('a parent that is deleted at the same moment refuses its child, or keeps it and refuses to go', async () => {
  for (let round = 0; round < 5; round += 1) {
    const parent = await anOrganization(owner);
    const child = await anOrganization(owner, { parent });
    await remove(child);
    const [restored, removed] = await Promise.all([restore(child), remove(parent)]);
    expect([
      [200, 409],
      [409, 200],
    ]).toContainEqual([restored.status, removed.status]);
  }
});

test('its domain comes back unless it was taken meanwhile', async () => {
  const withDomain = async (domain: string) => {
    const of = await anOrganization(owner, { domain });
    await commit((changes) => services().stores.organizations.claimDomain(changes, tenantWithoutCaller(of.id), domain));
    await remove(of);
    return of;
  };
  const free = await withDomain('free.example.com');
  await restore(free);
  expect(await services().stores.organizations.get(free.id)).toMatchObject({ domain: 'free.example.com' });
  expect(await services().stores.organizations.isDomainFree('free.example.com')).toBe(false);

  const lost = await withDomain('taken.example.com');
  const taker = tenantWithoutCaller((await anOrganization(owner)).id);
  await commit((changes) => services().stores.organizations.claimDomain(changes, taker, 'taken.example.com'));
  expect(await restore(lost)).toMatchObject({ status: 200 });
  expect(await services().stores.organizations.get(lost.id)).toMatchObject({ domain: null });

  const told = async (of: Organization) => {
    const { oldData, newData } = (await auditTrailOf(of)).at(-1) ?? {};
    return [oldData, newData];
  };
  const deleted = { deleted_at: expect.any(String) };
  expect(await told(free)).toEqual([deleted, { deleted_at: null }]);
  expect(await told(lost)).toEqual([
    { ...deleted, domain: 'taken.example.com' },
    { deleted_at: null, domain: null },
  ]);
});

test('a second cascade is finished also where the first ends while the organization comes back and goes again', async () => {
  const root = await anOrganization(owner);
  await remove(root, '?cascade=true');
  let late: Organization | undefined;
  await runInBackground('test', async (work) => {
    const isAll = await deleteNextChildren(work, { organizationId: root.id });
    if (late) return isAll;
    // All this between what the first cascade has read and its last write.
    expect(await restore(root)).toMatchObject({ status: 200 });
    late = await anOrganization(owner, { parent: root });
    expect(await remove(root, '?cascade=true')).toMatchObject({ status: 200 });
    return isAll;
  });
  await finishDeletions();
  expect(late && (await read(late))).toMatchObject({ status: 404 });
});
