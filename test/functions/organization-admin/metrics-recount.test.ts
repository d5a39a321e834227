import { setTimeout as pause } from 'node:timers/promises';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { handler as rollUp } from '../../../functions/jobs/consumption-rollup.ts';
import { handler as hearMailEvents } from '../../../functions/jobs/mail-feedback.ts';
import { type Role, roles } from '../../../shared/domain/access/roles.ts';
import { readIdentifier } from '../../../shared/domain/identifiers.ts';
import { dayMilliseconds } from '../../../shared/domain/timestamp.ts';
import type { User } from '../../../shared/domain/user/user.ts';
import { services } from '../../support/all-services.ts';
import { apiUnderTest } from '../../support/api-under-test.ts';
import { extentOf } from '../../support/extent.ts';
import type { ApiAnswer } from '../../support/in-process-api.ts';
import { mintedToken } from '../../support/invitations.ts';
import { aCredential, anOrganization, signedIn, somebody } from '../../support/people-and-organizations.ts';
import { engineUnderTest } from '../../support/table-under-test.ts';

/**
 * The metrics against a recount from what every other endpoint shows, after a random history that goes through all
 * dialects, several operations at a time.
 */

type Headers = Record<string, string>;

const root = '/clients/v1/organization-admin';
const password = 'StrongPass123!';

const { call } = await apiUnderTest();

beforeAll(async () => {
  // At noon, so that no hour or day ends while the history is made.
  vi.useFakeTimers({ toFake: ['Date'], shouldAdvanceTime: true });
  vi.setSystemTime(Math.ceil(Date.now() / dayMilliseconds) * dayMilliseconds + dayMilliseconds / 2);
});
afterAll(async () => {
  vi.useRealTimers();
});

interface Place {
  readonly id: number;
  /** A key of the keeper's, with all that an OWNER may. */
  readonly key: Headers;
}

interface Known {
  readonly id: number;
  readonly email: string;
  /** Where they came from. */
  readonly home: number;
}

interface Invited {
  readonly place: Place;
  readonly id: number;
}

/** What the history has made so far: what the next steps choose from. */
interface World {
  readonly keeper: User;
  readonly places: Place[];
  readonly people: Known[];
  readonly invitations: Invited[];
  administrator: Headers;
  /** Nothing is called the same twice. */
  names: number;
}

/** The numbers choose among what there is. */
interface Step {
  readonly kind: keyof typeof steps;
  readonly place: number;
  readonly other: number;
  readonly amount: number;
}

const of = <Item>(items: readonly Item[], at: number): Item | undefined => items[at % items.length];
const roleOf = (amount: number): Role => of(['VIEWER', 'ADMIN', 'OWNER', 'CONTRIBUTOR'] as const, amount) ?? 'VIEWER';

async function openWorld(): Promise<World> {
  const keeper = await somebody();
  const first = await anOrganization(keeper);
  const places = [first, await anOrganization(keeper, { parent: first }), await anOrganization(keeper)];
  return {
    keeper,
    places: await Promise.all(places.map(async (place) => ({ id: place.id, key: await aCredential(place, keeper) }))),
    people: [],
    invitations: [],
    administrator: await signedIn(await somebody({ isPlatformAdministrator: true })),
    names: 0,
  };
}

/** Every kind of operation that moves a figure. Many are refused, as things happen to stand: that is part of it. */
const steps = {
  createMember: async (world: World, place: Place, { amount }: Step) => {
    world.names += 1;
    const email = `made-${world.names}-${place.id}@example.com`;
    const role = roles[roleOf(amount)].adminName;
    const person = { first_name: 'Ada', last_name: 'L', email, password, confirm_password: password, role };
    const answer = await send(place, 'POST', `${root}/members/create`, person);
    const id = answer.status === 201 ? readIdentifier('user', answer.body.data.id) : undefined;
    if (typeof id === 'object') world.people.push({ id: id.id, email, home: place.id });
    return answer;
  },
  removeMember: (world: World, place: Place, { other }: Step) =>
    send(place, 'DELETE', `${root}/members/${someone(world, place, other)?.id ?? 7}/remove`),
  deleteMember: (world: World, place: Place, { other }: Step) =>
    send(place, 'DELETE', `/api/organizations/${place.id}/members/${someone(world, place, other)?.id ?? 7}`),
  removeUsers: (world: World, place: Place, { other, amount }: Step) =>
    send(place, 'DELETE', `/organizations/${place.id}/users/${someIds(world, place, other, amount).join(',')}`),
  addUsers: (world: World, place: Place, { other, amount }: Step) =>
    send(place, 'POST', `/organizations/${place.id}/users`, usersWish(world, place, other, amount)),
  updateUsers: (world: World, place: Place, { other, amount }: Step) =>
    send(place, 'PUT', `/organizations/${place.id}/users`, usersWish(world, place, other, amount)),
  changeRoles: (world: World, place: Place, { other, amount }: Step) =>
    send(place, 'PUT', `/api/organizations/${place.id}/members/${someone(world, place, other)?.id ?? 7}`, {
      workspaces: [],
      roles: [roles[roleOf(amount)].id, 4],
    }),
  changeIdentity: (world: World, place: Place, { other, amount }: Step) => {
    const changes = [
      { is_verified: true },
      { is_verified: false },
      { email: `other-${amount}-${place.id}@example.com` },
      { is_deleted: true },
      { is_deleted: false },
    ];
    return send(place, 'PUT', `${root}/members/${someone(world, place, other)?.id ?? 7}/update`, of(changes, amount));
  },
  lock: (world: World, place: Place, { other, amount }: Step) =>
    send(place, 'PUT', `${root}/members/${someone(world, place, other)?.id ?? 7}/update`, {
      is_locked: amount % 3 !== 0,
    }),
  setLimit: (world: World, place: Place, { other, amount }: Step) => {
    const id = (other % 5 === 0 ? world.keeper : someone(world, place, other))?.id ?? 7;
    return send(place, 'PUT', `${root}/users/${id}/limits/update`, { bytes_limit: amount });
  },
  use: (world: World, place: Place, { other, amount }: Step) => {
    world.names += 1;
    const user_id = (other % 5 === 0 ? world.keeper : someone(world, place, other))?.id ?? 7;
    const measured = { meter: 'storage_bytes', quantity: amount - 20, timestamp: new Date().toISOString() };
    return send(place, 'POST', `/orgs/${place.id}/usage_events`, {
      events: [{ ...measured, id: `event-${world.names}`, user_id }],
    });
  },
  leave: async (world: World, place: Place, { other }: Step) => {
    const user = await services().stores.users.get(someone(world, place, other)?.id ?? 7);
    return sendAs(user ? await signedIn(user) : {}, 'POST', `/organizations/${place.id}/leave`);
  },
  signIn: (world: World, _: Place, { other, amount }: Step) =>
    sendAs({}, 'POST', '/auth/login', {
      email: of(world.people, other)?.email ?? 'nobody@example.com',
      password: amount % 3 === 0 ? 'wrong' : password,
    }),
  invite: async (world: World, place: Place, { amount }: Step) => {
    const body = { email: `invited-${amount}-${place.id}@example.com`, roles: [roles[roleOf(amount)].id] };
    const answer = await send(place, 'POST', `/api/organizations/${place.id}/invite`, body);
    if (answer.status === 200) noteInvitation(world, place, answer.body.data.id);
    return answer;
  },
  inviteMany: async (world: World, place: Place, { amount }: Step) => {
    const rows = [0, 1, 2].map((at) => ({ email: `invited-${amount + at}-${place.id}@example.com` }));
    const body = { invitations: [...rows, { email: 'nobody' }] };
    const answer = await send(place, 'POST', `/api/organizations/${place.id}/invitations`, body);
    for (const { id } of answer.body.data ?? []) if (id) noteInvitation(world, place, id);
    return answer;
  },
  resend: (world: World, _: Place, { other }: Step) => {
    const { place, id } = invitationOf(world, other);
    return send(place, 'POST', `/api/organizations/${place.id}/invitations/${id}/resend`);
  },
  revoke: (world: World, _: Place, { other }: Step) => {
    const { place, id } = invitationOf(world, other);
    return send(place, 'DELETE', `/api/organizations/${place.id}/invitations/${id}`);
  },
  accept: async (world: World, _: Place, { other }: Step) => {
    const { place, id } = invitationOf(world, other);
    const token = await mintedToken(place.id, id).catch(() => 'it_none');
    const body = { password, password_confirmation: password };
    const answer = await sendAs({}, 'POST', `/api/organizations/invite/${token}/accept`, body);
    const { data } = (await sendAs(world.administrator, 'GET', `/api/organizations/${place.id}/members?per_page=100`))
      .body;
    for (const member of answer.status === 200 ? (data ?? []) : []) {
      const isKnown = member.id === world.keeper.id || world.people.some((known) => known.id === member.id);
      if (!isKnown) world.people.push({ id: member.id, email: member.email, home: place.id });
    }
    return answer;
  },
  bounce: async (world: World, _: Place, { other }: Step) => {
    const { place, id } = invitationOf(world, other);
    const tags = { kind: ['invitation'], organization: [`${place.id}`], invitation: [`${id}`], mail: ['1'] };
    const Message = JSON.stringify({ eventType: 'Complaint', mail: { tags } });
    await hearMailEvents({ Records: [{ Sns: { Message } }] } as never);
    return undefined;
  },
  credit: (world: World, place: Place, { amount }: Step) =>
    sendAs(world.administrator, 'POST', `/api/admin/organizations/${place.id}/credit`, { amount: amount + 1 }),
  charge: (world: World, place: Place, { amount }: Step) =>
    sendAs(world.administrator, 'POST', `/api/admin/organizations/${place.id}/charge`, {
      amount: amount + 1,
      ...(amount % 2 === 0 ? { service: 'sms', sms_point: amount + 1 } : { service: 'email' }),
    }),
  createChild: async (world: World, place: Place) => {
    const answer = await send(place, 'POST', `/orgs/${place.id}/children`, { name: 'Child' });
    const id = answer.status === 201 ? readIdentifier('organization', answer.body.id) : undefined;
    const child = typeof id === 'object' ? await services().stores.organizations.get(id.id) : undefined;
    if (child) world.places.push({ id: child.id, key: await aCredential(child, world.keeper) });
    return answer;
  },
  move: (world: World, place: Place, { other, amount }: Step) =>
    send(place, 'PUT', `${root}/organization/update`, {
      parent_id: amount % 4 === 0 ? null : (of(world.places, other)?.id ?? null),
    }),
  deleteOrganization: (_: World, place: Place, { amount }: Step) =>
    send(place, 'DELETE', `/orgs/${place.id}${amount % 2 === 0 ? '?cascade=true' : ''}`),
  restoreOrganization: (world: World, place: Place) =>
    sendAs(world.administrator, 'POST', `/api/admin/organizations/${place.id}/restore`),
  changeStatus: (world: World, place: Place, { amount }: Step) =>
    sendAs(world.administrator, 'PATCH', `/api/organizations/${place.id}`, {
      status: amount % 4 === 0 ? 'inactive' : 'active',
      statusReason: 'A season',
    }),
} satisfies Record<string, (world: World, place: Place, step: Step) => Promise<ApiAnswer | undefined>>;

const frequent: ReadonlySet<string> = new Set(['createMember', 'invite', 'lock', 'updateUsers', 'setLimit']);
const rare: ReadonlySet<string> = new Set(['deleteOrganization', 'changeStatus', 'inviteMany', 'createChild']);
const kinds = (Object.keys(steps) as (keyof typeof steps)[]).map((kind) => ({
  weight: frequent.has(kind) ? 6 : rare.has(kind) ? 1 : 3,
  arbitrary: fc.constant(kind),
}));
const aStep: fc.Arbitrary<Step> = fc.record({
  kind: fc.oneof(...kinds),
  place: fc.nat(100),
  other: fc.nat(1000),
  amount: fc.nat(60),
});

const send = ({ key }: Place, method: string, path: string, body?: unknown) => sendAs(key, method, path, body);
const sendAs = (headers: Headers, method: string, path: string, body?: unknown) =>
  call({ method, path, headers, ...(body === undefined ? {} : { body }) });

/** Mostly one of the few who came here last, so that much happens to the same ones. */
function someone(world: World, place: Place, at: number): Known | undefined {
  return of(at % 4 === 0 ? world.people : world.people.filter(({ home }) => home === place.id).slice(-4), at);
}

function someIds(world: World, place: Place, from: number, count: number): number[] {
  const ids = Array.from({ length: 1 + (count % 3) }, (_, at) => someone(world, place, from + at)?.id ?? 7);
  return [...new Set(ids)];
}

function usersWish(world: World, place: Place, from: number, amount: number) {
  return { user_ids: someIds(world, place, from, amount), role: roleOf(amount), is_active: amount % 3 !== 0 };
}

function noteInvitation(world: World, place: Place, spelled: string): void {
  const read = readIdentifier('invitation', spelled);
  const isKnown = world.invitations.some(({ id }) => typeof read === 'object' && id === read.id);
  if (typeof read === 'object' && !isKnown) world.invitations.push({ place, id: read.id });
}

function invitationOf(world: World, at: number): Invited {
  return of(world.invitations, at) ?? { place: world.places[0] ?? { id: 7, key: {} }, id: 7 };
}

/** Takes some steps, a few of them at a time. */
async function take(world: World, history: readonly Step[]): Promise<void> {
  const atOnce = 3;
  for (let at = 0; at < history.length; at += atOnce) {
    await Promise.all(
      history.slice(at, at + atOnce).map(async (step) => {
        const place = of(step.place % 4 === 0 ? world.places : world.places.slice(0, 3), step.place);
        const answer = place && (await steps[step.kind](world, place, step));
        expect(answer?.status ?? 200, `${JSON.stringify(step)}: ${answer?.text}`).toBeLessThan(500);
      }),
    );
  }
}

/** Every page of a list. */
async function all(world: World, path: string): Promise<ApiAnswer['body'][]> {
  const found: ApiAnswer['body'][] = [];
  for (let page = 1; ; page += 1) {
    const { body, status, text } = await sendAs(world.administrator, 'GET', `${path}page=${page}`);
    expect(status, text).toBe(200);
    const items = body.data ?? body.children;
    found.push(...items);
    const total = body.pagination?.total ?? body.total;
    if (items.length === 0 || found.length >= total) {
      expect(found).toHaveLength(total);
      return found;
    }
  }
}

const sum = (numbers: readonly number[]) => numbers.reduce((one, other) => one + other, 0);

/** What the metrics must be, from the other endpoints alone. */
async function recount(world: World, { id, key }: Place) {
  const members = await all(world, `/api/organizations/${id}/members?per_page=100&`);
  const identities: ApiAnswer['body'][] = [];
  for (let page = 1; identities.length < members.length; page += 1) {
    const { body } = await sendAs(key, 'GET', `${root}/members/list?limit=100&page=${page}`);
    expect(body.data.meta.total).toBe(members.length);
    if (body.data.members.length === 0) break;
    identities.push(...body.data.members);
  }
  const invitations = await all(world, `/api/organizations/${id}/invitations?per_page=100&`);
  const statuses = ['pending', 'sent', 'bounced', 'accepted', 'revoked', 'expired'];
  for (const status of statuses) {
    const listed = await all(world, `/api/organizations/${id}/invitations?per_page=100&status=${status}&`);
    expect(listed, status).toEqual(invitations.filter((invitation) => invitation.status === status));
  }
  const ledger = await all(world, `/api/organizations/${id}/wallet/transactions?per_page=100&`);
  const children = await all(world, `/orgs/${id}/children?limit=100&`);
  const limits = identities.map(({ bytes_limit }) => bytes_limit);
  return {
    members: {
      total: members.length,
      active: members.filter(({ status }) => status === 'active').length,
      verified: identities.filter(({ is_verified }) => is_verified).length,
      locked: identities.filter(({ is_locked }) => is_locked).length,
      pending_invitations: invitations.filter(({ status }) => status === 'pending' || status === 'sent').length,
    },
    storage: {
      bytes_limit: limits.includes(null) ? null : sum(limits),
      bytes_used: sum(identities.map(({ bytes_used }) => bytes_used)),
    },
    wallet: {
      balance: sum(ledger.map(({ type, amount }) => (type === 'credit' ? amount : -amount))),
      sms_points: sum(ledger.map(({ smsPoint }) => smsPoint ?? 0)),
    },
    children: { total: children.length },
  };
}

/** Calls and sign-ins, from the access log up to a moment. */
async function recountCalls(world: World, { id }: Place, end: string) {
  const actions: { action: string; status: string }[] = [];
  let path: string | undefined = `/orgs/${id}/access_log?limit=1000&end=${end}`;
  while (path !== undefined) {
    const { body, headers } = await sendAs(world.administrator, 'GET', path);
    actions.push(...body);
    path = /<(?:https?:\/\/[^/]+)?([^>]+)>; rel="next"/.exec(headers.link ?? '')?.[1];
  }
  const signIns = actions.filter(({ action }) => action === 'LOGIN');
  const calls = actions.filter(({ action }) => !['LOGIN', 'LOGOUT', 'TOKEN_REFRESH'].includes(action)).length;
  return {
    api_calls: { today: calls, this_month: calls },
    sign_ins: {
      last_24_hours: {
        succeeded: signIns.filter(({ status }) => status === 'SUCCESS').length,
        failed: signIns.filter(({ status }) => status !== 'SUCCESS').length,
      },
    },
  };
}

const collect = ({ key }: Place) => sendAs(key, 'GET', `${root}/dashboard/collect-metrics`);

/** Holds the metrics of every organization that is there against the recount. */
async function compare(world: World): Promise<number> {
  let compared = 0;
  for (const place of world.places) {
    const collected = await collect(place);
    if (collected.status !== 200) continue;
    const expected = await recount(world, place);
    expect(collected.body.data).toMatchObject(expected);
    compared += 1;
  }
  return compared;
}

test('the metrics equal a recount from the other endpoints after a random history', async () => {
  let done = 0;
  const minLength = extentOf({ share: 180, whole: 300 });
  const property = fc.asyncProperty(fc.array(aStep, { minLength, maxLength: minLength + 60 }), async (history) => {
    const world = await openWorld();
    for (let at = 0; at < history.length; at += 120) {
      await take(world, history.slice(at, at + 120));
      done += await compare(world);
    }
    const end = new Date().toISOString();
    await rollUp({});
    // What is asked from here on is later than what was counted.
    await pause(100);
    for (const place of world.places) {
      const collected = await collect(place);
      if (collected.status === 200) {
        expect(collected.body.data).toMatchObject(await recountCalls(world, place, end));
      }
    }
  });
  // A failure prints the seed; a history of hundreds of steps is not worth shrinking.
  await fc.assert(property, {
    numRuns: engineUnderTest === 'dynoxide' ? extentOf({ share: 1, whole: 2 }) : 1,
    endOnFailure: true,
  });
  expect(done).toBeGreaterThan(0);
}, 240_000);

test('what waits for an answer waits no more when its time is over', async () => {
  const world = await openWorld();
  const invites = Array.from(
    { length: 12 },
    (_, at) => ({ kind: 'invite', place: at, other: at, amount: at }) as const,
  );
  await take(world, invites);
  await take(
    world,
    [0, 1, 2].map((at) => ({ kind: 'revoke', place: 0, other: at, amount: 0 }) as const),
  );
  await compare(world);
  vi.setSystemTime(Date.now() + 7 * dayMilliseconds);
  world.administrator = await signedIn(await somebody({ isPlatformAdministrator: true }));
  await compare(world);
  for (const place of world.places) {
    expect((await collect(place)).body.data.members.pending_invitations).toBe(0);
  }
  await take(world, invites.slice(0, 6));
  await compare(world);
});
