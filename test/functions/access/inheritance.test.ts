import { beforeEach, describe, expect, test } from 'vitest';
import type { Role } from '../../../shared/domain/access/roles.ts';
import type { Organization } from '../../../shared/domain/organization/organization.ts';
import type { User } from '../../../shared/domain/user/user.ts';
import { apiUnderTest } from '../../support/api-under-test.ts';
import { changeMembership, endMembership } from '../../support/changed-rights.ts';
import { aCredential, aMember, anOrganization, signedIn, somebody } from '../../support/people-and-organizations.ts';

const { call } = await apiUnderTest();
let root: Organization;
let middle: Organization;
let leaf: Organization;
let person: User;
let headers: Record<string, string>;
beforeEach(async () => {
  root = await anOrganization(await somebody(), { name: 'Root' });
  middle = await anOrganization(await somebody(), { name: 'Middle', parent: root });
  leaf = await anOrganization(await somebody(), { name: 'Leaf', parent: middle });
  person = await somebody();
  headers = await signedIn(person);
});

const get = async ({ id }: Organization, of = '') =>
  (await call({ method: 'GET', path: `/orgs/${id}${of}`, headers })).status;
/** What a VIEWER may, and what an ADMIN may. */
const seen = async (organization: Organization) =>
  [await get(organization), await get(organization, '/access_log')] as const;
const asViewer = [200, 403];
const asAdmin = [200, 200];
const asStranger = [404, 404];

describe.each<Role>(['OWNER', 'ADMIN'])('%s of an organization', (role) => {
  test('is it in every descendant too, and in nothing above or beside', async () => {
    const beside = await anOrganization(await somebody(), { parent: root });
    await aMember(middle, person, [role]);
    expect(await seen(root)).toEqual(asStranger);
    expect(await seen(middle)).toEqual(asAdmin);
    expect(await seen(leaf)).toEqual(asAdmin);
    expect(await seen(beside)).toEqual(asStranger);
  });

  test('is it no longer when the membership ends, is deactivated or changes', async () => {
    await aMember(root, person, [role]);
    expect(await seen(leaf)).toEqual(asAdmin);
    await changeMembership(root, person, { isActive: false });
    expect(await seen(leaf)).toEqual(asStranger);
    await changeMembership(root, person, { isActive: true, roles: ['ACCOUNTING'] });
    expect(await seen(leaf)).toEqual(asStranger);
    await changeMembership(root, person, { roles: [role, 'ACCOUNTING'] });
    expect(await seen(leaf)).toEqual(asAdmin);
    await endMembership(root, person);
    expect(await seen(leaf)).toEqual(asStranger);
  });

  test('adds to what a membership further down allows', async () => {
    await aMember(leaf, person, ['VIEWER']);
    expect(await seen(leaf)).toEqual(asViewer);
    await aMember(root, person, [role]);
    expect(await seen(leaf)).toEqual(asAdmin);
  });

  test('is not kept out by a membership further down that is deactivated', async () => {
    await aMember(leaf, person, ['VIEWER'], { isActive: false });
    expect(await get(leaf)).toBe(403);
    await aMember(root, person, [role]);
    expect(await seen(leaf)).toEqual(asAdmin);
  });
});

test('roles that are not inherited from above leave the one held below as it is', async () => {
  await aMember(root, person, ['CONTRIBUTOR', 'ACCOUNTING', 'VIEWER']);
  expect(await seen(root)).toEqual(asViewer);
  expect(await seen(leaf)).toEqual(asStranger);
  await aMember(leaf, person, ['VIEWER']);
  expect(await seen(leaf)).toEqual(asViewer);
  expect(await get(leaf, '/consumption')).toBe(403);
});

test('a list of one’s organizations shows memberships only, deactivated ones too, by name', async () => {
  await aMember(root, person, ['OWNER']);
  await aMember(leaf, person, ['VIEWER'], { isActive: false });
  const list = await call({ method: 'GET', path: '/organizations', headers });
  expect(list.body).toMatchObject([
    { id: leaf.id, role: 'VIEWER', is_active: false },
    { id: root.id, role: 'OWNER', is_active: true },
  ]);
});

describe('nobody grants a role with permissions that they lack there', () => {
  const invite = async (organization: Organization, roles: number[], as = headers) => {
    const path = `/api/organizations/${organization.id}/invite`;
    const body = { email: `guest-${Math.random()}@example.com`, roles };
    return (await call({ method: 'POST', path, headers: as, body })).status;
  };

  test('an ADMIN grants all but OWNER, an OWNER from above that too', async () => {
    await aMember(middle, person, ['ADMIN']);
    for (const organization of [middle, leaf]) {
      expect(await invite(organization, [1])).toBe(403);
      expect(await invite(organization, [5, 1])).toBe(403);
      for (const role of [2, 3, 4, 5]) expect([role, await invite(organization, [role])]).toEqual([role, 200]);
    }
    await aMember(root, person, ['OWNER']);
    for (const organization of [middle, leaf]) expect(await invite(organization, [1])).toBe(200);
  });

  test('a key grants no more than it was given', async () => {
    await aMember(middle, person, ['OWNER']);
    const key = await aCredential(middle, person, ['invitations:write', 'organization:read', 'members:read']);
    expect(await invite(middle, [5], key)).toBe(403);
    const viewer = await aCredential(middle, person, [
      'invitations:write',
      'organization:read',
      'members:read',
      'customizations:read',
    ]);
    expect(await invite(middle, [5], viewer)).toBe(200);
    expect(await invite(leaf, [5], viewer)).toBe(200);
    expect(await invite(middle, [3], viewer)).toBe(403);
  });
});
