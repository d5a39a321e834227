import { beforeAll, describe, expect, it, vi } from 'vitest';
import { credentialKey } from '../../../shared/data/credential-store.ts';
import { credentialAttributes } from '../../../shared/data/items.ts';
import { organizationKey } from '../../../shared/data/organization-store.ts';
import { keyOf } from '../../../shared/data/table.ts';
import { permissions, rolePermissions } from '../../../shared/domain/access/permissions.ts';
import type { Credential } from '../../../shared/domain/credential/credential.ts';
import {
  counterLimits,
  countersOfNewOrganization,
  type Organization,
} from '../../../shared/domain/organization/organization.ts';
import { hourMilliseconds } from '../../../shared/domain/timestamp.ts';
import type { User } from '../../../shared/domain/user/user.ts';
import { services } from '../../support/all-services.ts';
import { apiUnderTest } from '../../support/api-under-test.ts';
import { auditTrailOf } from '../../support/audit-trail.ts';
import { aMember, anOrganization, signedIn, somebody } from '../../support/people-and-organizations.ts';
import { storedItems } from '../../support/stored-items.ts';

type Headers = Record<string, string>;

const { call } = await apiUnderTest();
let owner: User;
let organization: Organization;
let asOwner: Headers;
let keys: string;

beforeAll(async () => {
  owner = await somebody();
  asOwner = await signedIn(owner);
  organization = await anOrganization(owner, { name: 'Acme' });
  keys = `/orgs/org-${organization.id}/api_keys`;
});

const make = (body: unknown, headers: Headers = asOwner, path = keys) => call({ method: 'POST', path, headers, body });
const read = (headers: Headers, path = `/orgs/${organization.id}`) => call({ method: 'GET', path, headers });

describe('making an API key', () => {
  it('answers one secret in three spellings, each of which signs in', async () => {
    const made = await make({ name: ' Nightly export ' });
    expect(made.status, made.text).toBe(201);
    expect(made.body).toEqual({
      id: expect.stringMatching(/^[1-9]\d*$/),
      name: 'Nightly export',
      permissions: rolePermissions,
      created_at: expect.stringMatching(/Z$/),
      expires_at: null,
      last_used_at: null,
      client_id: expect.stringMatching(/^id_/),
      client_secret: expect.stringMatching(/^sk_/),
      api_key: expect.stringMatching(/^ak_/),
    });
    const { client_id, client_secret, api_key } = made.body;
    for (const headers of [
      { authorization: `Bearer ${api_key}` },
      { authorization: `AccessKey ${api_key}` },
      { 'x-api-key': api_key },
      { 'client-id': client_id, 'client-secret': client_secret },
    ] as Headers[]) {
      expect((await read(headers)).status).toBe(200);
    }
  });

  it('keeps no secret anywhere', async () => {
    const made = await make({ name: 'Unseen' });
    const stored = JSON.stringify(await storedItems());
    for (const spelling of ['client_secret', 'api_key']) {
      expect(stored).not.toContain(made.body[spelling].slice(3));
    }
    const listed = await call({ method: 'GET', path: keys, headers: asOwner });
    expect(Object.keys(listed.body.at(-1))).toEqual([
      'id',
      'name',
      'permissions',
      'created_at',
      'expires_at',
      'last_used_at',
    ]);
  });

  it('gives the key the permissions that were asked for, each once, and no more', async () => {
    const made = await make({ name: 'Reader', permissions: ['logs:read', 'organization:read', 'logs:read'] });
    expect(made.body.permissions).toEqual(['organization:read', 'logs:read']);
    const headers = { 'x-api-key': made.body.api_key };
    expect((await read(headers)).status).toBe(200);
    expect((await read(headers, keys)).status).toBe(403);
  });

  it('gives organization:create only by name', async () => {
    const [without, withIt] = [
      await make({ name: 'A' }),
      await make({ name: 'B', permissions: ['organization:create'] }),
    ];
    expect(without.body.permissions).not.toContain('organization:create');
    expect(withIt.body.permissions).toEqual(['organization:create']);
  });

  it('refuses a permission that the caller lacks here, naming it', async () => {
    const admin = await somebody();
    await aMember(organization, admin, ['ADMIN']);
    const asAdmin = await signedIn(admin);
    const refused = await make({ name: 'Too much', permissions: ['members:read', 'owners:write'] }, asAdmin);
    expect(refused.status).toBe(403);
    expect(refused.body).toMatchObject({
      code: 403,
      error: 'forbidden',
      message: expect.stringContaining('owners:write'),
    });
    const made = await make({ name: 'All of mine' }, asAdmin);
    expect(made.body.permissions).not.toContain('owners:write');
    expect(made.body.permissions).toContain('members:write');
  });

  it('lets a key make no key that can do more than itself', async () => {
    const maker = await make({ name: 'Maker', permissions: ['credentials:write', 'members:read'] });
    const asKey = { 'x-api-key': maker.body.api_key };
    expect((await make({ name: 'More', permissions: ['logs:read'] }, asKey)).status).toBe(403);
    expect((await make({ name: 'More', permissions: ['organization:create'] }, asKey)).status).toBe(403);
    const made = await make({ name: 'Same' }, asKey);
    expect(made.body.permissions).toEqual(['members:read', 'credentials:write']);
  });

  it('needs credentials:write, and shows the organization to nobody else', async () => {
    const viewer = await somebody();
    await aMember(organization, viewer, ['VIEWER']);
    expect((await make({ name: 'X' }, await signedIn(viewer))).status).toBe(403);
    expect((await make({ name: 'X' }, await signedIn(await somebody()))).status).toBe(404);
    expect((await make({ name: 'X' }, {})).status).toBe(401);
  });

  it('refuses a platform administrator without a role here, and gives one who has a role that role alone', async () => {
    const administrator = await somebody({ isPlatformAdministrator: true });
    const headers = await signedIn(administrator);
    const refused = await make({ name: 'X' }, headers);
    expect([refused.status, refused.body.error]).toEqual([403, 'membership_required']);
    await aMember(organization, administrator, ['VIEWER']);
    const made = await make({ name: 'X' }, headers);
    expect(made.body.permissions).toEqual(['organization:read', 'members:read', 'customizations:read']);
    expect((await make({ name: 'X', permissions: ['logs:read'] }, headers)).status).toBe(403);
  });

  it('lets an administrator of the parent make a key in the child, which works there', async () => {
    const child = await anOrganization(await somebody(), { name: 'Child', parent: organization });
    const made = await make({ name: 'From above' }, asOwner, `/orgs/${child.id}/api_keys`);
    expect(made.status).toBe(201);
    expect((await read({ 'x-api-key': made.body.api_key }, `/orgs/${child.id}`)).status).toBe(200);
    expect((await read({ 'x-api-key': made.body.api_key })).status).toBe(404);
  });

  it('takes an expiry in the future, after which the key is refused', async () => {
    const at = Date.now() + hourMilliseconds;
    const made = await make({ name: 'Short', expires_at: new Date(at).toISOString() });
    expect(made.body.expires_at).toBe(new Date(at).toISOString());
    const headers = { 'x-api-key': made.body.api_key };
    expect((await read(headers)).status).toBe(200);
    // As if the hour were over.
    const key = credentialKey(organization.id, Number(made.body.id));
    await services().table.update(key, { set: { validUntil: Date.now() } });
    expect((await read(headers)).status).toBe(401);
    const listed = await call({ method: 'GET', path: keys, headers: asOwner });
    expect(listed.body.map(({ id }: { id: string }) => id)).toContain(made.body.id);
  });

  it.each([
    [{}, 'name'],
    [{ name: '' }, 'name'],
    [{ name: '   ' }, 'name'],
    [{ name: 'x'.repeat(121) }, 'name'],
    [{ name: 'a\nb' }, 'name'],
    [{ name: 7 }, 'name'],
    [{ name: null }, 'name'],
    // In the access log a key's name stands where the addresses of people do.
    [{ name: 'Owner@Example.com' }, 'name'],
    [{ name: 'owner＠example.com' }, 'name'],
    [{ name: 'X', permissions: 'logs:read' }, 'permissions'],
    [{ name: 'X', permissions: null }, 'permissions'],
    [{ name: 'X', permissions: ['logs:write'] }, 'permissions.0'],
    [{ name: 'X', permissions: [['logs:read']] }, 'permissions.0'],
    [{ name: 'X', expires_at: '2020-01-01T00:00:00Z' }, 'expires_at'],
    [{ name: 'X', expires_at: 'tomorrow' }, 'expires_at'],
    [{ name: 'X', expires_at: '2099-02-31T00:00:00Z' }, 'expires_at'],
    [{ name: 'X', expires_at: 4_102_444_800 }, 'expires_at'],
    [{ name: 'X', expires_at: '9999-12-31T23:59:59-23:00' }, 'expires_at'],
    [{ name: 'X', makerId: 1 }, 'makerId'],
    [[], 'body'],
    ['null', 'body'],
    ['{', 'body'],
  ])('refuses %j, naming %s', async (body, field) => {
    const answer = await make(body);
    expect(answer.status, answer.text).toBe(400);
    expect(answer.body).toMatchObject({ code: 400, error: 'invalid_request', fields: { [field]: expect.any(String) } });
  });

  it('makes one key for one Idempotency-Key and never shows its secret twice', async () => {
    const headers = { ...asOwner, 'idempotency-key': 'key-once' };
    const before = (await call({ method: 'GET', path: keys, headers: asOwner })).body.length;
    const answers = await Promise.all([1, 2, 3].map(() => make({ name: 'Once' }, headers)));
    const [made, ...others] = answers.toSorted((one, other) => one.status - other.status);
    expect(made?.status).toBe(201);
    for (const other of [...others, await make({ name: 'Once' }, headers)]) {
      expect([other.status, other.body.error]).toEqual([409, 'already_made']);
      expect(other.body.message).toContain(made?.body.id);
      expect(other.text).not.toContain('sk_');
    }
    expect((await make({ name: 'Another' }, headers)).body.error).toBe('idempotency_key_reused');
    expect((await call({ method: 'GET', path: keys, headers: asOwner })).body).toHaveLength(before + 1);
  });

  it('is on the audit trail, without the secret', async () => {
    const made = await make({ name: 'Audited', permissions: ['logs:read'], expires_at: '2099-01-01T00:00:00+01:00' });
    const trail = (await auditTrailOf(organization)).filter(({ entityId }) => entityId === made.body.id);
    expect(trail).toEqual([
      {
        organizationId: organization.id,
        admin: owner.email,
        credentialId: null,
        requestId: made.headers['x-request-id'],
        action: 'insert',
        entity: 'credential',
        entityId: made.body.id,
        oldData: null,
        newData: { name: 'Audited', permissions: ['logs:read'], expires_at: '2098-12-31T23:00:00.000Z' },
      },
    ]);
  });
});

describe('an inactive organization', () => {
  it('gets no new key, but from a platform administrator who has a role in it', async () => {
    const administrator = await somebody({ isPlatformAdministrator: true });
    const still = await anOrganization(owner, { status: 'inactive' });
    await aMember(still, administrator, ['ADMIN']);
    const path = `/orgs/${still.id}/api_keys`;
    const refused = await make({ name: 'X' }, asOwner, path);
    expect([refused.status, refused.body.error]).toEqual([403, 'organization_not_active']);
    expect((await make({ name: 'X' }, await signedIn(administrator), path)).status).toBe(201);
  });
});

describe('the list of API keys', () => {
  it('shows the hour of the last use', async () => {
    const made = await make({ name: 'Used' });
    const find = async () =>
      (await call({ method: 'GET', path: keys, headers: asOwner })).body.find(
        ({ id }: { id: string }) => id === made.body.id,
      );
    expect((await find()).last_used_at).toBeNull();
    const hour = new Date(Math.floor(Date.now() / 3_600_000) * 3_600_000).toISOString();
    await read({ 'x-api-key': made.body.api_key });
    expect((await find()).last_used_at).toBe(hour);
  });

  it("does not show another organization's keys", async () => {
    const other = await anOrganization(owner);
    const answer = await call({ method: 'GET', path: `/orgs/${other.id}/api_keys`, headers: asOwner });
    expect([answer.status, answer.body]).toEqual([200, []]);
  });
});

describe('deleting an API key', () => {
  it('ends it at once and leaves an audit entry', async () => {
    const made = await make({ name: 'Doomed', permissions: ['organization:read'] });
    const headers = { 'x-api-key': made.body.api_key };
    expect((await read(headers)).status).toBe(200);
    const answer = await call({ method: 'DELETE', path: `${keys}/${made.body.id}`, headers: asOwner });
    expect([answer.status, answer.text]).toEqual([204, '']);
    expect((await read(headers)).status).toBe(401);
    const again = await call({ method: 'DELETE', path: `${keys}/${made.body.id}`, headers: asOwner });
    expect([again.status, again.body.error]).toEqual([404, 'credential_not_found']);
    const trail = (await auditTrailOf(organization)).filter(({ entityId }) => entityId === made.body.id);
    expect(trail.slice(1)).toMatchObject([
      {
        action: 'delete',
        oldData: { name: 'Doomed', permissions: ['organization:read'], expires_at: null },
        newData: null,
      },
    ]);
  });

  it("does not reach another organization's key", async () => {
    const made = await make({ name: 'Foreign' });
    const other = await anOrganization(owner);
    const path = `/orgs/${other.id}/api_keys/${made.body.id}`;
    expect((await call({ method: 'DELETE', path, headers: asOwner })).status).toBe(404);
    expect((await read({ 'x-api-key': made.body.api_key })).status).toBe(200);
  });

  it.each(['x', '-1', '0', '1.5', '9007199254740993', 'org-5', '1'])('answers 404 to the id %s', async (id) => {
    const answer = await call({ method: 'DELETE', path: `${keys}/${id}`, headers: asOwner });
    expect([answer.status, answer.body.error]).toEqual([404, 'credential_not_found']);
  });
});

describe('rotating an API key', () => {
  const rotate = (id: string, body?: unknown, headers: Headers = asOwner) =>
    call({ method: 'POST', path: `${keys}/${id}/rotate`, headers, body });

  it('answers another secret, shaped like making one, and ends the old one at once', async () => {
    const made = await make({ name: 'Turning', permissions: ['organization:read'] });
    const old = { 'x-api-key': made.body.api_key };
    await read(old);
    const answer = await rotate(made.body.id, {});
    expect(answer.status, answer.text).toBe(200);
    expect(answer.body).toEqual({
      ...made.body,
      last_used_at: expect.stringMatching(/:00:00.000Z$/),
      client_secret: expect.stringMatching(/^sk_/),
      api_key: expect.stringMatching(/^ak_/),
    });
    expect(answer.body.api_key).not.toBe(made.body.api_key);
    expect((await read(old)).status).toBe(401);
    expect((await read({ 'x-api-key': answer.body.api_key })).status).toBe(200);
    const { client_id, client_secret } = answer.body;
    expect((await read({ 'client-id': client_id, 'client-secret': client_secret })).status).toBe(200);
  });

  it('lets the old secret work for the overlap and no longer', async () => {
    const made = await make({ name: 'Overlapping' });
    const old = { 'x-api-key': made.body.api_key };
    const answer = await rotate(made.body.id, { overlap_seconds: 60 });
    const both = async () => {
      const keys = [old, { 'x-api-key': answer.body.api_key }];
      return Promise.all(keys.map(async (key) => (await read(key)).status));
    };
    expect(await both()).toEqual([200, 200]);
    const clock = vi.spyOn(Date, 'now').mockReturnValue(Date.now() + 60_000);
    const later = await both();
    clock.mockRestore();
    expect(later).toEqual([401, 200]);
  });

  it('keeps one old secret, not two', async () => {
    const made = await make({ name: 'Twice' });
    const second = await rotate(made.body.id, { overlap_seconds: 86_400 });
    const third = await rotate(made.body.id, { overlap_seconds: 86_400 });
    const statuses = [made, second, third].map(async ({ body }) => (await read({ 'x-api-key': body.api_key })).status);
    expect(await Promise.all(statuses)).toEqual([401, 200, 200]);
  });

  it('takes no body for an empty one', async () => {
    const made = await make({ name: 'Bare' });
    expect((await rotate(made.body.id)).status).toBe(200);
  });

  it.each([-1, 86_401, 1.5, '60', null, true])('refuses an overlap of %j', async (overlap) => {
    const made = await make({ name: 'Kept' });
    const answer = await rotate(made.body.id, { overlap_seconds: overlap });
    expect(answer.status).toBe(400);
    expect(answer.body.fields).toHaveProperty('overlap_seconds');
    expect((await rotate(made.body.id, { overlap: 1 })).body.fields).toHaveProperty('overlap');
    expect((await read({ 'x-api-key': made.body.api_key })).status).toBe(200);
  });

  it('is refused to whoever lacks what the key holds', async () => {
    const made = await make({ name: 'Strong', permissions: ['owners:write'] });
    const admin = await somebody();
    await aMember(organization, admin, ['ADMIN']);
    expect((await rotate(made.body.id, {}, await signedIn(admin))).status).toBe(403);
    const viewer = await somebody();
    await aMember(organization, viewer, ['VIEWER']);
    expect((await rotate(made.body.id, {}, await signedIn(viewer))).status).toBe(403);
    const weak = await make({ name: 'Weak', permissions: ['credentials:write'] });
    expect((await rotate(made.body.id, {}, { 'x-api-key': weak.body.api_key })).status).toBe(403);
    const maker = await make({ name: 'Maker', permissions: ['organization:create'] });
    expect((await rotate(maker.body.id, {}, { 'x-api-key': weak.body.api_key })).status).toBe(403);
    expect((await rotate(maker.body.id, {}, await signedIn(admin))).status).toBe(200);
  });

  it('answers 404 to a key that is not there, or is another organization’s', async () => {
    const made = await make({ name: 'Foreign' });
    const other = await anOrganization(owner);
    const path = `/orgs/${other.id}/api_keys/${made.body.id}/rotate`;
    const answer = await call({ method: 'POST', path, headers: asOwner, body: {} });
    expect([answer.status, answer.body.error]).toEqual([404, 'credential_not_found']);
    expect((await rotate('1', {})).status).toBe(404);
  });

  it('happens once for one Idempotency-Key, and the secret is not told twice', async () => {
    const made = await make({ name: 'Once' });
    const headers = { ...asOwner, 'idempotency-key': 'rotate-once' };
    const first = await rotate(made.body.id, {}, headers);
    const again = await rotate(made.body.id, {}, headers);
    expect([first.status, again.status, again.body.error]).toEqual([200, 409, 'already_made']);
    expect(again.body.message).toContain(made.body.id);
    expect((await read({ 'x-api-key': first.body.api_key })).status).toBe(200);
  });

  it('leaves an audit entry without a secret', async () => {
    const made = await make({ name: 'Told', permissions: [] });
    const answer = await rotate(made.body.id, { overlap_seconds: 60 });
    const trail = (await auditTrailOf(organization)).filter(({ entityId }) => entityId === made.body.id);
    expect(trail.slice(1)).toMatchObject([
      { action: 'update', entity: 'credential', oldData: {}, newData: { overlap_seconds: 60 } },
    ]);
    expect(JSON.stringify(trail)).not.toContain(answer.body.client_secret.slice(3, 40));
  });

  it('has one winner after the other when two rotate at once', async () => {
    const made = await make({ name: 'Raced' });
    const answers = await Promise.all([rotate(made.body.id, {}), rotate(made.body.id, {})]);
    const statuses = answers.map(async ({ body }) => (await read({ 'x-api-key': body.api_key })).status);
    expect((await Promise.all(statuses)).sort()).toEqual([200, 401]);
  });
});

describe('the limit of API keys', () => {
  const { most, sentence } = counterLimits.credentials;
  const pathOf = ({ id }: Organization) => `/orgs/org-${id}/api_keys`;
  const withCount = (credentials: number) =>
    anOrganization(owner, { counters: { ...countersOfNewOrganization(owner), credentials } });
  const counted = async ({ id }: Organization) => (await services().stores.organizations.get(id))?.counters.credentials;

  it('is reached, not passed, and frees a place with each that is deleted', async () => {
    const of = await withCount(most - 1);
    const last = await make({ name: 'Last' }, asOwner, pathOf(of));
    expect(last.status, last.text).toBe(201);
    const refused = await make({ name: 'One more' }, asOwner, pathOf(of));
    expect(refused).toMatchObject({ status: 409, body: { error: 'limit_reached', message: sentence } });
    const path = `${pathOf(of)}/${last.body.id}`;
    expect((await call({ method: 'POST', path: `${path}/rotate`, headers: asOwner })).status).toBe(200);
    expect(await counted(of)).toBe(most);
    expect((await call({ method: 'DELETE', path, headers: asOwner })).status).toBe(204);
    expect(await counted(of)).toBe(most - 1);
    expect((await make({ name: 'One more' }, asOwner, pathOf(of))).status).toBe(201);
  });

  it('leaves one of many the last place', async () => {
    const of = await withCount(most - 1);
    const answers = await Promise.all(['A', 'B', 'C', 'D', 'E'].map((name) => make({ name }, asOwner, pathOf(of))));
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 409, 409, 409, 409]);
    expect((await call({ method: 'GET', path: pathOf(of), headers: asOwner })).body).toHaveLength(1);
    expect(await counted(of)).toBe(most);
  });

  it('counts what was made before there was a count as nothing, and works on', async () => {
    const of = await anOrganization(owner);
    const early = await make({ name: 'Early' }, asOwner, pathOf(of));
    await services().table.update(organizationKey(of.id), { remove: ['credentials'] });
    expect((await make({ name: 'Late' }, asOwner, pathOf(of))).status).toBe(201);
    expect(await counted(of)).toBe(1);
    const path = `${pathOf(of)}/${early.body.id}`;
    expect((await call({ method: 'DELETE', path, headers: asOwner })).status).toBe(204);
    expect((await call({ method: 'GET', path: pathOf(of), headers: asOwner })).body).toHaveLength(1);
  });

  it('keeps the list of the longest within half of what a function can answer', async () => {
    const of = await withCount(most);
    const now = Date.now();
    const items = Array.from({ length: most }, (_, at) => {
      const id = 2 ** 52 + at;
      const credential: Credential = {
        id,
        organizationId: of.id,
        makerId: owner.id,
        name: '"'.repeat(120),
        permissions,
        secretHash: 'h'.repeat(43),
        previousSecretHash: 'h'.repeat(43),
        previousSecretExpiresAt: now,
        expiresAt: now,
        createdAt: now,
      };
      return [
        { ...credentialKey(of.id, id), ...credentialAttributes(credential) },
        {
          ...keyOf('credentialUse', { organization: of.id, credential: id }),
          kind: 'credentialUse',
          credentialId: id,
          lastUsedAt: now,
        },
      ];
    });
    await services().table.putAll(items.flat());
    const answer = await call({ method: 'GET', path: pathOf(of), headers: asOwner });
    expect(answer.body).toHaveLength(most);
    // A function's answer is sent as JSON inside JSON.
    expect(Buffer.byteLength(JSON.stringify(answer.text))).toBeLessThan(3_000_000);
  });
});
