import { beforeEach, describe, expect, test } from 'vitest';
import * as z from 'zod/mini';
import type { StoredItem } from '../../shared/data/transaction.ts';
import { accounts } from '../../shared/dialects/accounts/envelope.ts';
import { hierarchy } from '../../shared/dialects/hierarchy/envelope.ts';
import { DomainError } from '../../shared/domain/errors.ts';
import { toUuid } from '../../shared/domain/identifiers.ts';
import type { Organization } from '../../shared/domain/organization/organization.ts';
import type { User } from '../../shared/domain/user/user.ts';
import { defineEndpoint } from '../../shared/http/define-endpoint.ts';
import { respond } from '../../shared/http/respond.ts';
import { services } from '../support/all-services.ts';
import { faultyTableUnderTest } from '../support/api-under-test.ts';
import { changeMembership, changeState, endMembership } from '../support/changed-rights.ts';
import type { EngineCall } from '../support/faulty-engine.ts';
import { type ApiAnswer, apiOf } from '../support/in-process-api.ts';
import { aCredential, aMember, anOrganization, signedIn, somebody } from '../support/people-and-organizations.ts';
import { sample } from '../support/sample-endpoints.ts';
import { storedItems } from '../support/stored-items.ts';

/** Adds one to a number of the organization, as often as it is done; refuses at a limit. */
const counting = {
  method: 'POST',
  summary: 'Counts',
  permission: 'organization:update',
  table: { actions: ['PutItem', 'UpdateItem'] },
  request: { body: z.strictObject({ limit: z.optional(z.int()), rule: z.optional(z.boolean()) }) },
  responses: { 201: z.object({ count: z.int() }) },
  errors: ['insufficient_balance'],
  idempotent: true,
} as const;

const count = sample(
  defineEndpoint(hierarchy, { ...counting, operation: 'sample.count', path: '/orgs/{org_id}/count' }),
  async ({ body, scope, work }) => {
    const { bytesUsed } = scope.organization.counters;
    if (body.limit !== undefined && bytesUsed >= body.limit) throw new DomainError('insufficient_balance');
    work.stores.organizations.change(work.changes, scope, { add: { bytesUsed: 1 } });
    if (body.rule) {
      // A rule of the write that refuses a second effect.
      work.stores.members.add(work.changes, firstMember(scope.organization), guest);
    }
    work.changes.audit({
      organizationId: scope.organizationId,
      action: 'update',
      entity: 'wallet',
      entityId: 'count',
      oldData: null,
      newData: { count: bytesUsed + 1 },
    });
    return respond(201, { count: bytesUsed + 1 }, { headers: { 'x-count': String(bytesUsed + 1) } });
  },
);
const countToo = sample(
  defineEndpoint(accounts, {
    ...counting,
    operation: 'sample.count_too',
    path: '/organizations/{organization_id}/count',
  }),
  async ({ scope, work }) => {
    work.stores.organizations.change(work.changes, scope, { add: { bytesUsed: 1 } });
    return respond(201, { count: scope.organization.counters.bytesUsed + 1 });
  },
);
const make = sample(
  defineEndpoint(hierarchy, {
    ...counting,
    operation: 'sample.make',
    path: '/orgs/{org_id}/secrets',
    request: {},
    secretAnswer: true,
  }),
  async ({ scope, work }) => {
    work.stores.organizations.change(work.changes, scope, { add: { bytesUsed: 1 } });
    return respond(201, { secret: work.randomBytes(8).toString('hex') }, { madeId: '4711' });
  },
);
const call = apiOf([count, countToo, make]);

const { engine } = await faultyTableUnderTest();
let guest: User;
let owner: User;
let organization: Organization;
let headers: Record<string, string>;
beforeEach(async () => {
  guest = await somebody();
  owner = await somebody();
  organization = await anOrganization(owner);
  headers = await signedIn(owner);
});

function firstMember({ id }: Organization) {
  return {
    organizationId: id,
    userId: guest.id,
    roles: ['VIEWER'] as const,
    workspaces: [],
    isActive: true,
    bytesLimit: null,
    bytesUsed: 0,
    identity: {
      email: guest.email,
      firstName: 'A',
      middleName: null,
      lastName: 'B',
      suffix: null,
      isVerified: true,
      isLocked: false,
      isDeleted: false,
    },
    version: 1,
    joinedAt: 1,
    updatedAt: 1,
  };
}

const send = (key: string | undefined, body: unknown = {}, more: Record<string, string> = {}, path?: string) =>
  call({
    method: 'POST',
    path: path ?? `/orgs/${organization.id}/count`,
    headers: { ...headers, ...(key === undefined ? {} : { 'idempotency-key': key }), ...more },
    body,
  });

async function counted({ id }: Organization = organization): Promise<number | undefined> {
  return (await services().stores.organizations.get(id))?.counters.bytesUsed;
}

async function audited(): Promise<number> {
  const items = await storedItems();
  return items.filter(({ kind, organizationId }) => kind === 'auditEntry' && organizationId === organization.id).length;
}

/** What a client keeps of an answer: everything but what tells one request from another. */
const kept = ({ status, text, headers: got }: ApiAnswer) => {
  const { 'x-request-id': _, 'idempotent-replayed': __, ...rest } = got;
  return { status, text, headers: rest };
};

test('a repetition gets the first answer byte for byte, having had one effect', async () => {
  const first = await send('once');
  expect(first).toMatchObject({ status: 201, body: { count: 1 } });
  expect(first.headers).not.toHaveProperty('idempotent-replayed');
  await send(undefined);
  const again = await send('once');
  expect(kept(again)).toEqual(kept(first));
  expect(again.headers).toMatchObject({ 'idempotent-replayed': 'true', 'x-count': '1' });
  expect(again.headers['x-request-id']).not.toBe(first.headers['x-request-id']);
  expect(await counted()).toBe(2);
  expect(await audited()).toBe(2);
});

test('a day later the key is free again, also while the table still has the record, and keeps its next answer', async () => {
  expect((await send('daily')).body).toEqual({ count: 1 });
  const records = (await storedItems()).filter(
    ({ kind, body }) => kind === 'idempotencyRecord' && body === '{"count":1}',
  );
  const yesterday = Math.floor(Date.now() / 1000) - 1;
  await services().table.putAll(records.map((record) => ({ ...(record as StoredItem), expiresAt: yesterday })));
  const twins = await Promise.all([send('daily'), send('daily'), send('daily')]);
  expect(twins.map(({ body }) => body)).toEqual(Array(3).fill({ count: 2 }));
  expect(twins.filter(({ headers: got }) => got['idempotent-replayed'] === undefined)).toHaveLength(1);
  expect(await counted()).toBe(2);
});

test('twins at the same moment get one answer and have one effect', async () => {
  for (let round = 0; round < 3; round += 1) {
    const answers = await Promise.all(Array.from({ length: 8 }, () => send(`twins-${round}`)));
    for (const answer of answers) expect(kept(answer)).toEqual(kept(answers[0] as ApiAnswer));
    expect(answers.filter(({ headers: got }) => got['idempotent-replayed'] === 'true')).toHaveLength(7);
    expect(await counted()).toBe(round + 1);
  }
  expect(await audited()).toBe(3);
});

test('a twin that finds the effect of the other there already is not refused for it', async () => {
  // Both have passed the look for an earlier answer before either has written.
  for (const body of [{ limit: 1 }, { limit: 2, rule: true }]) {
    const key = JSON.stringify(body);
    const answers = await Promise.all(Array.from({ length: 6 }, () => send(key, body)));
    for (const answer of answers) expect(kept(answer)).toEqual(kept(answers[0] as ApiAnswer));
    expect(answers[0]?.status).toBe(201);
  }
  expect(await counted()).toBe(2);
});

test('a twin that read too late to see the record and too early for the effect gets the record', async () => {
  // The second one's first read is answered as it was before the first one wrote.
  const [read, gate] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  const load = services().stores.authentication.load;
  let loads = 0;
  services().stores.authentication.load = async (question) => {
    const found = await load(question);
    loads += 1;
    if (loads > 1) return found;
    read.resolve();
    await gate.promise;
    return found;
  };
  try {
    const late = send('late', { limit: 1 });
    await read.promise;
    const early = await send('late', { limit: 1 });
    gate.resolve();
    expect(kept(await late)).toEqual(kept(early));
    expect(await counted()).toBe(1);
  } finally {
    services().stores.authentication.load = load;
  }
});

test('another body under the same key is 422, and changes nothing', async () => {
  await send('body', { limit: 5 });
  const other = await send('body', { limit: 6 });
  expect(other).toMatchObject({ status: 422, body: { error: 'idempotency_key_reused' } });
  expect(await counted()).toBe(1);
});

describe('a key belongs to its owner, its method and its path', () => {
  test('another person, another organization, another path and another spelling of it are other requests', async () => {
    const admin = await somebody();
    await aMember(organization, admin, ['ADMIN']);
    const other = await anOrganization(owner);
    expect((await send('shared')).body).toEqual({ count: 1 });
    expect((await send('shared', {}, { ...(await signedIn(admin)) })).body).toEqual({ count: 2 });
    expect((await send('shared', {}, {}, `/orgs/${other.id}/count`)).body).toEqual({ count: 1 });
    expect((await send('shared', {}, {}, `/organizations/${organization.id}/count`)).body).toEqual({ count: 3 });
    expect((await send('shared', {}, {}, `/orgs/${toUuid('organization', organization.id)}/count`)).body).toEqual({
      count: 4,
    });
    expect(await counted()).toBe(4);
    expect(await counted(other)).toBe(1);
  });

  test('another session of the same person is the same owner', async () => {
    await send('sessions');
    expect((await send('sessions', {}, { ...(await signedIn(owner)) })).headers['idempotent-replayed']).toBe('true');
    expect(await counted()).toBe(1);
  });

  test('a credential’s owner is its organization, not its maker', async () => {
    const { authorization: _, ...none } = headers;
    headers = none;
    const [one, two] = [await aCredential(organization, owner), await aCredential(organization, owner)];
    await send('keys', {}, { ...(await signedIn(owner)) });
    expect((await send('keys', {}, one)).headers).not.toHaveProperty('idempotent-replayed');
    expect((await send('keys', {}, two)).headers['idempotent-replayed']).toBe('true');
    expect(await counted()).toBe(2);
  });
});

test('a long path and a long key are as good as short ones', async () => {
  const { id } = organization;
  const spelled = `${'%6F%72%67%2D'}${[...String(id)].map((digit) => `%3${digit}`).join('')}`;
  expect((await send('k'.repeat(255), {}, {}, `/orgs/${spelled}/count`)).status).toBe(201);
  expect((await send('k'.repeat(255), {}, {}, `/orgs/${spelled}/count`)).headers['idempotent-replayed']).toBe('true');
  const long = await send('long', {}, {}, `/orgs/${'7'.repeat(3_000)}/count`);
  expect(long).toMatchObject({ status: 404, body: { error: 'organization_not_found' } });
});

test.each(['', 'ü', 'k'.repeat(256), 'a\tb'])('%j is no key', async (key) => {
  const answer = await send(key);
  expect(answer).toMatchObject({ status: 400, body: { error: 'invalid_request' } });
  expect(Object.keys(answer.body.fields)).toEqual(['Idempotency-Key']);
  expect(await counted()).toBe(0);
});

test('a refusal is not kept: the same key may be tried again', async () => {
  expect((await send('refused', { limit: 0 })).status).toBe(402);
  expect((await send('refused', { stray: 1 })).status).toBe(400);
  expect((await send('refused', { limit: 1 })).status).toBe(201);
  expect(await counted()).toBe(1);
});

describe('a replay is for those who may still ask', () => {
  test('not for one who has left, lacks the permission now, or whose organization is not active', async () => {
    const admin = await somebody();
    await aMember(organization, admin, ['ADMIN']);
    headers = await signedIn(admin);
    expect((await send('kept')).status).toBe(201);
    await changeMembership(organization, admin, { roles: ['VIEWER'] });
    expect((await send('kept')).status).toBe(403);
    await changeMembership(organization, admin, { roles: ['ADMIN'] });
    await changeState(organization, { status: 'inactive' });
    expect((await send('kept')).status).toBe(403);
    await changeState(organization, { status: 'active' });
    expect((await send('kept')).headers['idempotent-replayed']).toBe('true');
    await endMembership(organization, admin);
    expect((await send('kept')).status).toBe(404);
  });
});

describe('a secret is answered once', () => {
  test('its repetition names what was made', async () => {
    const path = `/orgs/${organization.id}/secrets`;
    const [first, again] = [await send('secret', '', {}, path), await send('secret', '', {}, path)];
    expect(first).toMatchObject({ status: 201, body: { secret: expect.any(String) } });
    expect(again).toMatchObject({
      status: 409,
      body: { error: 'already_made', message: expect.stringContaining('4711') },
    });
    expect(JSON.stringify(await storedItems())).not.toContain(first.body.secret);
    const twins = await Promise.all([1, 2, 3].map(() => send('secrets', '', {}, path)));
    expect(twins.map(({ status }) => status).sort()).toEqual([201, 409, 409]);
    expect(await counted()).toBe(2);
  });
});

describe('a crash at any point leaves the effect and its record, or neither', () => {
  const isCommit = ({ operation }: EngineCall) => operation === 'TransactWriteItems';

  test('the answer to a commit is lost on the wire: one effect, and the answer still comes', async () => {
    let cuts = 0;
    engine.decide = (sent) => (isCommit(sent) && ++cuts <= 2 ? 'cut after' : undefined);
    expect(await send('lost')).toMatchObject({ status: 201, body: { count: 1 } });
    expect(cuts).toBe(3);
    expect(await counted()).toBe(1);
    expect(await audited()).toBe(1);
  });

  test('without a key as well', async () => {
    let cuts = 0;
    engine.decide = (sent) => (isCommit(sent) && ++cuts <= 2 ? 'cut after' : undefined);
    expect(await send(undefined)).toMatchObject({ status: 201 });
    expect(await counted()).toBe(1);
  });

  test('the answer never comes: 503, and the repetition gets what was answered first', async () => {
    engine.decide = (sent) => (isCommit(sent) ? 'cut after' : undefined);
    const lost = await send('never');
    expect(lost).toMatchObject({ status: 503, body: { error: 'unavailable' } });
    expect(lost.headers['retry-after']).toMatch(/^[1-9]\d*$/);
    engine.decide = () => undefined;
    const again = await send('never');
    expect(again).toMatchObject({ status: 201, body: { count: 1 } });
    expect(again.headers['idempotent-replayed']).toBe('true');
    expect(await counted()).toBe(1);
    expect(await audited()).toBe(1);
  });

  test('the commit never arrives: 503, nothing changed, and the repetition does it', async () => {
    engine.decide = (sent) => (isCommit(sent) ? 'cut before' : undefined);
    expect((await send('gone')).status).toBe(503);
    expect(await counted()).toBe(0);
    engine.decide = () => undefined;
    expect((await send('gone')).headers).not.toHaveProperty('idempotent-replayed');
    expect(await counted()).toBe(1);
  });

  test('the access-log entry cannot be written: 503, and the repetition gets the answer', async () => {
    const isEntry = ({ operation, input }: EngineCall) =>
      operation === 'PutItem' && String(input.Item?.pk?.S).startsWith('ACCESS#');
    engine.decide = (sent) => (isEntry(sent) ? { status: 500, type: 'InternalServerError' } : undefined);
    expect((await send('logged')).status).toBe(503);
    engine.decide = () => undefined;
    const again = await send('logged');
    expect(again).toMatchObject({ status: 201, body: { count: 1 } });
    expect(again.headers['idempotent-replayed']).toBe('true');
    expect(await counted()).toBe(1);
  });
});
