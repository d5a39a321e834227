import { beforeEach, describe, expect, test } from 'vitest';
import type { Permission } from '../../../shared/domain/access/permissions.ts';
import { readToken, writeToken } from '../../../shared/domain/access/tokens.ts';
import { toUuid } from '../../../shared/domain/identifiers.ts';
import type { Organization } from '../../../shared/domain/organization/organization.ts';
import type { User } from '../../../shared/domain/user/user.ts';
import { apiUnderTest } from '../../support/api-under-test.ts';
import { changeMembership, changePerson, changeState, endMembership } from '../../support/changed-rights.ts';
import { apiOf } from '../../support/in-process-api.ts';
import { aCredential, aMember, anOrganization, signedIn, somebody } from '../../support/people-and-organizations.ts';
import { forAdministrators, inBody } from '../../support/sample-endpoints.ts';

const { call } = await apiUnderTest();
let owner: User;
let organization: Organization;
beforeEach(async () => {
  owner = await somebody();
  organization = await anOrganization(owner);
});

type Headers = Record<string, string>;

const read = (headers: Headers, { id }: { id: number } = organization) =>
  call({ method: 'GET', path: `/orgs/${id}`, headers });
const listKeys = (headers: Headers, { id }: { id: number } = organization) =>
  call({ method: 'GET', path: `/orgs/${id}/api_keys`, headers });
const readOwn = (headers: Headers) =>
  call({ method: 'GET', path: '/clients/v1/organization-admin/organization/read', headers });

/** A service account in the other spellings of its secret. */
function spellings(account: { 'client-id': string; 'client-secret': string }): Record<string, Headers> {
  const id = readToken('id', account['client-id']);
  const secret = readToken('sk', account['client-secret']);
  if (!id || !secret) throw new TypeError('No service account.');
  const key = writeToken('ak', { ids: id.ids, secret: secret.secret });
  return {
    'Client-ID and Client-Secret': account,
    'X-API-KEY': { 'x-api-key': key },
    'Authorization: AccessKey': { authorization: `AccessKey ${key}` },
    'Authorization: Bearer': { authorization: `Bearer ${key}` },
  };
}

/** Everything that a credential can be asked of: in a path, in a body, in no place at all, and of an administrator. */
async function everywhere(headers: Headers): Promise<number[]> {
  const answers = await Promise.all([
    read(headers),
    read(headers, { id: 77 }),
    call({ method: 'GET', path: `/api/organizations/${toUuid('organization', organization.id)}`, headers }),
    call({ method: 'GET', path: '/organizations', headers }),
    call({ method: 'POST', path: '/organizations', headers, body: { organization_name: 'Another' } }),
    readOwn(headers),
  ]);
  return answers.map(({ status }) => status);
}

test('every spelling of a credential works in every dialect', async () => {
  for (const [, headers] of Object.entries(spellings(await aCredential(organization, owner)))) {
    expect(await everywhere(headers)).toEqual([200, 404, 200, 200, 201, 200]);
  }
});

test('a secret works only with its own id', async () => {
  const [one, other] = [await aCredential(organization, owner), await aCredential(organization, owner)];
  const mixed = { 'client-id': one['client-id'], 'client-secret': other['client-secret'] };
  expect(await everywhere(mixed)).toEqual([401, 401, 401, 401, 401, 401]);
});

test('a session is no credential of an organization', async () => {
  expect(await readOwn(await signedIn(owner))).toMatchObject({ status: 401, body: { code: 'unauthorized' } });
});

describe('a credential dies with what it stands on, the same 401 everywhere', () => {
  let maker: User;
  let headers: Headers;
  beforeEach(async () => {
    maker = await somebody();
    await aMember(organization, maker, ['ADMIN']);
    headers = await aCredential(organization, maker);
    expect((await read(headers)).status).toBe(200);
  });

  test.each<[string, () => Promise<void>]>([
    ['its maker leaves the organization', () => endMembership(organization, maker)],
    ['its maker is deactivated there', () => changeMembership(organization, maker, { isActive: false })],
    ['its maker is locked', () => changePerson(maker, { isLocked: true })],
    ['its maker is deleted', () => changePerson(maker, { deletedAt: Date.now() })],
    ['its organization is deleted', () => changeState(organization, { deletedAt: Date.now() })],
  ])('%s', async (_, happen) => {
    await happen();
    expect(await everywhere(headers)).toEqual([401, 401, 401, 401, 401, 401]);
    const none = await read({});
    expect((await read(headers)).text.replace(/"request_id":"[^"]+"/, '')).toBe(
      none.text.replace(/"request_id":"[^"]+"/, ''),
    );
  });

  test('its maker is deactivated there, though an OWNER above', async () => {
    const parent = await anOrganization(await somebody());
    const child = await anOrganization(await somebody(), { parent });
    await aMember(parent, maker, ['OWNER']);
    const inChild = await aCredential(child, maker);
    expect((await read(inChild, child)).status).toBe(200);
    await aMember(child, maker, ['VIEWER']);
    await changeMembership(child, maker, { isActive: false });
    expect((await read(inChild, child)).status).toBe(401);
  });

  test('its time is over', async () => {
    const now = Date.now();
    const over = await aCredential(organization, maker, undefined, { expiresAt: now - 1 });
    expect(await everywhere(over)).toEqual([401, 401, 401, 401, 401, 401]);
    const ahead = await aCredential(organization, maker, undefined, { expiresAt: now + 60_000 });
    expect((await read(ahead)).status).toBe(200);
  });

  test('a dead one learns nothing of what a body or an administrator’s path names', async () => {
    await endMembership(organization, maker);
    const ask = apiOf([inBody, forAdministrators]);
    for (const id of [organization.id, 77, 'x']) {
      expect((await ask({ method: 'PUT', path: '/organizations', headers, body: { id } })).status).toBe(401);
      expect((await ask({ method: 'POST', path: `/api/admin/organizations/${id}/sample`, headers })).status).toBe(401);
    }
  });
});

describe('a credential acts with the role that its maker has now', () => {
  test('a maker who is demoted takes the credential along', async () => {
    const maker = await somebody();
    await aMember(organization, maker, ['ADMIN']);
    const headers = await aCredential(organization, maker);
    expect((await listKeys(headers)).status).toBe(200);
    await changeMembership(organization, maker, { roles: ['VIEWER'] });
    expect((await read(headers)).status).toBe(200);
    expect(await listKeys(headers)).toMatchObject({ status: 403, body: { error: 'forbidden' } });
  });

  test('a maker who comes back brings it along, with the role of now', async () => {
    const maker = await somebody();
    await aMember(organization, maker, ['ADMIN']);
    const headers = await aCredential(organization, maker);
    await endMembership(organization, maker);
    expect((await read(headers)).status).toBe(401);
    await aMember(organization, maker, ['VIEWER']);
    expect((await read(headers)).status).toBe(200);
    expect(await listKeys(headers)).toMatchObject({ status: 403, body: { error: 'forbidden' } });
  });

  test('cut down to what it was given', async () => {
    const given: Permission[] = ['organization:read', 'members:read'];
    const headers = await aCredential(organization, owner, given);
    expect((await read(headers)).status).toBe(200);
    expect((await listKeys(headers)).status).toBe(403);
    const create = { method: 'POST', path: '/organizations', headers, body: { organization_name: 'Another' } };
    expect((await call(create)).status).toBe(403);
    expect((await read(await aCredential(organization, owner, []))).status).toBe(403);
  });

  test('with a role that its maker only inherits as well', async () => {
    const child = await anOrganization(await somebody(), { parent: organization });
    const headers = await aCredential(child, owner);
    expect((await listKeys(headers, child)).status).toBe(200);
    await changeMembership(organization, owner, { roles: ['VIEWER'] });
    expect((await listKeys(headers, child)).status).toBe(401);
  });

  test('never with a platform administrator’s powers', async () => {
    const administrator = await somebody({ isPlatformAdministrator: true });
    await aMember(organization, administrator, ['VIEWER']);
    const headers = await aCredential(organization, administrator);
    expect((await read(headers)).status).toBe(200);
    expect((await listKeys(headers)).status).toBe(403);
    const elsewhere = await anOrganization(await somebody());
    expect((await read(headers, elsewhere)).status).toBe(404);
    const path = `/api/admin/organizations/${organization.id}/sample`;
    const asKey = await apiOf([forAdministrators])({ method: 'POST', path, headers, body: {} });
    expect(asKey).toMatchObject({ status: 403, body: { code: 'forbidden' } });
    const asPerson = { method: 'POST', path, headers: await signedIn(administrator), body: {} };
    expect((await apiOf([forAdministrators])(asPerson)).status).toBe(200);
  });
});

describe('a credential reaches its own organization and what is below', () => {
  test('while its maker is OWNER or ADMIN there', async () => {
    const child = await anOrganization(await somebody(), { parent: organization });
    const grandchild = await anOrganization(await somebody(), { parent: child });
    const maker = await somebody();
    await aMember(organization, maker, ['ADMIN', 'ACCOUNTING']);
    const headers = await aCredential(organization, maker);
    for (const below of [child, grandchild]) expect((await listKeys(headers, below)).status).toBe(200);
    await changeMembership(organization, maker, { roles: ['CONTRIBUTOR', 'ACCOUNTING', 'VIEWER'] });
    expect((await read(headers)).status).toBe(200);
    for (const below of [child, grandchild]) expect((await read(headers, below)).status).toBe(404);
  });

  test('also where that role comes from above', async () => {
    const child = await anOrganization(await somebody(), { parent: organization });
    const grandchild = await anOrganization(await somebody(), { parent: child });
    const headers = await aCredential(child, owner);
    expect((await listKeys(headers, grandchild)).status).toBe(200);
    expect((await read(headers, organization)).status).toBe(404);
  });

  test('and no other, also not one that its maker belongs to', async () => {
    const [foreign, sibling] = [await anOrganization(await somebody()), await anOrganization(owner)];
    const child = await anOrganization(await somebody(), { parent: organization });
    const headers = await aCredential(organization, owner);
    const never = await read(headers, { id: 77 });
    expect(never.status).toBe(404);
    for (const other of [foreign, sibling]) {
      const answer = await read(headers, other);
      expect({ ...answer.body, request_id: '' }).toEqual({ ...never.body, request_id: '' });
      expect(answer.status).toBe(404);
    }
    expect((await read(await aCredential(child, owner), organization)).status).toBe(404);
  });

  test('lists its own organization alone', async () => {
    await anOrganization(owner);
    const list = await call({ method: 'GET', path: '/organizations', headers: await aCredential(organization, owner) });
    expect(list.body.map(({ id }: { id: number }) => id)).toEqual([organization.id]);
  });
});

test('a use is noted with the credential, whatever it came to', async () => {
  const headers = await aCredential(organization, owner, ['organization:read']);
  const before = Date.now();
  expect((await listKeys(headers)).status).toBe(403);
  const [key] = (await listKeys(await signedIn(owner))).body;
  expect(Date.parse(key.last_used_at)).toBe(Math.floor(before / 3_600_000) * 3_600_000);
});
