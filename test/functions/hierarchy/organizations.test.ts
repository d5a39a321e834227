import { beforeAll, describe, expect, it } from 'vitest';
import type { Organization } from '../../../shared/domain/organization/organization.ts';
import type { User } from '../../../shared/domain/user/user.ts';
import { apiUnderTest } from '../../support/api-under-test.ts';
import { auditTrailOf } from '../../support/audit-trail.ts';
import { aCredential, aMember, anOrganization, signedIn, somebody } from '../../support/people-and-organizations.ts';

type Headers = Record<string, string>;

const { call } = await apiUnderTest();
let owner: User;
let asOwner: Headers;

beforeAll(async () => {
  owner = await somebody();
  asOwner = await signedIn(owner);
});

const at = ({ id }: Organization, rest = '') => `/orgs/org-${id}${rest}`;
const get = (path: string, headers: Headers = asOwner) => call({ method: 'GET', path, headers });
const patch = (organization: Organization, body: unknown, headers: Headers = {}) =>
  call({ method: 'PATCH', path: at(organization), headers: { ...asOwner, ...headers }, body });
const put = (organization: Organization, customizations: unknown, headers: Headers = {}) =>
  call({
    method: 'PUT',
    path: at(organization, '/customizations'),
    headers: { ...asOwner, ...headers },
    body: { customizations },
  });

/** An object of so many levels. */
const nested = (levels: number): object => (levels === 1 ? {} : { a: nested(levels - 1) });

/** Customizations that are wrong, and the field that the refusal names. */
const wrongCustomizations: [string, unknown, string][] = [
  ['null', null, 'customizations'],
  ['a list', [], 'customizations'],
  ['a text', 'blue', 'customizations'],
  ['a number', 1, 'customizations'],
  ['nine levels', nested(9), 'customizations'],
  ['nine levels with lists', { a: [[[[[[[[]]]]]]]] }, 'customizations'],
  ['a hundred thousand levels', 'DEEP', 'customizations'],
  ['a long key', { ['k'.repeat(129)]: 1 }, 'customizations'],
  ['a long key deep inside', { a: [{ ['k'.repeat(129)]: 1 }] }, 'customizations'],
  ['more than 64 KiB', { a: 'x'.repeat(65_536) }, 'customizations'],
  ['more than 64 KiB in UTF-8', { a: '€'.repeat(22_000) }, 'customizations'],
  ['a long theme', { theme: 'x'.repeat(65) }, 'customizations.theme'],
  ['a theme that is no text', { theme: 5 }, 'customizations.theme'],
  ['a logo without https', { logo_url: 'http://example.com/logo.png' }, 'customizations.logo_url'],
  ['a logo that is no URL', { logo_url: 'logo.png' }, 'customizations.logo_url'],
  ['a logo that is a script', { logo_url: 'javascript:alert(1)' }, 'customizations.logo_url'],
  ['a color in words', { branding_color: 'red' }, 'customizations.branding_color'],
  ['a short color', { branding_color: '#fff' }, 'customizations.branding_color'],
  ['a color that goes on', { branding_color: '#ffffff00' }, 'customizations.branding_color'],
];

/** The body as text where JavaScript could not write it. */
function bodyWith(customizations: unknown): unknown {
  if (customizations !== 'DEEP') return { customizations };
  return `{"customizations":${'{"a":'.repeat(100_000)}1${'}'.repeat(100_000)}}`;
}

describe('reading an organization', () => {
  it('shows it with its place in the hierarchy', async () => {
    const root = await anOrganization(owner, { name: 'Root' });
    const child = await anOrganization(owner, { name: 'Child', parent: root });
    const grandchild = await anOrganization(owner, { name: 'Grandchild', parent: child });
    const answer = await get(at(grandchild));
    expect(answer.status).toBe(200);
    expect(answer.headers.etag).toMatch(/^"1-/);
    expect(answer.body).toEqual({
      id: `org-${grandchild.id}`,
      name: 'Grandchild',
      status: 'active',
      parent_org_id: `org-${child.id}`,
      root_org_id: `org-${root.id}`,
      created_at: new Date(grandchild.createdAt).toISOString(),
      updated_at: new Date(grandchild.updatedAt).toISOString(),
      customizations: {},
    });
    expect((await get(at(root))).body).toMatchObject({ parent_org_id: null, root_org_id: `org-${root.id}` });
  });

  it.each(['org-1', '1', 'x', 'org-x', '-1', '0', '1.5', 'org-9007199254740993'])('answers 404 to %s', async (id) => {
    const answer = await get(`/orgs/${id}`);
    expect(answer.status).toBe(404);
    expect(answer.body).toEqual({
      message: expect.any(String),
      code: 404,
      error: 'organization_not_found',
      request_id: answer.headers['x-request-id'],
    });
  });
});

describe('changing an organization', () => {
  it('takes a name and customizations, each by itself or both', async () => {
    const organization = await anOrganization(owner, { name: 'Old' });
    const renamed = await patch(organization, { name: ' New ' });
    expect(renamed.status, renamed.text).toBe(200);
    expect(renamed.body).toMatchObject({ id: `org-${organization.id}`, name: 'New', customizations: {} });
    expect(renamed.body.updated_at > renamed.body.created_at).toBe(true);
    const both = await patch(organization, { name: 'Newer', customizations: { theme: 'dark' } });
    expect(both.body).toMatchObject({ name: 'Newer', customizations: { theme: 'dark' } });
    const read = await get(at(organization));
    expect([read.body, read.headers.etag]).toEqual([both.body, both.headers.etag]);
  });

  // The examples of RFC 7396, appendix A, as far as both sides are objects.
  it.each([
    [{ a: 'b' }, { a: 'c' }, { a: 'c' }],
    [{ a: 'b' }, { b: 'c' }, { a: 'b', b: 'c' }],
    [{ a: 'b' }, { a: null }, {}],
    [{ a: 'b', b: 'c' }, { a: null }, { b: 'c' }],
    [{ a: ['b'] }, { a: 'c' }, { a: 'c' }],
    [{ a: 'c' }, { a: ['b'] }, { a: ['b'] }],
    [{ a: { b: 'c' } }, { a: { b: 'd', c: null } }, { a: { b: 'd' } }],
    [{ a: [{ b: 'c' }] }, { a: [1] }, { a: [1] }],
    [{ e: null }, { a: 1 }, { e: null, a: 1 }],
    [{ a: 'foo' }, { a: { bb: { ccc: null } } }, { a: { bb: {} } }],
    [{}, { a: { bb: { ccc: null } } }, { a: { bb: {} } }],
  ])('merges into %j the patch %j', async (before, given, after) => {
    const organization = await anOrganization(owner, { customizations: before });
    const answer = await patch(organization, { customizations: given });
    expect(answer.status, answer.text).toBe(200);
    expect(answer.body.customizations).toEqual(after);
    expect(await get(at(organization, '/customizations')).then(({ body }) => body)).toEqual(after);
  });

  it('merges what two write at once', async () => {
    const organization = await anOrganization(owner);
    const keys = Array.from({ length: 8 }, (_, number) => `key-${number}`);
    await Promise.all(keys.map((key) => patch(organization, { customizations: { [key]: 1 } })));
    expect((await get(at(organization))).body.customizations).toEqual(Object.fromEntries(keys.map((key) => [key, 1])));
  });

  it('honours If-Match', async () => {
    const organization = await anOrganization(owner);
    const { etag = '' } = (await get(at(organization))).headers;
    expect((await patch(organization, { name: 'One' }, { 'if-match': etag })).status).toBe(200);
    const refused = await patch(organization, { name: 'Two' }, { 'if-match': etag });
    expect([refused.status, refused.body.error]).toEqual([412, 'precondition_failed']);
    expect((await patch(organization, { name: 'Two' }, { 'if-match': '*' })).status).toBe(200);
  });

  it('leaves one audit entry for each thing it changes, with the changed fields only', async () => {
    const organization = await anOrganization(owner, { name: 'Old', customizations: { theme: 'dark', a: { b: 1 } } });
    await patch(organization, { name: 'New', customizations: { theme: null, a: { c: 2 }, d: 3 } });
    await patch(organization, { name: 'New', customizations: { d: 3 } });
    await patch(organization, {});
    expect(await auditTrailOf(organization)).toMatchObject([
      { action: 'update', entity: 'organization', oldData: { name: 'Old' }, newData: { name: 'New' } },
      {
        action: 'update',
        entity: 'customizations',
        entityId: String(organization.id),
        oldData: { theme: 'dark', a: { b: 1 } },
        newData: { a: { b: 1, c: 2 }, d: 3 },
      },
    ]);
    expect((await get(at(organization))).headers.etag).toMatch(/^"2-/);
  });

  it('moves it with all else that changes, to wherever its caller may place it', async () => {
    const organization = await anOrganization(owner);
    const [top, foreign] = [await anOrganization(owner), await anOrganization(await somebody())];
    const moved = await patch(organization, { parent_org_id: `org-${top.id}`, customizations: { theme: 'dark' } });
    expect(moved.status, moved.text).toBe(200);
    expect(moved.body).toMatchObject({ parent_org_id: `org-${top.id}`, customizations: { theme: 'dark' } });
    expect((await get(at(top, '/children'))).body.children).toMatchObject([{ id: `org-${organization.id}` }]);

    const refused = await patch(organization, { parent_org_id: foreign.id });
    expect(refused).toMatchObject({ status: 400, body: { error: 'invalid_request' } });
    expect(refused.body.fields).toEqual({ parent_org_id: `There is no organization ${foreign.id}.` });
    await aMember(foreign, owner, ['CONTRIBUTOR']);
    expect((await patch(organization, { parent_org_id: foreign.id })).body.error).toBe('forbidden');
    expect((await patch(top, { parent_org_id: organization.id })).body.error).toBe('hierarchy_cycle');

    expect((await patch(organization, { parent_org_id: null })).body).toMatchObject({ parent_org_id: null });
    expect((await get(at(top, '/children'))).body.children).toEqual([]);
  });

  const wrongChanges: [string, unknown, string][] = [
    ['name null', { name: null }, 'name'],
    ['name empty', { name: '' }, 'name'],
    ['name of blanks', { name: '  ' }, 'name'],
    ['name too long', { name: 'x'.repeat(121) }, 'name'],
    ['name on two lines', { name: 'a\nb' }, 'name'],
    ['name a number', { name: 5 }, 'name'],
    ['an unknown field', { status: 'active' }, 'status'],
    ['parent_org_id', { parent_org_id: 'org-1' }, 'parent_org_id'],
    ['a list', [], 'body'],
    ['null', 'null', 'body'],
    ...wrongCustomizations.map(([what, value, field]): [string, unknown, string] => [what, bodyWith(value), field]),
  ];
  it.each(wrongChanges)('refuses %s', async (_, body, field) => {
    const organization = await anOrganization(owner);
    const answer = await patch(
      organization,
      body,
      typeof body === 'string' ? { 'content-type': 'application/json' } : {},
    );
    expect(answer.status, answer.text).toBe(400);
    expect(answer.body).toMatchObject({ error: 'invalid_request', fields: { [field]: expect.any(String) } });
    expect((await get(at(organization))).headers.etag).toMatch(/^"1-/);
  });

  it('moves it below what is not active for a platform administrator alone', async () => {
    const organization = await anOrganization(owner);
    const idle = await anOrganization(owner, { status: 'suspended' });
    const body = { parent_org_id: `org-${idle.id}` };
    expect((await patch(organization, body)).body.error).toBe('organization_not_active');
    const administrator = await signedIn(await somebody({ isPlatformAdministrator: true }));
    expect((await patch(organization, body, administrator)).body).toMatchObject(body);
  });

  it('names all that is wrong at once, in the customizations as well; null removes a key of ours', async () => {
    const organization = await anOrganization(owner, { customizations: { theme: 'dark', a: 1 } });
    const answer = await patch(organization, {
      name: '',
      customizations: { theme: null, logo_url: 'http://a.test', branding_color: 'red' },
      stray: 1,
    });
    expect([answer.status, Object.keys(answer.body.fields).sort()]).toEqual([
      400,
      ['customizations.branding_color', 'customizations.logo_url', 'name', 'stray'],
    ]);
    expect((await patch(organization, { customizations: { theme: null } })).body.customizations).toEqual({ a: 1 });
  });

  it('refuses what would grow beyond the limits by merging', async () => {
    const organization = await anOrganization(owner, { customizations: { a: 'x'.repeat(40_000) } });
    expect((await patch(organization, { customizations: { b: 'x'.repeat(40_000) } })).status).toBe(400);
    expect((await patch(organization, { customizations: { a: null, b: 'x'.repeat(40_000) } })).status).toBe(200);
  });

  it('needs organization:update', async () => {
    const organization = await anOrganization(owner);
    const viewer = await somebody();
    await aMember(organization, viewer, ['VIEWER']);
    expect((await patch(organization, { name: 'X' }, await signedIn(viewer))).status).toBe(403);
    expect((await patch(organization, { name: 'X' }, await signedIn(await somebody()))).status).toBe(404);
    const key = await aCredential(organization, owner, ['organization:update']);
    const answer = await call({ method: 'PATCH', path: at(organization), headers: key, body: { name: 'By key' } });
    expect(answer.body.name).toBe('By key');
  });

  it('is refused while the organization is inactive', async () => {
    const organization = await anOrganization(owner, { status: 'inactive' });
    expect((await patch(organization, { name: 'X' })).body.error).toBe('organization_not_active');
    expect((await put(organization, {})).body.error).toBe('organization_not_active');
    expect((await get(at(organization))).status).toBe(200);
  });
});

describe('customizations', () => {
  it('are replaced as a whole, and come back exactly', async () => {
    const organization = await anOrganization(owner, { customizations: { old: true } });
    const customizations = {
      theme: 'dark',
      logo_url: 'https://example.com/logo.png',
      branding_color: '#00aAFf',
      'a key with ünicode, #, % and "quotes"': [null, true, -1.5, 1e300, 5e-324, '', { '': {} }],
      1: 'number',
      constructor: 'own',
      pk: 'ORG#1',
      deep: nested(7),
    };
    const answer = await put(organization, customizations);
    expect(answer.status, answer.text).toBe(200);
    expect(answer.body).toEqual({
      message: 'Organization customizations updated successfully',
      customizations: JSON.parse(JSON.stringify(customizations)),
    });
    const read = await get(at(organization, '/customizations'));
    expect(read.body).toEqual(answer.body.customizations);
    expect(read.headers.etag).toMatch(/^"2-/);
    expect((await get(at(organization))).body.customizations).toEqual(answer.body.customizations);
  });

  it('keep a key called __proto__ to themselves', async () => {
    const organization = await anOrganization(owner);
    const text = '{"customizations":{"__proto__":{"isAdmin":true},"a":{"__proto__":1}}}';
    for (const [method, path] of [
      ['PUT', at(organization, '/customizations')],
      ['PATCH', at(organization)],
    ] as const) {
      const answer = await call({ method, path, headers: asOwner, body: text });
      expect(answer.status, answer.text).toBe(200);
      expect(answer.text).toContain('{"__proto__":{"isAdmin":true},"a":{"__proto__":1}}');
    }
    expect(({} as { isAdmin?: boolean }).isAdmin).toBeUndefined();
    expect((await get(at(organization, '/customizations'))).text).toBe(
      '{"__proto__":{"isAdmin":true},"a":{"__proto__":1}}',
    );
  });

  it('take exactly 64 KiB and 8 levels and 128 characters', async () => {
    const organization = await anOrganization(owner);
    expect((await put(organization, { a: 'x'.repeat(65_536 - '{"a":""}'.length) })).status).toBe(200);
    expect((await put(organization, nested(8))).status).toBe(200);
    expect((await put(organization, { ['k'.repeat(128)]: 1, theme: 't'.repeat(64) })).status).toBe(200);
  });

  it.each([...wrongCustomizations, ['no field', undefined, 'customizations'] as const])(
    'refuse %s',
    async (_, value, field) => {
      const organization = await anOrganization(owner);
      const path = at(organization, '/customizations');
      const answer = await call({ method: 'PUT', path, headers: asOwner, body: bodyWith(value) });
      expect(answer.status, answer.text).toBe(400);
      expect(answer.body).toMatchObject({ error: 'invalid_request', fields: { [field]: expect.any(String) } });
    },
  );

  it('name every key that is wrong, and unknown neighbours', async () => {
    const organization = await anOrganization(owner);
    const wrong = await put(organization, { theme: 1, logo_url: 2, branding_color: null });
    expect(Object.keys(wrong.body.fields).sort()).toEqual([
      'customizations.branding_color',
      'customizations.logo_url',
      'customizations.theme',
    ]);
    const body = { customizations: {}, name: 'X' };
    const path = at(organization, '/customizations');
    expect((await call({ method: 'PUT', path, headers: asOwner, body })).body.fields).toHaveProperty('name');
  });

  it('honour If-Match and leave an audit entry', async () => {
    const organization = await anOrganization(owner);
    const { etag = '' } = (await get(at(organization, '/customizations'))).headers;
    expect((await put(organization, { a: 1 }, { 'if-match': etag })).status).toBe(200);
    expect((await put(organization, { a: 2 }, { 'if-match': etag })).status).toBe(412);
    await put(organization, { a: 1 });
    expect(await auditTrailOf(organization)).toMatchObject([
      { action: 'update', entity: 'customizations', oldData: {}, newData: { a: 1 }, admin: owner.email },
    ]);
  });

  it('are read with customizations:read and written with customizations:write', async () => {
    const organization = await anOrganization(owner);
    const viewer = await somebody();
    await aMember(organization, viewer, ['VIEWER']);
    const asViewer = await signedIn(viewer);
    expect((await get(at(organization, '/customizations'), asViewer)).status).toBe(200);
    expect((await put(organization, {}, asViewer)).status).toBe(403);
    const key = await aCredential(organization, owner, ['organization:read']);
    expect((await get(at(organization, '/customizations'), key)).status).toBe(403);
  });
});

describe('tags', () => {
  const tagsOf = (organization: Organization) => at(organization, '/tags');
  const set = (organization: Organization, tags: unknown, headers: Headers = asOwner) =>
    call({ method: 'PUT', path: tagsOf(organization), headers, body: { tags } });

  it('are replaced as a whole and keep their order', async () => {
    const organization = await anOrganization(owner);
    expect((await get(tagsOf(organization))).body).toEqual([]);
    const answer = await set(organization, ['prod', ' EU ', 'Ünïcode']);
    expect([answer.status, answer.body]).toEqual([200, ['prod', 'EU', 'Ünïcode']]);
    expect((await get(tagsOf(organization))).body).toEqual(['prod', 'EU', 'Ünïcode']);
    expect((await set(organization, [])).body).toEqual([]);
    expect((await get(tagsOf(organization))).body).toEqual([]);
  });

  it('may be 50 of 64 characters', async () => {
    const tags = Array.from({ length: 50 }, (_, number) => String(number).padEnd(64, 'x'));
    expect((await set(await anOrganization(owner), tags)).body).toEqual(tags);
  });

  it.each([
    ['none', undefined, 'tags'],
    ['null', null, 'tags'],
    ['a text', 'prod', 'tags'],
    ['51 tags', Array.from({ length: 51 }, String), 'tags'],
    ['one twice', ['a', 'b', 'a'], 'tags'],
    ['one twice but for spaces', ['a', ' a'], 'tags'],
    ['an empty tag', ['a', ''], 'tags.1'],
    ['a long tag', ['x'.repeat(65)], 'tags.0'],
    ['a number', [1], 'tags.0'],
    ['a line feed', ['a\nb'], 'tags.0'],
  ])('refuse %s', async (_, tags, field) => {
    const answer = await set(await anOrganization(owner), tags);
    expect(answer.status, answer.text).toBe(400);
    expect(answer.body.fields).toHaveProperty([field]);
  });

  it('leave an audit entry when they change, with what they were then', async () => {
    const organization = await anOrganization(owner);
    await set(organization, ['a']);
    await set(organization, ['a']);
    await Promise.all([set(organization, ['b']), set(organization, ['c'])]);
    const trail = await auditTrailOf(organization);
    expect(trail).toHaveLength(3);
    expect(trail[0]).toMatchObject({ entity: 'organization', oldData: { tags: [] }, newData: { tags: ['a'] } });
    // Whichever of the two came second has seen the first.
    const [before, after] = [
      trail.slice(1).map(({ oldData }) => oldData),
      trail.slice(1).map(({ newData }) => newData),
    ];
    const second = before.find((tags) => JSON.stringify(tags) !== '{"tags":["a"]}');
    expect(before).toContainEqual({ tags: ['a'] });
    expect(after).toContainEqual(second);
    expect((await get(tagsOf(organization))).body).toHaveLength(1);
  });

  it('are read with organization:read and written with organization:update', async () => {
    const organization = await anOrganization(owner);
    const viewer = await somebody();
    await aMember(organization, viewer, ['VIEWER']);
    const asViewer = await signedIn(viewer);
    expect((await get(tagsOf(organization), asViewer)).status).toBe(200);
    expect((await set(organization, [], asViewer)).status).toBe(403);
    expect((await get(tagsOf(organization), await signedIn(await somebody()))).status).toBe(404);
  });
});
