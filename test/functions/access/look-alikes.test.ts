import { beforeAll, describe, expect, test, vi } from 'vitest';
import { readToken } from '../../../shared/domain/access/tokens.ts';
import { newIdentifier } from '../../../shared/domain/identifiers.ts';
import type { Organization } from '../../../shared/domain/organization/organization.ts';
import type { User } from '../../../shared/domain/user/user.ts';
import { type Endpoint, organizationParameterOf } from '../../../shared/http/define-endpoint.ts';
import { faultyApiUnderTest } from '../../support/api-under-test.ts';
import { endMembership } from '../../support/changed-rights.ts';
import { bytesOf, harmlessRequest, routeOf, tenantEndpoints } from '../../support/every-endpoint.ts';
import type { EngineCall } from '../../support/faulty-engine.ts';
import type { ApiRequest } from '../../support/in-process-api.ts';
import { anInvitation } from '../../support/invitations.ts';
import { everyLookAlike } from '../../support/look-alikes.ts';
import { aCredential, aMember, anOrganization, signedIn, somebody } from '../../support/people-and-organizations.ts';
import { storedItems } from '../../support/stored-items.ts';
import { passwordHashOf } from '../auth/passwords.ts';

/**
 * Who guesses learns nothing: what is there and what is not are answered alike, after the same work. Work is counted,
 * in calls to the table and in passwords hashed: a stopwatch would measure the machine (`npm run bench:look-alikes` is
 * one).
 */
const hashed = vi.hoisted(() => ({ times: 0 }));
vi.mock('node:crypto', async (original) => {
  const crypto = await original<typeof import('node:crypto')>();
  return {
    ...crypto,
    argon2: (...given: Parameters<typeof crypto.argon2>) => {
      hashed.times += 1;
      crypto.argon2(...given);
    },
  };
});

const { engine, call } = await faultyApiUnderTest();

/** What chance lets one request in many count for all of them: how busy a caller is, and a log. */
const isCount = ({ input }: EngineCall) => /countedRequests|logPulse|logShards/.test(JSON.stringify(input));

/** The answer, without the ids that were asked for, and the work behind it. */
async function workOf(request: ApiRequest, named: readonly number[] = []) {
  engine.calls.length = 0;
  hashed.times = 0;
  const answer = await call(request);
  return {
    answer: bytesOf(answer, named),
    calls: engine.calls.filter((made) => !isCount(made)).map(({ operation }) => operation),
    hashed: hashed.times,
  };
}

test('a guess that is right and one that is wrong are answered alike, after the same work', async () => {
  const all = await everyLookAlike(await passwordHashOf('Correct-Horse-7'));
  const [signIn] = all;
  if (signIn) expect((await workOf(await signIn.known())).hashed).toBe(1);
  for (const { name, known, unknown } of all) {
    // The first of a kind pays for what is kept in memory.
    await workOf(await unknown());
    const [there, notThere] = [await workOf(await known()), await workOf(await unknown())];
    expect.soft({ name, ...there }).toEqual({ name, ...notThere });
  }
}, 120_000);

const endpoints = await tenantEndpoints();
const needsKey = ({ dialect }: Endpoint) => dialect.credentials === 'organization-credential';
const titled = (some: readonly Endpoint[]) => some.map((endpoint) => [routeOf(endpoint), endpoint] as const);

describe('to a stranger any organization is one that never was, also in the work that it makes', () => {
  let strangers: readonly Record<string, string>[];
  let foreign: readonly Organization[];
  beforeAll(async () => {
    const [owner, stranger] = [await somebody(), await somebody()];
    const root = await anOrganization(owner);
    foreign = [root, await anOrganization(owner, { parent: root })];
    const own = await anOrganization(stranger);
    const removed = await somebody();
    await aMember(root, removed, ['OWNER']);
    const asRemoved = await signedIn(removed);
    await endMembership(root, removed);
    strangers = [await signedIn(stranger), asRemoved, await aCredential(own, stranger)];
  });

  test.each(titled(endpoints.filter((endpoint) => !needsKey(endpoint))))('%s', async (_, endpoint) => {
    const never = newIdentifier(Date.now(), 0.25);
    for (const headers of strangers) {
      const ask = (id: number) => workOf({ ...harmlessRequest(endpoint, id), headers }, [id]);
      await ask(never);
      const expected = await ask(never);
      for (const { id } of foreign) expect(await ask(id)).toEqual(expected);
    }
  });
});

describe('what is in another organization is what never was', () => {
  const bodies: Readonly<Record<string, unknown>> = {
    'member.update': { workspaces: [], roles: [5] },
    'workspace.update': { name: 'Other' },
    'api_key.rotate': {},
    'member.limit': { bytes_limit: 1 },
  };
  const inside = endpoints.filter((endpoint) => /\{(?!org)/.test(endpoint.path));
  let owner: User;
  let organization: Organization;
  let headers: readonly [session: Record<string, string>, key: Record<string, string>];
  const foreign: Record<string, number> = {};
  beforeAll(async () => {
    owner = await somebody();
    organization = await anOrganization(owner);
    headers = [await signedIn(owner), await aCredential(organization, owner)];
    const other = await somebody();
    const elsewhere = await anOrganization(other);
    const user = await somebody({ homeOrganizationId: elsewhere.id });
    await aMember(elsewhere, user, ['VIEWER']);
    const path = `/api/organizations/${elsewhere.id}/workspaces`;
    await call({ method: 'POST', path, headers: await signedIn(other), body: { name: 'Elsewhere' } });
    const [workspace] = (await storedItems()).filter((item) => item.kind === 'workspace');
    const { 'client-id': key } = await aCredential(elsewhere, other);
    Object.assign(foreign, {
      ...Object.fromEntries(['memberId', 'user', 'userID', 'user_ids'].map((name) => [name, user.id])),
      workspaceId: workspace?.id,
      invitationId: (await anInvitation(elsewhere, 'elsewhere@example.com')).invitation.id,
      key_id: readToken('id', key)?.ids[1],
    });
  });

  test.each(titled(inside))('%s', async (_, endpoint) => {
    const never = newIdentifier(Date.now(), 0.25);
    const isUpdateOfPerson = endpoint.operation === 'member.update' && needsKey(endpoint);
    const body = isUpdateOfPerson ? { is_locked: true } : bodies[endpoint.operation];
    const ask = async (idOf: (name: string) => number) => {
      const own = organizationParameterOf(endpoint);
      const path = endpoint.path.replace(/\{(\w+)\}/g, (__, name: string) =>
        String(name === own ? organization.id : idOf(name)),
      );
      const request = { method: endpoint.method, path, headers: headers[needsKey(endpoint) ? 1 : 0] };
      return workOf({ ...request, ...(body === undefined ? {} : { body }) }, [never, ...Object.values(foreign)]);
    };
    await ask(() => never);
    const expected = await ask(() => never);
    expect(expected.answer).toMatchObject({ status: 404 });
    const found = await ask((name) => {
      const id = foreign[name];
      if (id === undefined) throw new Error(`Nothing is called ${name}.`);
      return id;
    });
    expect(found).toEqual(expected);
  });
});
