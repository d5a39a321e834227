import { beforeEach, describe, expect, test } from 'vitest';
import * as z from 'zod/mini';
import { accounts } from '../../shared/dialects/accounts/envelope.ts';
import { hierarchy } from '../../shared/dialects/hierarchy/envelope.ts';
import { organizationAdmin } from '../../shared/dialects/organization-admin/envelope.ts';
import { noOrganization } from '../../shared/domain/access-log/access-entry.ts';
import { DomainError, type DomainErrorCode } from '../../shared/domain/errors.ts';
import { toUuid } from '../../shared/domain/identifiers.ts';
import type { Organization } from '../../shared/domain/organization/organization.ts';
import type { User } from '../../shared/domain/user/user.ts';
import { defineEndpoint } from '../../shared/http/define-endpoint.ts';
import { identifier } from '../../shared/http/fields.ts';
import { respond } from '../../shared/http/respond.ts';
import { faultyTableUnderTest } from '../support/api-under-test.ts';
import { changeState, endMembership } from '../support/changed-rights.ts';
import type { EngineCall } from '../support/faulty-engine.ts';
import { apiOf } from '../support/in-process-api.ts';
import { aCredential, aMember, anOrganization, signedIn, somebody } from '../support/people-and-organizations.ts';
import { forAdministrators, inBody, sample } from '../support/sample-endpoints.ts';
import { storedItems } from '../support/stored-items.ts';

const common = {
  method: 'POST',
  summary: 'Ends as it is told to',
  permission: 'organization:update',
  table: { actions: ['PutItem'] },
  responses: { 200: z.unknown() },
  errors: [],
} as const;
const end = sample(
  defineEndpoint(hierarchy, {
    ...common,
    operation: 'sample-things.end_now',
    path: '/orgs/{org_id}/end/{member}',
    idempotent: true,
    request: {
      path: z.object({ member: identifier('user') }),
      body: z.strictObject({ code: z.optional(z.string()) }),
    },
  }),
  async ({ body }) => {
    if (body.code === 'bug') throw new TypeError('A bug.');
    if (body.code !== undefined) throw new DomainError(body.code as DomainErrorCode);
    return respond(200, {});
  },
);
const implied = sample(
  defineEndpoint(organizationAdmin, {
    ...common,
    operation: 'sample.implied',
    path: '/clients/v1/organization-admin/sample',
    request: {},
  }),
  async () => respond(200, {}),
);
const nowhere = sample(
  defineEndpoint(accounts, {
    ...common,
    operation: 'sample.nowhere',
    path: '/organizations',
    permission: 'signed-in',
    request: {},
  }),
  async () => respond(200, {}),
);
const call = apiOf([end, implied, nowhere, inBody, forAdministrators]);

const { engine } = await faultyTableUnderTest();
let owner: User;
let organization: Organization;
let headers: Record<string, string>;
beforeEach(async () => {
  owner = await somebody();
  organization = await anOrganization(owner);
  headers = await signedIn(owner);
});

const entries = async () =>
  (await storedItems()).filter(
    ({ kind, organizationId }) => kind === 'accessEntry' && organizationId === organization.id,
  );

const post = (more: { path?: string; body?: unknown; headers?: Record<string, string> } = {}) =>
  call({ method: 'POST', path: `/orgs/${organization.id}/end/7`, headers, body: {}, ...more });

test('an entry tells who did what from where, and nothing of the query or the body', async () => {
  const path = `/orgs/org-${organization.id}/end/7`;
  const before = Date.now();
  const answer = await post({ path: `${path}?token=secret`, body: { code: undefined } });
  const [entry, ...others] = await entries();
  expect(others).toEqual([]);
  expect(entry).toEqual({
    pk: expect.stringMatching(/^ACCESS#/),
    sk: expect.any(String),
    kind: 'accessEntry',
    id: answer.headers['x-request-id'],
    organizationId: organization.id,
    timestamp: expect.any(Number),
    user: owner.email,
    userId: owner.id,
    action: 'SAMPLE_THINGS_END_NOW',
    status: 'SUCCESS',
    ip: '127.0.0.1',
    method: 'POST',
    path,
    requestId: answer.headers['x-request-id'],
    expiresAt: expect.any(Number),
  });
  expect(entry?.timestamp).toBeGreaterThanOrEqual(before);
  const days = (Number(entry?.expiresAt) * 1000 - Number(entry?.timestamp)) / 86_400_000;
  expect(Math.floor(days)).toBe(400);
});

test('a key is named by its name and counts as its maker', async () => {
  await post({ headers: await aCredential(organization, owner, undefined, { name: 'Nightly job' }) });
  expect(await entries()).toMatchObject([{ user: 'Nightly job', userId: owner.id, status: 'SUCCESS' }]);
});

describe('each outcome has its status', () => {
  test.each<[string, number, string]>([
    ['invalid_request', 400, 'FAILURE'],
    ['wrong_password', 401, 'FAILURE'],
    ['insufficient_balance', 402, 'FAILURE'],
    ['forbidden', 403, 'DENIED'],
    ['identity_managed_elsewhere', 403, 'DENIED'],
    ['member_not_found', 404, 'FAILURE'],
    ['organization_not_found', 404, 'FAILURE'],
    ['last_owner', 409, 'FAILURE'],
    ['precondition_failed', 412, 'FAILURE'],
    ['rate_limited', 429, 'FAILURE'],
    ['bug', 500, 'FAILURE'],
    ['unavailable', 503, 'FAILURE'],
  ])('%s: %i %s', async (code, status, logged) => {
    const answer = await post({ body: { code } });
    expect(answer.status).toBe(status);
    expect(await entries()).toMatchObject([{ status: logged, requestId: answer.headers['x-request-id'] }]);
  });

  test.each<[string, string, () => Promise<{ status: number }>, number]>([
    ['a field is unknown', 'FAILURE', () => post({ body: { stray: 1 } }), 400],
    ['the body is no JSON', 'FAILURE', () => post({ body: '{' }), 400],
    ['the path names nothing below', 'FAILURE', () => post({ path: `/orgs/${organization.id}/end/x` }), 404],
    ['a stranger', 'DENIED', async () => post({ headers: await signedIn(await somebody()) }), 404],
    [
      'a key of elsewhere',
      'DENIED',
      async () => post({ headers: await aCredential(await anOrganization(owner), owner) }),
      404,
    ],
    [
      'a member without the permission',
      'DENIED',
      async () => {
        const viewer = await somebody();
        await aMember(organization, viewer, ['VIEWER']);
        return post({ headers: await signedIn(viewer) });
      },
      403,
    ],
    [
      'a member who is deactivated',
      'DENIED',
      async () => {
        const member = await somebody();
        await aMember(organization, member, ['OWNER'], { isActive: false });
        return post({ headers: await signedIn(member) });
      },
      403,
    ],
    [
      'an organization that is not active',
      'DENIED',
      async () => {
        await changeState(organization, { status: 'inactive' });
        return post();
      },
      403,
    ],
    [
      'an organization that the body names',
      'SUCCESS',
      () =>
        call({ method: 'PUT', path: '/organizations', headers, body: { id: organization.id, organization_name: 'A' } }),
      200,
    ],
    [
      'a stranger to an organization that the body names',
      'DENIED',
      async () => {
        const body = { id: toUuid('organization', organization.id), organization_name: 'A' };
        return call({ method: 'PUT', path: '/organizations', headers: await signedIn(await somebody()), body });
      },
      400,
    ],
    [
      'who is no platform administrator',
      'DENIED',
      () => call({ method: 'POST', path: `/api/admin/organizations/${organization.id}/sample`, headers, body: {} }),
      403,
    ],
    [
      'an organization that only the key names',
      'SUCCESS',
      async () =>
        call({
          method: 'POST',
          path: '/clients/v1/organization-admin/sample',
          headers: await aCredential(organization, owner),
        }),
      200,
    ],
  ])('%s: %s', async (_, logged, ask, status) => {
    expect((await ask()).status).toBe(status);
    expect((await entries()).map((entry) => entry.status)).toEqual([logged]);
  });

  test('a replayed answer is a request like any other', async () => {
    const withKey = { headers: { ...headers, 'idempotency-key': 'once' } };
    await post(withKey);
    await post(withKey);
    await post({ ...withKey, body: { code: 'forbidden' } });
    expect((await entries()).map(({ status }) => status).sort()).toEqual(['FAILURE', 'SUCCESS', 'SUCCESS']);
  });
});

describe('what leaves none', () => {
  test('whom nobody knows, and what does not exist', async () => {
    const maker = await somebody();
    await aMember(organization, maker, ['ADMIN']);
    const dead = await aCredential(organization, maker);
    await endMembership(organization, maker);
    // What is not there leaves one that nobody reads, so that it takes as long as what is.
    const count = async () =>
      (await storedItems()).filter(
        ({ kind, organizationId }) => kind === 'accessEntry' && organizationId !== noOrganization,
      ).length;
    const before = await count();
    expect((await post({ headers: {} })).status).toBe(401);
    expect((await post({ headers: { authorization: 'Bearer x' } })).status).toBe(401);
    expect((await post({ headers: dead })).status).toBe(401);
    expect((await post({ headers: { ...headers, ...dead } })).status).toBe(400);
    expect((await post({ path: '/orgs/7/end/7' })).status).toBe(404);
    expect((await post({ path: '/orgs/x/end/7' })).status).toBe(404);
    expect((await call({ method: 'POST', path: '/organizations', headers })).status).toBe(200);
    await changeState(organization, { deletedAt: 1 });
    expect((await post()).status).toBe(404);
    expect(await count()).toBe(before);
  });
});

test('the rollup is told of the hour before the first entry, and again where that was not heard', async () => {
  const isNews = ({ input }: EngineCall) => JSON.stringify(input).includes('ROLLUP#');
  const isEntry = ({ input }: EngineCall) => JSON.stringify(input).includes('ACCESS#');
  const told = async () =>
    (await storedItems()).filter(
      ({ kind, organizationId }) => kind === 'activeOrganization' && organizationId === organization.id,
    );

  engine.decide = (sent) => (isNews(sent) ? { status: 400, type: 'ValidationException' } : undefined);
  expect((await post()).status).toBe(503);
  expect(await entries()).toEqual([]);
  engine.decide = (sent) => (isEntry(sent) ? { status: 400, type: 'ValidationException' } : undefined);
  expect((await post()).status).toBe(503);
  expect(await told()).toHaveLength(1);
  engine.decide = () => undefined;
  engine.calls.length = 0;
  expect((await post()).status).toBe(200);
  expect((await post()).status).toBe(200);
  expect(await entries()).toHaveLength(2);
  expect(engine.calls.filter(isNews)).toEqual([]);
});
