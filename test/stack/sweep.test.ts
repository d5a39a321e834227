import { randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, test } from 'vitest';
import { fallbackPath, readRegistry } from '../../infra/endpoint-registry.ts';
import { newIdentifier, toUuid } from '../../shared/domain/identifiers.ts';
import {
  type Endpoint,
  isPublic,
  isTenantEndpoint,
  organizationParameterOf,
} from '../../shared/http/define-endpoint.ts';
import { type Answer, bearer, send } from '../support/http-client.ts';
import {
  makeMember,
  makeOrganization,
  makeServiceAccount,
  type Person,
  signInAdministrator,
} from '../support/stack-people.ts';
import { type StackUnderTest, stackUnderTest } from '../support/stack-under-test.ts';

/**
 * What every endpoint has to stand, asked of every endpoint in the registry. An endpoint that cannot be asked a
 * question says here why.
 */
const exempt: Readonly<Record<'missing permission' | 'stranger', Readonly<Record<string, string>>>> = {
  'missing permission': {
    'account.leave': 'every member may',
    'account.leave_by_get': 'every member may',
    'account.role': 'every member may',
  },
  stranger: {},
};

const { endpoints } = await readRegistry();
const all = endpoints.map(({ endpoint }) => endpoint).filter(({ path }) => path !== fallbackPath);
const titled = (list: readonly Endpoint[]) =>
  list.map((endpoint) => [`${endpoint.method} ${endpoint.path}`, endpoint] as const);

let stack: StackUnderTest;
let administrator: Record<string, string>;
let owner: Person;
let stranger: Person;
let organization: string;
let ownerKey: Record<string, string>;

beforeAll(async () => {
  stack = await stackUnderTest();
  administrator = await signInAdministrator(stack);
  organization = await makeOrganization(stack, administrator, 'Swept');
  owner = await makeMember(stack, organization, administrator, [1]);
  stranger = await makeMember(stack, await makeOrganization(stack, administrator, 'Elsewhere'), administrator, [1]);
  ownerKey = await makeServiceAccount(stack, organization, owner.headers);
});

/** A path with everything in braces filled: the organization with `named`, the rest with ids of nothing. */
function pathOf(endpoint: Endpoint, named: string): string {
  const parameter = organizationParameterOf(endpoint);
  return endpoint.path.replace(/\{(\w+)\}/g, (_, name: string) =>
    name === parameter ? named : String(newIdentifier(Date.now(), 0.5)),
  );
}

function ask(
  endpoint: Endpoint,
  headers: Record<string, string>,
  body?: unknown,
  named = organization,
): Promise<Answer> {
  const byDefault = endpoint.request.body ? {} : undefined;
  const sent = body ?? (endpoint.organizationFrom ? { id: named } : byDefault);
  return send(endpoint.method, `${stack.url}${pathOf(endpoint, named)}`, {
    headers,
    ...(sent === undefined ? {} : { body: sent }),
  });
}

/** An answer without what is different in every answer, and without the id that it may repeat. */
function comparable({ status, text, headers }: Answer, asked = ''): unknown {
  return {
    status,
    type: headers.get('content-type'),
    text: text
      .replaceAll(headers.get('x-request-id') ?? '', 'REQUEST')
      .replaceAll(asked, '')
      .replace(/"timestamp":"[^"]+"/, '')
      .replace(/"path":"[^"]+"/, ''),
  };
}

function expectCommonHeaders({ headers }: Answer): void {
  expect(headers.get('x-request-id')).toBeTruthy();
  expect(headers.get('x-content-type-options')).toBe('nosniff');
  expect(headers.get('strict-transport-security')).toBeTruthy();
}

/** A key for each permission that the sweep needs one with. */
const keys = new Map<string, Promise<Record<string, string>>>();
const keyThatMay = (permission: string) => {
  const key = keys.get(permission) ?? makeServiceAccount(stack, organization, owner.headers, [permission]);
  keys.set(permission, key);
  return key;
};

// One endpoint after the other, all questions at once: each function is started once.
describe.each(titled(all.filter(({ permission, request }) => !isPublic(permission) || request.body)))(
  '%s',
  (_, endpoint) => {
    const { dialect, operation, permission, organizationFrom, request } = endpoint;
    const isTenant = !isPublic(permission) && isTenantEndpoint(endpoint);

    if (!isPublic(permission)) {
      test('without a valid credential gives the same 401, whatever is wrong with it', async () => {
        const none = await ask(endpoint, {});
        expect(none.status, none.text).toBe(401);
        expectCommonHeaders(none);
        expect(none.headers.get('cache-control')).toBe('no-store');
        expect(none.headers.get('link')).toMatch(/\/docs\/errors\/unauthorized>; rel="help"$/);
        const flipped = (owner.headers.authorization ?? '').replace(/.$/, (last) => (last === 'A' ? 'B' : 'A'));
        for (const headers of [
          bearer('garbage'),
          { authorization: flipped },
          { authorization: 'Basic eDp5' },
          { 'x-api-key': 'ak_x' },
          { 'client-id': ownerKey['client-id'] ?? '' },
          { 'client-id': ownerKey['client-id'] ?? '', 'client-secret': '' },
        ]) {
          expect(comparable(await ask(endpoint, headers))).toEqual(comparable(none));
        }
      });

      test('refuses two credentials at once', async () => {
        const both = await ask(endpoint, { ...owner.headers, ...ownerKey });
        expect(both.status, both.text).toBe(400);
      });
    }

    if (isTenant && !(operation in exempt.stranger) && dialect.credentials !== 'organization-credential') {
      test('shows a stranger an organization like one that never was', async () => {
        const never = toUuid('organization', newIdentifier(Date.now(), 0.25));
        const [foreign, missing] = [
          await ask(endpoint, stranger.headers),
          await ask(endpoint, stranger.headers, undefined, never),
        ];
        const expected = permission === 'platform-administrator' ? 403 : organizationFrom ? 400 : 404;
        expect(foreign.status, foreign.text).toBe(expected);
        expect(comparable(foreign, organization)).toEqual(comparable(missing, never));
      });
    }

    if (isTenant && !(operation in exempt['missing permission'])) {
      test('tells a caller who lacks the permission so', async () => {
        const answer = await ask(
          endpoint,
          await keyThatMay(permission === 'usage:write' ? 'logs:read' : 'usage:write'),
        );
        expect(answer.status, answer.text).toBe(403);
        expectCommonHeaders(answer);
      });
    }

    if (request.body) {
      test('answers a body that cannot be understood with a 400 that names what is wrong', async () => {
        const headers = isPublic(permission)
          ? {}
          : permission === 'platform-administrator'
            ? administrator
            : dialect.credentials === 'organization-credential'
              ? ownerKey
              : owner.headers;
        const url = `${stack.url}${pathOf(endpoint, organization)}`;
        const json = { ...headers, 'content-type': 'application/json' };
        const sent = (body: string, withHeaders: Record<string, string> = json) =>
          send(endpoint.method, url, { headers: withHeaders, body });

        // An endpoint that can do without a body takes an empty one.
        const empty = request.body?.safeParse(undefined).success ? [] : [''];
        for (const body of [...empty, '{', 'null', '[]', '"text"', '7', '{"a":1}'.repeat(2)]) {
          const answer = await sent(body);
          expect(answer.status, `${body}: ${answer.text}`).toBe(400);
          expect(answer.text).not.toBe('');
        }
        const stray = `stray_${randomUUID().slice(0, 8)}`;
        const answer = await sent(JSON.stringify(organizationFrom ? { id: organization, [stray]: 1 } : { [stray]: 1 }));
        expect(answer.status, answer.text).toBe(400);
        expect(answer.text).toContain(stray);
        expect((await sent('a=1', { ...headers, 'content-type': 'application/x-www-form-urlencoded' })).status).toBe(
          415,
        );
        expect((await sent(`{"a":"${'x'.repeat(1_100_000)}"}`)).status).toBe(413);
      });
    }
  },
);

test('every exemption names an endpoint that exists', () => {
  const operations = new Set(all.map(({ operation }) => operation));
  for (const questions of Object.values(exempt)) {
    for (const operation of Object.keys(questions)) expect([...operations]).toContain(operation);
  }
});

describe('what no endpoint answers is our own 404, in the dialect of its prefix', () => {
  test.each([
    ['/clients/v1/organization-admin/nothing', 'status'],
    ['/api/nothing', 'success'],
    ['/organizations/1/nothing/here', 'timestamp'],
    ['/orgs/org-1/nothing/here', 'error'],
    ['/nothing', 'title'],
  ])('%s', async (path, field) => {
    const answer = await send('GET', `${stack.url}${path}`);
    expect(answer.status).toBe(404);
    expect(answer.body).toHaveProperty(field);
    expect(answer.headers.get('link')).toMatch(/\/docs\/errors\/route_not_found>; rel="help"$/);
    expectCommonHeaders(answer);
  });
});
