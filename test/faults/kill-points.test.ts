import { afterEach, describe, expect, test } from 'vitest';
import { handler as finishDeletions } from '../../functions/jobs/finish-deletions.ts';
import { countersOf, look } from '../model/snapshot.ts';
import { openWorld, password, type World } from '../model/world.ts';
import { faultyApiUnderTest } from '../support/api-under-test.ts';
import { extentOf } from '../support/extent.ts';
import { diesAfter, disturbs } from '../support/faulty-engine.ts';
import type { ApiAnswer, ApiRequest } from '../support/in-process-api.ts';
import { engineUnderTest } from '../support/table-under-test.ts';

/**
 * Every mutation below is killed after each call that it makes to the table, and disturbed at each of them; then it is
 * done again, as a client repeats a request. What can be seen afterwards has to be what an undisturbed run leaves: every
 * effect once, one audit entry for each, counters that say what the lists say.
 */

interface Mutation {
  readonly caller: string;
  /** What it needs to be there. */
  prepare?(world: World): Promise<void>;
  request(world: World): ApiRequest;
  /** What else has to come to its end: consumers and jobs. */
  finish?(): Promise<unknown>;
}

const post = (path: string, body: unknown): ApiRequest => ({ method: 'POST', path, body });
const platform = (world: World) => `/api/organizations/${world.idOf('root')}`;
const admin = '/clients/v1/organization-admin';

async function succeed(world: World, caller: string, request: ApiRequest): Promise<ApiAnswer> {
  const answer = await world.call(caller, request);
  expect(answer.status, answer.text).toBeLessThan(300);
  return answer;
}

const mutations: Readonly<Record<string, Mutation>> = {
  'members are added': {
    caller: 'owner',
    request: (world) =>
      post(`/organizations/${world.idOf('root')}/users`, {
        is_active: true,
        role: 'VIEWER',
        user_ids: [world.idOf('candidate')],
      }),
  },
  'a person is made': {
    caller: 'key of owner',
    request: (world) =>
      post(`${admin}/members/create`, {
        first_name: 'Xenia',
        last_name: 'New',
        email: world.emailOf('xenia'),
        password,
        confirm_password: password,
        role: 'organization_viewer',
      }),
  },
  'somebody is invited': {
    caller: 'admin',
    request: (world) => post(`${platform(world)}/invite`, { email: world.emailOf('xenia') }),
  },
  'many are invited': {
    caller: 'admin',
    request: (world) =>
      post(`${platform(world)}/invitations`, {
        invitations: Array.from({ length: 30 }, (_, at) => ({ email: world.emailOf(`x${at}`) })),
      }),
  },
  'an invitation is accepted': {
    caller: 'candidate',
    async prepare(world) {
      const invite = post(`${platform(world)}/invite`, { email: world.emailOf('candidate'), roles: [5] });
      const { body } = await succeed(world, 'owner', invite);
      world.bind('invitation', 'invitation', body.data.id);
      await world.mint('root', 'invitation');
    },
    request: (world) => post(`/api/organizations/invite/${world.tokenOf('invitation')}/accept`, {}),
  },
  'a wallet is charged': {
    caller: 'administrator',
    async prepare(world) {
      const credit = post(`/api/admin/organizations/${world.idOf('root')}/credit`, { amount: 150 });
      await succeed(world, 'administrator', credit);
    },
    request: (world) =>
      post(`/api/admin/organizations/${world.idOf('root')}/charge`, { amount: 100, service: 'sms', sms_point: 5 }),
  },
  'a child is made': {
    caller: 'admin',
    request: (world) => post(`/orgs/${world.idOf('root')}/children`, { name: 'Child' }),
  },
  'usage is recorded in parts': {
    caller: 'contributor',
    request: (world) =>
      post(`/orgs/${world.idOf('root')}/usage_events`, {
        events: Array.from({ length: 21 }, (_, at) => ({
          id: `event-${at}`,
          meter: 'storage_bytes',
          quantity: at + 1,
          timestamp: '2026-01-01T00:00:00Z',
          user_id: world.idOf('contributor'),
        })),
      }),
  },
  'a workspace is made': {
    caller: 'owner',
    request: (world) => post(`${platform(world)}/workspaces`, { name: 'Alpha' }),
  },
  'a key is made': {
    caller: 'owner',
    request: (world) => post(`/orgs/${world.idOf('root')}/api_keys`, { name: 'Another' }),
  },
  'members are removed': {
    caller: 'owner',
    request: (world) => ({
      method: 'DELETE',
      path: `/organizations/${world.idOf('root')}/users/${world.idOf('admin')},${world.idOf('contributor')}`,
    }),
  },
  'a person is locked': {
    caller: 'key of owner',
    request: (world) => ({
      method: 'PUT',
      path: `${admin}/members/${world.idOf('contributor')}/update`,
      body: { is_locked: true },
    }),
  },
  'an organization is renamed': {
    caller: 'owner',
    request: (world) => ({ method: 'PATCH', path: `/orgs/${world.idOf('root')}`, body: { name: 'Renamed' } }),
  },
  'a subtree is deleted': {
    caller: 'owner',
    async prepare(world) {
      const child = await succeed(world, 'owner', post(`/orgs/${world.idOf('root')}/children`, { name: 'Top' }));
      world.bind('organization', 'child', child.body.id);
      await succeed(world, 'owner', post(`/orgs/${child.body.id}/children`, { name: 'Below' }));
    },
    request: (world) => ({ method: 'DELETE', path: `/orgs/${world.idOf('child')}?cascade=true` }),
    finish: () => finishDeletions(),
  },
};
/** Those of which each goes another way to the table, and the least that another engine has to stand. */
const share = [
  'members are added',
  'an invitation is accepted',
  'a wallet is charged',
  'usage is recorded in parts',
  'a subtree is deleted',
];
const onEveryEngine = ['members are added', 'a wallet is charged'];
const names = engineUnderTest === 'dynoxide' ? extentOf({ share, whole: Object.keys(mutations) }) : onEveryEngine;
const tried = Object.entries(mutations).filter(([name]) => names.includes(name));

const { engine, call: api } = await faultyApiUnderTest();
afterEach(works);

function works(): void {
  engine.decide = () => undefined;
}

/** Everything that can be seen of an organization, and how many audit entries of each kind it has. */
async function seenOf(world: World) {
  const { seen, counters } = await look(world, 'root');
  expect(counters).toEqual(countersOf(seen));
  const read = async (path: string) =>
    (await world.call('administrator', { method: 'GET', path: `/orgs/${world.idOf('root')}/${path}` })).body;
  const audited: Record<string, number> = {};
  for (const { entity, action, org_id: organization } of await read('children_audit?limit=1000')) {
    if (organization !== `org-${world.idOf('root')}`) continue;
    audited[`${entity} ${action}`] = (audited[`${entity} ${action}`] ?? 0) + 1;
  }
  const keys = (await read('api_keys')).length;
  const anonymous = (names: readonly string[]) => names.map((name) => name.replace(/^unknown.*\d\S*/, 'somebody new'));
  return {
    ...seen,
    members: seen.members.map((member) => ({ ...member, person: anonymous([member.person])[0] })),
    users: anonymous(seen.users),
    children: seen.children.length,
    keys,
    audited,
  };
}

describe.each(tried)('%s', (name, mutation) => {
  const open = async () => {
    const world = await openWorld(api);
    await mutation.prepare?.(world);
    return world;
  };
  const send = (world: World) =>
    world.call(mutation.caller, { ...mutation.request(world), headers: { 'idempotency-key': 'once' } });

  test('killed after any call, and done again, it has happened once', async () => {
    const undisturbed = await open();
    const expected = await (async () => {
      expect((await send(undisturbed)).status).toBeLessThan(300);
      await mutation.finish?.();
      return seenOf(undisturbed);
    })();
    expect(expected).not.toEqual(await seenOf(await open()));
    for (let calls = 0; ; calls += 1) {
      const world = await open();
      const process = diesAfter(engine, calls);
      await Promise.allSettled([send(world).then(() => mutation.finish?.())]);
      const wasKilled = process.isDead();
      works();
      const again = await send(world);
      expect(again.status, again.text).toBeLessThan(500);
      await mutation.finish?.();
      expect([calls, await seenOf(world)]).toEqual([calls, expected]);
      if (!wasKilled) {
        expect(calls).toBeGreaterThan(2);
        break;
      }
    }
  }, 240_000);

  test('where each call meets a fault once, it succeeds at once, and has happened once', async () => {
    const undisturbed = await open();
    await send(undisturbed);
    await mutation.finish?.();
    const expected = await seenOf(undisturbed);
    // Two of the four; the next mutation begins with another.
    const turn = Object.keys(mutations).indexOf(name);
    for (const first of [turn, turn + 2]) {
      const world = await open();
      disturbs(engine, { first });
      const answer = await send(world);
      works();
      await mutation.finish?.();
      expect(answer.status, answer.text).toBeLessThan(300);
      expect([first, await seenOf(world)]).toEqual([first, expected]);
    }
  }, 240_000);
});
