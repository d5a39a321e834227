import { beforeEach, describe, expect, test } from 'vitest';
import * as z from 'zod/mini';
import { accounts } from '../../shared/dialects/accounts/envelope.ts';
import { hierarchy } from '../../shared/dialects/hierarchy/envelope.ts';
import type { Caller } from '../../shared/domain/access/caller.ts';
import { type RequestLimits, rateLimits } from '../../shared/domain/access/rate-limits.ts';
import type { Organization } from '../../shared/domain/organization/organization.ts';
import { minuteMilliseconds } from '../../shared/domain/timestamp.ts';
import type { User } from '../../shared/domain/user/user.ts';
import { defineEndpoint } from '../../shared/http/define-endpoint.ts';
import { servePipeline } from '../../shared/http/pipeline.ts';
import type { PipelineServices } from '../../shared/http/pipeline-services.ts';
import { respond } from '../../shared/http/respond.ts';
import { services } from '../support/all-services.ts';
import { faultyTableUnderTest } from '../support/api-under-test.ts';
import type { EngineCall } from '../support/faulty-engine.ts';
import { apiOf } from '../support/in-process-api.ts';
import { aCredential, anOrganization, signedIn, somebody } from '../support/people-and-organizations.ts';
import { storedItems } from '../support/stored-items.ts';

const common = {
  method: 'GET',
  summary: 'Answers',
  table: { actions: [] },
  request: {},
  responses: { 200: z.unknown() },
  errors: [],
} as const;
const inOrganization = defineEndpoint(hierarchy, {
  ...common,
  operation: 'sample.answer',
  path: '/orgs/{org_id}/sample',
  permission: 'organization:read',
});
const anywhere = defineEndpoint(accounts, {
  ...common,
  operation: 'sample.anywhere',
  path: '/organizations/sample',
  permission: 'signed-in',
});

let clock: number;

/** An instance of the functions, which counts by itself; its first settlement comes with the twentieth request. */
function anInstance(limits: RequestLimits, random = () => 0.999) {
  const made: { rateLimits: PipelineServices['rateLimits']; now: () => number } = {
    rateLimits: rateLimits(limits, random),
    now: () => clock,
  };
  const own = () => Object.assign(Object.create(services()), made) as PipelineServices;
  return apiOf([
    { endpoint: inOrganization, handler: servePipeline(inOrganization, async () => respond(200, {}), own) },
    { endpoint: anywhere, handler: servePipeline(anywhere, async () => respond(200, {}), own) },
  ]);
}
type Instance = ReturnType<typeof anInstance>;

const { engine } = await faultyTableUnderTest();
let owner: User;
let organization: Organization;
let headers: Record<string, string>;
beforeEach(async () => {
  // The middle of a minute, so that none ends within a test by itself.
  clock = (Math.floor(Date.now() / minuteMilliseconds) + 0.5) * minuteMilliseconds;
  owner = await somebody();
  organization = await anOrganization(owner);
  headers = await signedIn(owner);
});

const ask = (instance: Instance, as: Record<string, string> = headers) =>
  instance({ method: 'GET', path: `/orgs/${organization.id}/sample`, headers: as });

/** The statuses of so many requests, one after the other. */
async function statuses(instance: Instance, count: number, as = headers): Promise<number[]> {
  const answers: number[] = [];
  for (let request = 0; request < count; request += 1) answers.push((await ask(instance, as)).status);
  return answers;
}

const counted = async (kind: 'session' | 'credential') =>
  (await storedItems())
    .filter((item) => item.kind === kind && (item.userId === owner.id || item.organizationId === organization.id))
    .map(({ countedRequests }) => countedRequests);

/** Of the count itself, not of the access log. */
const isSettlement = ({ operation, input }: EngineCall) =>
  operation === 'UpdateItem' && /SESSION#|CREDENTIAL#/.test(JSON.stringify(input.Key)) && !/USED/.test(input.Key.sk.S);

test('a session that calls too often is answered 429, with when to try again, until the minute is over', async () => {
  const instance = anInstance({ session: 3, credential: undefined });
  const last = async () => [await ask(instance), await ask(instance), await ask(instance)].at(-1);
  expect((await last())?.headers).toMatchObject({
    'ratelimit-policy': '"session";q=3;w=60',
    ratelimit: '"session";r=0;t=30',
  });
  const refused = await ask(instance);
  expect(refused.status).toBe(429);
  expect(refused.body).toMatchObject({ error: 'rate_limited', request_id: refused.headers['x-request-id'] });
  expect(refused.headers).toMatchObject({
    'retry-after': '30',
    'ratelimit-policy': '"session";q=3;w=60',
    ratelimit: '"session";r=0;t=30',
  });
  clock += 0.5 * minuteMilliseconds;
  expect((await ask(instance)).headers).toMatchObject({ ratelimit: '"session";r=2;t=60' });
});

test('an API key has a limit of its own, whichever way it is presented', async () => {
  const instance = anInstance({ session: 1, credential: 2 });
  const key = await aCredential(organization, owner);
  expect(await statuses(instance, 3, key)).toEqual([200, 200, 429]);
  expect((await ask(instance, key)).headers).toMatchObject({ 'ratelimit-policy': '"api-key";q=2;w=60' });
  expect(await statuses(instance, 2)).toEqual([200, 429]);
  expect(await statuses(instance, 2, await signedIn(owner))).toEqual([200, 429]);
});

test('refusals of every kind count, and a 429 leaves its entry in the access log', async () => {
  const instance = anInstance({ session: 3, credential: undefined });
  const stranger = await signedIn(await somebody());
  expect(await statuses(instance, 4, stranger)).toEqual([404, 404, 404, 429]);
  const entries = (await storedItems()).filter(
    ({ kind, organizationId }) => kind === 'accessEntry' && organizationId === organization.id,
  );
  expect(entries.map(({ status }) => status).sort()).toEqual(['DENIED', 'DENIED', 'DENIED', 'FAILURE']);
});

test('instances share the limit through the table, for sessions and keys', async () => {
  const limits = { session: 40, credential: 40 };
  for (const [kind, as] of [
    ['session', headers],
    ['credential', await aCredential(organization, owner)],
  ] as const) {
    const [one, other] = [anInstance(limits), anInstance(limits)];
    expect(await statuses(one, 20, as)).not.toContain(429);
    expect(await counted(kind)).toContain(20);
    expect(await statuses(other, 20, as)).not.toContain(429);
    expect(await counted(kind)).toContain(40);
    expect(await statuses(one, 1, as)).toEqual([429]);
    expect(await statuses(other, 1, as)).toEqual([429]);
  }
});

test('what was counted in another minute counts no more, and is written over', async () => {
  const instance = anInstance({ session: 40, credential: undefined }, () => 0);
  await ask(instance);
  expect(await counted('session')).toEqual([1]);
  clock += minuteMilliseconds;
  await ask(instance);
  expect(await counted('session')).toEqual([1]);
  expect(await statuses(instance, 39)).not.toContain(429);
  expect(await counted('session')).toEqual([21]);
});

test('two that begin to count a minute at once lose nothing', async () => {
  const limits = { session: 100, credential: undefined };
  const instances = Array.from({ length: 8 }, () => anInstance(limits, () => 0));
  await Promise.all(instances.map((instance) => ask(instance)));
  expect(await counted('session')).toEqual([8]);
});

describe('what it costs', () => {
  test('no call more than without a limit, but for one write in twenty requests', async () => {
    const callsOf = async (instance: Instance) => {
      await statuses(instance, 1);
      engine.calls.length = 0;
      await statuses(instance, 60);
      // The access log, too, counts some of its entries; which ones is chance.
      return engine.calls.filter((call) => call.operation !== 'UpdateItem' || isSettlement(call));
    };
    const without = await callsOf(anInstance({ session: undefined, credential: undefined }));
    expect(without.filter(isSettlement)).toEqual([]);
    const limited = await callsOf(anInstance({ session: 1_000, credential: undefined }));
    expect(limited.filter(isSettlement)).toHaveLength(3);
    expect(limited).toHaveLength(without.length + 3);
  });

  test('a request that settles waits for nothing that the others do not wait for', async () => {
    const instance = anInstance({ session: 100, credential: undefined }, () => 0);
    const seen: string[] = [];
    engine.decide = (sent) => {
      seen.push(isSettlement(sent) ? 'settlement' : sent.operation);
      return undefined;
    };
    await ask(instance);
    // Begun once the caller is known: beside the work and the access log.
    expect(seen.slice(0, 2)).toEqual(['BatchGetItem', 'settlement']);
  });
});

describe('a count that cannot be told', () => {
  test('costs nobody an answer', async () => {
    const instance = anInstance({ session: 100, credential: undefined }, () => 0);
    engine.decide = (sent) => (isSettlement(sent) ? { status: 400, type: 'ValidationException' } : undefined);
    expect((await ask(instance)).status).toBe(200);
    expect(await counted('session')).toEqual([undefined]);
  });

  test('does not bring back what has ended meanwhile', async () => {
    const gone = { kind: 'session', user: owner, session: { id: 7 } } as Caller;
    for (const known of [undefined, { minute: 1, requests: 1 }, { minute: 2, requests: 1 }]) {
      await services().stores.authentication.countRequests(gone, { minute: 2, requests: 20 }, known);
    }
    expect((await storedItems()).filter(({ pk, sk, kind }) => pk && sk && kind === undefined)).toEqual([]);
  });
});

test('a request that names no organization is counted as well', async () => {
  const instance = anInstance({ session: 1, credential: undefined });
  const request = { method: 'GET', path: '/organizations/sample', headers };
  expect((await instance(request)).status).toBe(200);
  expect(await instance(request)).toMatchObject({ status: 429, headers: { 'retry-after': '30' } });
});

test('a new pair of tokens is the same session: what it has called stays counted', async () => {
  const instance = anInstance({ session: 2, credential: undefined }, () => 0);
  await ask(instance);
  const before = await services().stores.sessions.get(owner.id, await sessionIdOf(owner));
  if (!before) throw new Error('There is no session.');
  const changes = services().openChanges({ email: '', credentialId: null });
  services().stores.sessions.refresh(changes, before, { ...before, refreshHash: 'another' });
  await services().commit(changes, { requestId: 'test', ip: '127.0.0.1', now: Date.now() });
  expect(await counted('session')).toEqual([1]);
});

async function sessionIdOf(user: User): Promise<number> {
  const [session] = (await storedItems()).filter(({ kind, userId }) => kind === 'session' && userId === user.id);
  return Number(session?.id);
}
