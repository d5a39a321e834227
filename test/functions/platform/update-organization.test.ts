import { beforeAll, describe, expect, test } from 'vitest';
import { toUuid } from '../../../shared/domain/identifiers.ts';
import type { Organization } from '../../../shared/domain/organization/organization.ts';
import type { User } from '../../../shared/domain/user/user.ts';
import { apiUnderTest } from '../../support/api-under-test.ts';
import { auditTrailOf } from '../../support/audit-trail.ts';
import { aMember, anOrganization, signedIn, somebody } from '../../support/people-and-organizations.ts';
import { storedItems } from '../../support/stored-items.ts';

type Headers = Record<string, string>;

const { call } = await apiUnderTest();
let owner: User;
let asOwner: Headers;
let asPlatform: Headers;

beforeAll(async () => {
  owner = await somebody();
  asOwner = { ...(await signedIn(owner)) };
  asPlatform = { ...(await signedIn(await somebody({ isPlatformAdministrator: true }))) };
});

const pathOf = ({ id }: Organization) => `/api/organizations/${toUuid('organization', id)}`;
const patch = (of: Organization, body: unknown, headers: Headers = asOwner) =>
  call({ method: 'PATCH', path: pathOf(of), headers, body });
const read = (of: Organization, headers: Headers = asOwner) => call({ method: 'GET', path: pathOf(of), headers });

describe('PATCH /api/organizations/{organizationId}', () => {
  test('changes what is sent and nothing else', async () => {
    const organization = await anOrganization(owner, { name: 'Before', countryCode: 'DE' });
    const before = (await read(organization)).body;
    const answer = await patch(organization, { name: 'After', avatarUrl: 'https://example.com/a.png' });
    expect(answer).toMatchObject({ status: 200 });
    expect(answer.body).toEqual({ ...before, name: 'After', avatarUrl: 'https://example.com/a.png' });
    const after = await read(organization);
    expect(after.body).toEqual(answer.body);
    expect(after.headers.etag).toBe(answer.headers.etag);
    expect((await patch(organization, { avatarUrl: null })).body.avatarUrl).toBeNull();
  });

  test('an empty change changes nothing, and leaves no audit entry', async () => {
    const organization = await anOrganization(owner, { name: 'Same' });
    for (const body of [{}, { name: 'Same' }, { status: 'active' }]) {
      expect(await patch(organization, body)).toMatchObject({ status: 200, body: { name: 'Same' } });
    }
    expect(await auditTrailOf(organization)).toEqual([]);
    expect((await read(organization)).headers.etag).toMatch(/^"1-/);
  });

  test('leaves one audit entry with the changed fields', async () => {
    const organization = await anOrganization(owner, { name: 'Old' });
    await patch(organization, { name: 'New' });
    expect(await auditTrailOf(organization)).toMatchObject([
      {
        admin: owner.email,
        action: 'update',
        entity: 'organization',
        oldData: { name: 'Old' },
        newData: { name: 'New' },
      },
    ]);
  });

  test.each([
    ['name null', { name: null }, 'name'],
    ['name empty', { name: '' }, 'name'],
    ['name of 121 characters', { name: 'x'.repeat(121) }, 'name'],
    ['avatarUrl without https', { avatarUrl: 'http://example.com/a.png' }, 'avatarUrl'],
    ['avatarUrl of another kind', { avatarUrl: 'javascript:alert(1)' }, 'avatarUrl'],
    ['avatarUrl no URL', { avatarUrl: 'a.png' }, 'avatarUrl'],
    ['avatarUrl of 2,049 characters', { avatarUrl: `https://example.com/${'a'.repeat(2029)}` }, 'avatarUrl'],
    ['avatarUrl empty', { avatarUrl: '' }, 'avatarUrl'],
    ['avatarUrl with half a character', { avatarUrl: 'https://example.com/\ud800' }, 'avatarUrl'],
    ['avatarUrl with a control character', { avatarUrl: 'https://example.com/\0' }, 'avatarUrl'],
    ['avatarUrl a number', { avatarUrl: 5 }, 'avatarUrl'],
    ['an unknown status', { status: 'deleted', statusReason: 'x' }, 'status'],
    ['status null', { status: null }, 'status'],
    ['no reason when it stops being active', { status: 'inactive' }, 'statusReason'],
    ['an empty reason', { status: 'inactive', statusReason: '' }, 'statusReason'],
    ['a reason of 501 characters', { status: 'inactive', statusReason: 'r'.repeat(501) }, 'statusReason'],
    ['a reason that is null', { status: 'inactive', statusReason: null }, 'statusReason'],
    ['a field that is not the caller’s to set', { owner: 1 }, 'owner'],
    ['the country', { countryCode: 'FR' }, 'countryCode'],
  ])('refuses %s, naming the field', async (_, body, field) => {
    const organization = await anOrganization(owner);
    const answer = await patch(organization, body);
    expect(answer).toMatchObject({ status: 400, body: { code: 'invalid_request' } });
    expect(Object.keys(answer.body.errors)).toEqual([field]);
  });

  test('the present avatarUrl is always taken back', async () => {
    const organization = await anOrganization(owner, { avatarUrl: 'http://localhost:3000/avatars/x' });
    const { avatarUrl } = organization;
    expect(await patch(organization, { avatarUrl, name: 'N' })).toMatchObject({ status: 200, body: { avatarUrl } });
  });

  test('honours If-Match, also when two changes race', async () => {
    const organization = await anOrganization(owner);
    const { etag = '' } = (await read(organization)).headers;
    const answers = await Promise.all(
      ['One', 'Two'].map((name) => patch(organization, { name }, { ...asOwner, 'if-match': etag })),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 412]);
    const refused = answers.find(({ status }) => status === 412);
    expect(refused?.body.code).toBe('precondition_failed');
    expect(await patch(organization, { name: 'Three' }, { ...asOwner, 'if-match': '*' })).toMatchObject({
      status: 200,
    });
    const fresh = (await read(organization)).headers.etag ?? '';
    expect(await patch(organization, { name: 'Four' }, { ...asOwner, 'if-match': fresh })).toMatchObject({
      status: 200,
    });
  });

  test('eight changes at once without If-Match are all made, one after the other', async () => {
    const organization = await anOrganization(owner);
    const answers = await Promise.all(
      Array.from({ length: 8 }, (_, at) => patch(organization, { name: `Name ${at}` })),
    );
    expect(answers.map(({ status }) => status)).toEqual(Array(8).fill(200));
    expect((await read(organization)).headers.etag).toMatch(/^"9-/);
  });
});

describe('the status', () => {
  test('members deactivate with a reason and activate again; in between everything else is refused', async () => {
    const organization = await anOrganization(owner);
    const asleep = await patch(organization, { status: 'inactive', statusReason: 'Summer break' });
    expect(asleep).toMatchObject({ status: 200, body: { status: 'inactive', statusReason: 'Summer break' } });
    expect(await read(organization)).toMatchObject({ status: 200, body: { status: 'inactive' } });
    for (const body of [{ name: 'N' }, { avatarUrl: null }, { statusReason: 'other' }, { status: 'inactive' }, {}]) {
      expect(await patch(organization, body)).toMatchObject({ status: 403, body: { code: 'organization_not_active' } });
    }
    const invite = { method: 'POST', path: `${pathOf(organization)}/invite`, headers: asOwner };
    expect(await call({ ...invite, body: { email: 'a@example.com' } })).toMatchObject({
      status: 403,
      body: { code: 'organization_not_active' },
    });
    expect(await patch(organization, { status: 'active', name: 'Awake' })).toMatchObject({
      status: 200,
      body: { status: 'active', statusReason: null, name: 'Awake' },
    });
  });

  test('a member neither suspends nor ends a suspension; a platform administrator does both', async () => {
    const organization = await anOrganization(owner);
    const suspend = { status: 'suspended', statusReason: 'Violation of terms' };
    expect(await patch(organization, suspend)).toMatchObject({ status: 403, body: { code: 'forbidden' } });
    expect(await patch(organization, suspend, asPlatform)).toMatchObject({ status: 200, body: suspend });
    for (const status of ['active', 'inactive']) {
      expect(await patch(organization, { status, statusReason: 'x' })).toMatchObject({ status: 403 });
    }
    expect(await patch(organization, { name: 'Renamed' }, asPlatform)).toMatchObject({ status: 200 });
    expect(await patch(organization, { status: 'active' }, asPlatform)).toMatchObject({
      status: 200,
      body: { status: 'active', statusReason: null },
    });
  });

  test('an administrator of the platform gives a reason as well', async () => {
    const organization = await anOrganization(owner);
    expect((await patch(organization, { status: 'suspended' }, asPlatform)).body.errors).toHaveProperty('statusReason');
  });
});

test('members without the permission are 403, strangers 404, nobody 401', async () => {
  const organization = await anOrganization(owner);
  const viewer = await somebody();
  await aMember(organization, viewer, ['VIEWER']);
  expect(await patch(organization, { name: 'N' }, { ...(await signedIn(viewer)) })).toMatchObject({ status: 403 });
  expect(await patch(organization, { name: 'N' }, { ...(await signedIn(await somebody())) })).toMatchObject({
    status: 404,
  });
  expect(await patch(organization, { name: 'N' }, {})).toMatchObject({ status: 401 });
});

test('a child that is renamed stands in its parent’s list under its new name', async () => {
  const parent = await anOrganization(owner);
  const child = await anOrganization(owner, { parent, name: 'Zebra' });
  await patch(child, { name: 'Aardvark' });
  const [place] = (await storedItems()).filter(({ kind, childId }) => kind === 'child' && childId === child.id);
  expect(place?.nameKey).toMatch(/^C#aardvark\t/);
});
