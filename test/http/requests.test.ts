import { gzipSync } from 'node:zlib';
import { beforeAll, describe, expect, test } from 'vitest';
import * as z from 'zod/mini';
import { hierarchy } from '../../shared/dialects/hierarchy/envelope.ts';
import { platform } from '../../shared/dialects/platform/envelope.ts';
import { newIdentifier, toHex24, toUuid } from '../../shared/domain/identifiers.ts';
import type { Organization } from '../../shared/domain/organization/organization.ts';
import type { User } from '../../shared/domain/user/user.ts';
import { defineEndpoint } from '../../shared/http/define-endpoint.ts';
import { identifier, lineOfText, queryInteger } from '../../shared/http/fields.ts';
import { respond } from '../../shared/http/respond.ts';
import { tableUnderTest } from '../support/api-under-test.ts';
import { type ApiAnswer, apiOf } from '../support/in-process-api.ts';
import { aMember, anOrganization, signedIn, somebody } from '../support/people-and-organizations.ts';
import { forAdministrators, inBody, sample } from '../support/sample-endpoints.ts';

const request = {
  path: z.object({ member: identifier('user') }),
  query: z.object({ page: queryInteger(1, 100, 1) }),
  body: z.strictObject({ name: lineOfText(1, 20), count: z.optional(z.int()), nested: z.optional(z.unknown()) }),
};
const common = {
  method: 'POST',
  summary: 'Answers what it was given',
  permission: 'members:write',
  table: { actions: ['PutItem'] },
  request,
  responses: { 200: z.unknown() },
  errors: [],
  idempotent: true,
} as const;
const inHierarchy = defineEndpoint(hierarchy, {
  ...common,
  operation: 'sample.echo',
  path: '/orgs/{org_id}/echo/{member}',
});
const inPlatform = defineEndpoint(platform, {
  ...common,
  operation: 'sample.shout',
  path: '/api/organizations/{organizationId}/echo/{member}',
});
const served = [
  sample(inHierarchy, async ({ path, query, body }) => respond(200, { path, query, body })),
  sample(inPlatform, async ({ path, query, body }) => respond(200, { path, query, body })),
];
const call = apiOf([...served, inBody, forAdministrators]);

await tableUnderTest();
let owner: User;
let organization: Organization;
let headers: { authorization: string };
beforeAll(async () => {
  owner = await somebody();
  organization = await anOrganization(owner);
  headers = await signedIn(owner);
});

const json = { 'content-type': 'application/json' };
const never = () => newIdentifier(Date.now(), 0.5);

function echo(body: unknown, more: Record<string, string> = {}, rest = '77'): Promise<ApiAnswer> {
  return call({
    method: 'POST',
    path: `/orgs/${organization.id}/echo/${rest}`,
    headers: { ...headers, ...json, ...more },
    body,
  });
}

describe('a body is read as JSON in UTF-8 and nothing else', () => {
  test.each<[string, string | Buffer, number, Record<string, string>]>([
    ['nothing', '', 400, json],
    ['half of an object', '{"name":', 400, json],
    ['null', 'null', 400, json],
    ['a list', '[]', 400, json],
    ['a text', '"name"', 400, json],
    ['a number', '7', 400, json],
    ['two objects', '{"name":"a"}{"name":"b"}', 400, json],
    ['half a million levels', `${'['.repeat(500_000)}${']'.repeat(500_000)}`, 400, json],
    ['half a million levels in a field', `{"name":${'['.repeat(500_000)}${']'.repeat(500_000)}}`, 400, json],
    ['half a million levels nowhere', `{"name":"a","x":${'['.repeat(500_000)}${']'.repeat(500_000)}}`, 400, json],
    ['bytes that are no UTF-8', Buffer.from([0x7b, 0x22, 0x6e, 0xff, 0xfe, 0x22, 0x7d]), 400, json],
    ['UTF-8 that is cut', Buffer.from('{"name":"ü"}').subarray(0, 10), 400, json],
    ['UTF-16', Buffer.from('{"name":"wide"}', 'utf16le'), 400, json],
    ['base64 of JSON', Buffer.from('{"name":"Ada"}'), 200, json],
    ['a byte order mark', '\ufeff{"name":"Ada"}', 200, json],
    ['a number beyond all bounds', '{"name":"a","count":1e400}', 400, json],
    ['a number that is not exact', '{"name":"a","count":9007199254740993}', 400, json],
    ['a charset', '{"name":"Ada"}', 200, { 'content-type': 'application/json; charset=utf-8' }],
    ['a JSON type of its own', '{"name":"Ada"}', 200, { 'content-type': 'application/vnd.api+json' }],
    ['a type in capitals', '{"name":"Ada"}', 200, { 'content-type': 'Application/JSON' }],
    ['a coding in a list', '{"name":"Ada"}', 415, { ...json, 'content-encoding': 'identity, gzip' }],
    ['a form', 'name=Ada', 415, { 'content-type': 'application/x-www-form-urlencoded' }],
    ['text', '{"name":"Ada"}', 415, { 'content-type': 'text/plain' }],
    ['an empty type', '{"name":"Ada"}', 415, { 'content-type': '' }],
    ['a type that only begins so', '{"name":"Ada"}', 415, { 'content-type': 'application/jsonp' }],
    ['two types', '{"name":"Ada"}', 415, { 'content-type': 'application/json,text/html' }],
    ['gzip', gzipSync('{"name":"Ada"}'), 415, { ...json, 'content-encoding': 'gzip' }],
    ['no coding', '{"name":"Ada"}', 200, { ...json, 'content-encoding': 'identity' }],
    ['a mebibyte', `{"name":"Ada","nested":"${'x'.repeat(1_048_550)}"}`, 200, json],
    ['a mebibyte and one', `{"name":"Ada","nested":"${'x'.repeat(1_048_551)}"}`, 413, json],
    ['a mebibyte of characters that take two bytes', `{"name":"Ada","nested":"${'ü'.repeat(600_000)}"}`, 413, json],
  ])('%s', async (_, body, status, more) => {
    const answer = await echo(body, more);
    expect(answer.status, answer.text.slice(0, 300)).toBe(status);
    if (status >= 400) expect(answer.body).toMatchObject({ code: status, error: expect.any(String) });
  });
});

describe('every invalid field is named, and none that is unknown passes', () => {
  test('header, query and body in one answer', async () => {
    const body = { name: 7, count: 1.5, stray: 1, is_admin: true };
    const answer = await echo(body, { 'idempotency-key': 'ü' }, '77?page=0');
    expect(answer).toMatchObject({ status: 400, body: { error: 'invalid_request' } });
    expect(Object.keys(answer.body.fields).sort()).toEqual([
      'Idempotency-Key',
      'count',
      'is_admin',
      'name',
      'page',
      'stray',
    ]);
  });

  test('a value of another type is named as that, and not measured', async () => {
    for (const name of [[], { length: 0 }, Array(21).fill('x')]) {
      expect((await echo({ name })).body.fields).toEqual({ name: 'Must be a text.' });
    }
  });

  test('also what JavaScript has names for', async () => {
    const names = ['__proto__', 'constructor', 'prototype', 'toString', 'hasOwnProperty'];
    for (const path of [`/orgs/${organization.id}/echo/77`, `/api/organizations/${organization.id}/echo/77`]) {
      for (const name of names) {
        const body = `{"name":"Ada",${JSON.stringify(name)}:{"count":1,"polluted":true}}`;
        const answer = await call({ method: 'POST', path, headers: { ...headers, ...json }, body });
        expect(answer.status, answer.text).toBe(400);
        expect(Object.keys(answer.body.fields ?? answer.body.errors)).toEqual([name]);
      }
    }
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
  });

  test('a thousand of them, where a body has so many that no answer could name them', async () => {
    const body = `{${Array.from({ length: 121_000 }, (_, at) => `"${at.toString(36)}":1`)}}`;
    for (const path of [`/orgs/${organization.id}/echo/77`, `/api/organizations/${organization.id}/echo/77`]) {
      const answer = await call({ method: 'POST', path, headers: { ...headers, ...json }, body });
      expect(answer.status).toBe(400);
      expect(Object.keys(answer.body.fields ?? answer.body.errors)).toHaveLength(1_000);
    }
  });

  test('a body that cannot be read does not hide an invalid query', async () => {
    const answer = await echo('{', {}, '77?page=x');
    expect(Object.keys(answer.body.fields).sort()).toEqual(['body', 'page']);
  });
});

describe('a query is decoded as forms are', () => {
  test.each<[string, number, unknown]>([
    ['page=2', 200, { page: 2 }],
    ['', 200, { page: 1 }],
    ['page=%32', 200, { page: 2 }],
    ['other=1&other=2', 400, ['other']],
    ['page=1&page=2', 400, ['page']],
    ['page=1&page=1', 400, ['page']],
    ['page[]=1', 200, { page: 1 }],
    ['__proto__=1&constructor=2&page=3', 200, { page: 3 }],
    ['__proto__=1&__proto__=2', 400, ['__proto__']],
    ['page=', 400, ['page']],
    ['page=1.0', 400, ['page']],
    ['page=1e1', 400, ['page']],
    ['page=0x1', 400, ['page']],
    ['page=+1', 400, ['page']],
    ['page=-1', 400, ['page']],
    ['page=101', 400, ['page']],
    ['page=99999999999999999999', 400, ['page']],
    ['page=٣', 400, ['page']],
    ['page=%ff', 400, ['page']],
    ['page=%zz', 400, ['page']],
  ])('?%s', async (query, status, expected) => {
    const answer = await echo({ name: 'Ada' }, {}, `77?${query}`);
    expect(answer.status, answer.text).toBe(status);
    expect(status === 200 ? answer.body.query : Object.keys(answer.body.fields)).toEqual(expected);
  });
});

describe('what a path cannot name does not exist', () => {
  test.each([
    'x',
    '-1',
    '0',
    '1.5',
    '01',
    '%31%2F2',
    '..%2F77',
    '%00',
    '77%0d%0aX-Evil:1',
    '9007199254740992',
    '99999999999999999999',
    '%F0%9F%92%A9',
    '__proto__',
    toUuid('workspace', 77),
    toHex24('organization', 77),
    'org-77',
    `${toUuid('user', 77).slice(0, -1)}${toUuid('user', 77).endsWith('0') ? '1' : '0'}`,
  ])('%s', async (member) => {
    const answer = await echo({ name: 'Ada' }, {}, member);
    expect(answer).toMatchObject({ status: 404, body: { error: 'member_not_found' } });
  });

  test.each(['x', '%00', '%31%2F2', toUuid('user', 77), toHex24('workspace', 77)])(
    'nor %s an organization',
    async (id) => {
      const answer = await call({ method: 'POST', path: `/orgs/${id}/echo/77`, headers, body: { name: 'Ada' } });
      expect(answer).toMatchObject({ status: 404, body: { error: 'organization_not_found' } });
    },
  );

  test('every spelling of the right kind is read, in any case', async () => {
    const spelled = ['77', toUuid('user', 77), toHex24('user', 77), toUuid('user', 77).toUpperCase(), '%37%37'];
    for (const member of spelled) expect((await echo({ name: 'Ada' }, {}, member)).body.path).toEqual({ member: 77 });
  });
});

describe('refusals come in one order: 401, 404, 403, 400', () => {
  const wrong = { stray: 1 };
  test('an invalid request of nobody is 401', async () => {
    const answer = await echo(wrong, { authorization: 'Bearer st_x', 'idempotency-key': '' }, 'x?page=0');
    expect(answer.status).toBe(401);
  });

  test('an invalid request to what one must not know is 404', async () => {
    const stranger = await signedIn(await somebody());
    expect((await echo(wrong, stranger, 'x?page=0')).body.error).toBe('organization_not_found');
    expect((await echo('{', { ...stranger, 'content-type': 'text/plain' })).body.error).toBe('organization_not_found');
  });

  test('an invalid request without the permission is 403', async () => {
    const viewer = await somebody();
    await aMember(organization, viewer, ['VIEWER']);
    expect((await echo(wrong, { ...(await signedIn(viewer)), 'idempotency-key': '' }, '77?page=0')).status).toBe(403);
    expect((await echo('{', await signedIn(viewer), 'x')).status).toBe(403);
  });

  test('an invalid request about something that does not exist is 404', async () => {
    const answer = await echo(wrong, { 'idempotency-key': '' }, 'x?page=0');
    expect(answer).toMatchObject({ status: 404, body: { error: 'member_not_found' } });
  });

  test('an administrator’s endpoint is 403 to everybody else, whatever it names', async () => {
    for (const id of [organization.id, never(), 'x', toUuid('user', 77)]) {
      const path = `/api/admin/organizations/${id}/sample`;
      const answer = await call({ method: 'POST', path, headers, body: '{' });
      expect(answer).toMatchObject({ status: 403, body: { code: 'forbidden' } });
      expect((await call({ method: 'POST', path, body: '{' })).status).toBe(401);
    }
  });

  test('an administrator’s endpoint is 404 to them where there is no such organization', async () => {
    const administrator = await signedIn(await somebody({ isPlatformAdministrator: true }));
    for (const [id, status] of [[organization.id, 200] as const, [never(), 404] as const, ['x', 404] as const]) {
      const path = `/api/admin/organizations/${id}/sample`;
      expect((await call({ method: 'POST', path, headers: administrator, body: {} })).status).toBe(status);
    }
  });
});

describe('an organization that a body names', () => {
  const rename = (body: unknown, more: Record<string, string> = {}) =>
    call({ method: 'PUT', path: '/organizations', headers: { ...headers, ...json, ...more }, body });
  const about = (id: unknown) => ({ id, organization_name: 'Acme' });

  test('is found by every spelling', async () => {
    const { id } = organization;
    for (const spelled of [id, String(id), toUuid('organization', id), toHex24('organization', id), `org-${id}`]) {
      expect(await rename(about(spelled))).toMatchObject({ status: 200, body: { id } });
    }
  });

  test('is the same 400 to a stranger as one that never was, naming field and value', async () => {
    const stranger = await signedIn(await somebody());
    const [foreign, missing] = [organization.id, never()];
    for (const spell of [(id: number) => id, (id: number) => toUuid('organization', id)]) {
      const [one, other] = [
        await rename(about(spell(foreign)), stranger),
        await rename(about(spell(missing)), stranger),
      ];
      expect(one.status).toBe(400);
      const sentence = (id: number) => `There is no organization ${spell(id)}.`;
      expect(one.body.fields).toEqual({ id: sentence(foreign) });
      expect(other.body.fields).toEqual({ id: sentence(missing) });
      const bare = ({ body, headers: got }: ApiAnswer) => ({
        ...body,
        timestamp: '',
        request_id: '',
        fields: {},
        names: Object.keys(got),
      });
      expect(bare(one)).toEqual(bare(other));
    }
  });

  test('is named together with all else that is wrong', async () => {
    for (const id of [organization.id, never()]) {
      const answer = await rename({ id, stray: 1 }, await signedIn(await somebody()));
      expect(Object.keys(answer.body.fields).sort()).toEqual(['id', 'organization_name', 'stray']);
    }
  });

  test.each<[unknown, string]>([
    [undefined, 'This field is required.'],
    [null, 'Must be a text or a number.'],
    ['x', 'Not an id of any organization.'],
    [-1, 'Not an id of any organization.'],
    [1.5, 'Not an id of any organization.'],
    [toUuid('user', 77), `There is no organization ${toUuid('user', 77)}.`],
    [[1], 'Must be a text or a number.'],
    [{ id: 1 }, 'Must be a text or a number.'],
  ])('as %j is 400: %s', async (id, sentence) => {
    expect((await rename(about(id))).body).toMatchObject({ status: 400, fields: { id: sentence } });
  });

  test('in a body that cannot be read is 400, or 401 without a credential', async () => {
    for (const body of ['', '{', 'null', '[]', '"x"']) {
      const answer = await rename(body);
      expect(Object.keys(answer.body.fields)).toEqual(['body']);
      expect((await rename(body, { authorization: '' })).status).toBe(401);
    }
    expect((await rename('id=1', { 'content-type': 'text/plain' })).status).toBe(415);
  });

  test('is 403 to a member without the permission, whatever else is wrong', async () => {
    const viewer = await somebody();
    await aMember(organization, viewer, ['VIEWER']);
    expect((await rename({ id: organization.id, stray: 1 }, await signedIn(viewer))).status).toBe(403);
  });
});

test('every answer carries the headers that all have', async () => {
  const administrator = await signedIn(await somebody({ isPlatformAdministrator: true }));
  const answers = [
    await echo({ name: 'Ada' }),
    await echo('{'),
    await echo({ name: 'Ada' }, { authorization: '' }),
    await echo({ name: 'Ada' }, administrator, 'x'),
    await echo('x'.repeat(1_100_000)),
  ];
  expect(answers.map(({ status }) => status)).toEqual([200, 400, 401, 404, 413]);
  for (const { headers: got, body } of answers) {
    expect(got).toMatchObject({
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
      'strict-transport-security': expect.stringMatching(/^max-age=\d{7,}/),
      'content-type': 'application/json',
      'x-request-id': expect.stringMatching(/./),
    });
    if (body.request_id) expect(body.request_id).toBe(got['x-request-id']);
  }
  expect(answers[2]?.headers['www-authenticate']).toBe('Bearer');
});
