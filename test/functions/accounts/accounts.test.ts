import { beforeEach, describe, expect, test } from 'vitest';
import { rolePermissions } from '../../../shared/domain/access/permissions.ts';
import { roles } from '../../../shared/domain/access/roles.ts';
import { toHex24, toOrgName, toUuid } from '../../../shared/domain/identifiers.ts';
import { inParallel } from '../../../shared/domain/in-parallel.ts';
import type { Organization } from '../../../shared/domain/organization/organization.ts';
import type { User } from '../../../shared/domain/user/user.ts';
import { apiUnderTest } from '../../support/api-under-test.ts';
import { badValues, expectRefusedFor, noText, titleOf } from '../../support/bad-values.ts';
import { aCredential, aMember, anOrganization, signedIn, somebody } from '../../support/people-and-organizations.ts';

type Headers = Record<string, string>;

const { call } = await apiUnderTest();
let owner: User;
let organization: Organization;
let headers: Headers;

const get = (path: string, as = headers) => call({ method: 'GET', path: `/organizations${path}`, headers: as });

beforeEach(async () => {
  owner = await somebody();
  organization = await anOrganization(owner, { name: 'SajMix inc' });
  headers = await signedIn(owner);
});

describe('GET /organizations', () => {
  test('answers every account of the caller by name, with the role there, also when there are hundreds', async () => {
    const names = Array.from({ length: 150 }, (_, at) => `Account ${String(at).padStart(3, '0')}`);
    await inParallel(names, 16, async (name) => {
      await anOrganization(owner, { name });
    });
    const other = await anOrganization(await somebody(), { name: 'zebra' });
    await aMember(other, owner, ['VIEWER'], { isActive: false });
    const { status, body } = await get('');
    expect(status).toBe(200);
    expect(body.map(({ organization_name: name }: { organization_name: string }) => name)).toEqual([
      ...names,
      'SajMix inc',
      'zebra',
    ]);
    expect(body.at(-1)).toMatchObject({ id: other.id, role: 'VIEWER', is_active: false });
    expect(body.at(-2)).toEqual({
      id: organization.id,
      organization_name: 'SajMix inc',
      role: 'OWNER',
      is_active: true,
      status: 'active',
      parent_id: null,
      created_on: new Date(organization.createdAt).toISOString(),
    });
  });

  test('with an API key, its own organization alone; what is only inherited is no account', async () => {
    await anOrganization(owner);
    await anOrganization(await somebody(), { parent: organization });
    expect((await get('')).body).toHaveLength(2);
    expect((await get('', await aCredential(organization, owner))).body).toMatchObject([{ id: organization.id }]);
  });

  test('with an API key whose maker is no member, but OWNER above, its own organization all the same', async () => {
    const child = await anOrganization(await somebody(), { parent: organization });
    const key = await aCredential(child, owner);
    const { body } = await get('', key);
    expect(body).toEqual([(await get(`/${child.id}`, key)).body]);
    expect(body).toMatchObject([{ id: child.id, role: 'OWNER', is_active: true }]);
  });
});

describe('POST /organizations', () => {
  const create = (body: unknown, more: Headers = {}) =>
    call({ method: 'POST', path: '/organizations', headers: { ...headers, ...more }, body });

  test('makes an account whose OWNER is the caller', async () => {
    const answer = await create({ organization_name: ' SajMix inc ' });
    expect(answer.status).toBe(201);
    expect(answer.body).toEqual({
      id: expect.any(Number),
      organization_name: 'SajMix inc',
      role: 'OWNER',
      is_active: true,
      status: 'active',
      parent_id: null,
      created_on: expect.stringMatching(/Z$/),
    });
    expect((await get(`/${answer.body.id}`)).body).toEqual(answer.body);
  });

  test('an Idempotency-Key makes one account only', async () => {
    const key = { 'idempotency-key': 'once' };
    const answers = await Promise.all([1, 2, 3].map(() => create({ organization_name: 'Once' }, key)));
    expect(new Set(answers.map(({ text }) => text)).size).toBe(1);
    expect((await get('')).body).toHaveLength(2);
  });

  const bad = badValues({ organization_name: [undefined, ...noText, '', ' ', 'x'.repeat(121), 'a\nb'], id: [5] });
  test.each(bad.map((value) => [titleOf(value), value] as const))(
    'refuses and names %s',
    async (_, { field, value }) => {
      expectRefusedFor(await create({ organization_name: 'SajMix', [field]: value }), field);
    },
  );
});

describe('PUT /organizations', () => {
  const update = (body: unknown, as = headers) => call({ method: 'PUT', path: '/organizations', headers: as, body });

  test('renames the account that the body names, in any spelling of its id', async () => {
    const { id } = organization;
    const spellings = [id, String(id), toUuid('organization', id), toHex24('organization', id), toOrgName(id)];
    for (const [at, spelled] of spellings.entries()) {
      const { status, body } = await update({ id: spelled, organization_name: `Name ${at}` });
      expect(status).toBe(200);
      expect(body).toMatchObject({ id, organization_name: `Name ${at}`, role: 'OWNER' });
    }
    expect((await get(`/${id}`)).body.organization_name).toBe('Name 4');
  });

  test('is 403 to a member who may not, and 400 naming the id to everybody who may not know of the account', async () => {
    const viewer = await somebody();
    await aMember(organization, viewer, ['VIEWER']);
    const wanted = { id: organization.id, organization_name: 'Mine' };
    expect((await update(wanted, await signedIn(viewer))).status).toBe(403);
    expectRefusedFor(await update(wanted, await signedIn(await somebody())), 'id');
  });

  test('honours If-Match', async () => {
    const etag = (await get(`/${organization.id}`)).headers.etag ?? '';
    const wanted = { id: organization.id, organization_name: 'One' };
    expect((await update(wanted, { ...headers, 'if-match': etag })).status).toBe(200);
    expect((await update({ ...wanted, organization_name: 'Two' }, { ...headers, 'if-match': etag })).status).toBe(412);
  });

  const bad = badValues({
    organization_name: [undefined, ...noText, '', 'x'.repeat(121)],
    id: [undefined, null, true, [], {}, 'x', -1, 0, 1.5, 4_000_000_007, toHex24('user', 5)],
    status: ['inactive'],
  });
  test.each(bad.map((value) => [titleOf(value), value] as const))(
    'refuses and names %s',
    async (_, { field, value }) => {
      const wanted = { id: organization.id, organization_name: 'SajMix', [field]: value };
      expectRefusedFor(await update(wanted), field);
    },
  );
});

describe('GET /organizations/{organization_id}', () => {
  test('answers the account, with the role that counts there', async () => {
    const answer = await get(`/${organization.id}`);
    expect(answer).toMatchObject({ status: 200, body: { id: organization.id, role: 'OWNER', is_active: true } });
    expect(answer.headers.etag).toMatch(/^"1-/);
    const child = await anOrganization(await somebody(), { parent: organization });
    await aMember(child, owner, ['VIEWER']);
    expect((await get(`/${child.id}`)).body).toMatchObject({ role: 'OWNER', parent_id: organization.id });
  });

  test('a stranger gets the same 404 as for one that never was', async () => {
    const stranger = await signedIn(await somebody());
    const [one, other] = [await get(`/${organization.id}`, stranger), await get('/4000000007', stranger)];
    const anonymous = ({ body }: typeof one) => ({ ...body, request_id: '', timestamp: '', path: '' });
    expect([one.status, other.status]).toEqual([404, 404]);
    expect(anonymous(one)).toEqual(anonymous(other));
    expect(anonymous(one)).toMatchObject({ status: 404, error: 'Not Found', code: 'organization_not_found' });
  });
});

describe('DELETE /organizations/{organization_id}', () => {
  const remove = (of = organization, as = headers) =>
    call({ method: 'DELETE', path: `/organizations/${of.id}`, headers: as });

  test('deletes the account, and from then on nothing shows it', async () => {
    expect(await remove()).toMatchObject({ status: 204, text: '' });
    expect((await get(`/${organization.id}`)).status).toBe(404);
    expect((await get('')).body).toEqual([]);
    expect((await remove()).status).toBe(404);
  });

  test('not while others stand below it, nor by anybody but an OWNER', async () => {
    const child = await anOrganization(owner, { parent: organization });
    expect(await remove()).toMatchObject({ status: 409, body: { code: 'has_children', error: 'Conflict' } });
    const admin = await somebody();
    await aMember(organization, admin, ['ADMIN']);
    expect((await remove(organization, await signedIn(admin))).status).toBe(403);
    expect((await remove(child)).status).toBe(204);
    expect((await remove()).status).toBe(204);
  });
});

describe('/organizations/{organization_id}/leave', () => {
  test.each(['GET', 'POST'])('%s ends the membership of whoever calls; a second time is 404', async (method) => {
    const member = await somebody();
    await aMember(organization, member, ['ADMIN']);
    const as = await signedIn(member);
    const leave = () => call({ method, path: `/organizations/${organization.id}/leave`, headers: as });
    const answer = await leave();
    expect(answer).toMatchObject({ status: 200, body: { message: expect.any(String) } });
    expect(answer.headers['cache-control']).toBe('no-store');
    expect((await get('', as)).body).toEqual([]);
    expect((await leave()).status).toBe(404);
  });

  test('a credential leaves for its maker only where it may do all that the maker may', async () => {
    const member = await somebody();
    await aMember(organization, member, ['ADMIN']);
    const path = `/organizations/${organization.id}/leave`;
    for (const given of [[], ['organization:read'], rolePermissions.filter((name) => name !== 'logs:read')] as const) {
      const as = await aCredential(organization, member, given);
      expect(await call({ method: 'POST', path, headers: as })).toMatchObject({
        status: 403,
        body: { code: 'forbidden' },
      });
      expect(await call({ method: 'GET', path, headers: as })).toMatchObject({ status: 403 });
    }
    const viewer = await somebody();
    await aMember(organization, viewer, ['VIEWER']);
    for (const maker of [member, viewer]) {
      const as = await aCredential(organization, maker, maker === viewer ? roles.VIEWER.permissions : rolePermissions);
      expect((await call({ method: 'POST', path, headers: as })).status).toBe(200);
    }
  });

  test('the last owner stays; of two who leave at once one does', async () => {
    const path = `/organizations/${organization.id}/leave`;
    expect(await call({ method: 'POST', path, headers })).toMatchObject({ status: 409, body: { code: 'last_owner' } });
    const second = await somebody();
    await aMember(organization, second, ['OWNER']);
    const both = [headers, await signedIn(second)];
    const answers = await Promise.all(both.map((as) => call({ method: 'POST', path, headers: as })));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409]);
  });

  test('a role that is only inherited cannot be left', async () => {
    const child = await anOrganization(await somebody(), { parent: organization });
    expect(await call({ method: 'POST', path: `/organizations/${child.id}/leave`, headers })).toMatchObject({
      status: 404,
    });
  });

  test('works where the organization is not active', async () => {
    const idle = await anOrganization(await somebody(), { status: 'suspended', statusReason: 'unpaid' });
    await aMember(idle, owner, ['VIEWER']);
    expect((await call({ method: 'POST', path: `/organizations/${idle.id}/leave`, headers })).status).toBe(200);
  });
});

describe('GET /organizations/{organization_id}/role', () => {
  test('is the strongest role as a JSON string', async () => {
    const answer = await get(`/${organization.id}/role`);
    expect([answer.status, answer.text, answer.headers['content-type']]).toEqual([200, '"OWNER"', 'application/json']);
    const member = await somebody();
    await aMember(organization, member, ['CONTRIBUTOR', 'VIEWER']);
    expect((await get(`/${organization.id}/role`, await signedIn(member))).body).toBe('CONTRIBUTOR');
  });

  test('is inherited by a platform administrator too; 404 where they have none', async () => {
    const administrator = await somebody({ isPlatformAdministrator: true });
    const as = await signedIn(administrator);
    await aMember(organization, administrator, ['ADMIN']);
    const child = await anOrganization(owner, { parent: organization });
    expect((await get(`/${child.id}/role`, as)).body).toBe('ADMIN');
    expect((await get(`/${child.id}`, as)).body).toMatchObject({ role: 'ADMIN', is_active: true });
    const elsewhere = await anOrganization(owner);
    expect((await get(`/${elsewhere.id}/role`, as)).status).toBe(404);
    expect((await get(`/${elsewhere.id}`, as)).body).toMatchObject({ role: null, is_active: false });
  });

  test('is 403 to a deactivated member and 404 to a stranger', async () => {
    const member = await somebody();
    await aMember(organization, member, ['ADMIN'], { isActive: false });
    expect(await get(`/${organization.id}/role`, await signedIn(member))).toMatchObject({
      status: 403,
      body: { code: 'membership_inactive' },
    });
    expect((await get(`/${organization.id}/role`, await signedIn(await somebody()))).status).toBe(404);
  });
});

describe('GET /organizations/{organization_id}/summary', () => {
  test('lists every figure with its unit', async () => {
    await aMember(organization, await somebody(), ['VIEWER'], { isActive: false, bytesLimit: 10, bytesUsed: 4 });
    await anOrganization(owner, { parent: organization });
    const { status, body } = await get(`/${organization.id}/summary`);
    expect(status).toBe(200);
    expect(body).toEqual([
      { metric: 'members', value: 2, unit: 'count' },
      { metric: 'active_members', value: 1, unit: 'count' },
      { metric: 'pending_invitations', value: 0, unit: 'count' },
      { metric: 'workspaces', value: 0, unit: 'count' },
      { metric: 'children', value: 1, unit: 'count' },
      { metric: 'storage_bytes_used', value: 4, unit: 'bytes' },
      { metric: 'storage_bytes_limit', value: null, unit: 'bytes' },
      { metric: 'api_calls_this_month', value: 0, unit: 'calls' },
      { metric: 'wallet_balance', value: 0, unit: 'credits' },
      { metric: 'sms_points', value: 0, unit: 'points' },
    ]);
  });

  test('takes metrics:read', async () => {
    const viewer = await somebody();
    await aMember(organization, viewer, ['ACCOUNTING']);
    expect((await get(`/${organization.id}/summary`, await signedIn(viewer))).status).toBe(403);
  });
});
