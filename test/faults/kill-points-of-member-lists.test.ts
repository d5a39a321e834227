import type { DynamoDBRecord } from 'aws-lambda';
import { afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import * as followUps from '../../functions/streams/follow-ups.ts';
import { compileFilter } from '../../infra/local/event-filter.ts';
import { readMembership } from '../../shared/data/items.ts';
import { type Fill, readPlaces, stretchItems } from '../../shared/data/list-builder.ts';
import { listsCountedSince, placeIn } from '../../shared/data/list-changes.ts';
import { beginToCount } from '../../shared/data/list-keeper.ts';
import { comparePlaces } from '../../shared/data/list-place.ts';
import { readListView } from '../../shared/data/list-view.ts';
import { memberOrders } from '../../shared/data/order-keys.ts';
import { organizationKey } from '../../shared/data/organization-store.ts';
import { partitionOf, sortKeyPrefixOf } from '../../shared/data/table.ts';
import type { StoredItem } from '../../shared/data/transaction.ts';
import { tenantWithoutCaller } from '../../shared/domain/access/tenant.ts';
import { memberCountersChange } from '../../shared/domain/member/member-counters.ts';
import type { MemberOrder } from '../../shared/domain/member/member-list-store.ts';
import { type Membership, newMembership } from '../../shared/domain/member/membership.ts';
import type { Organization } from '../../shared/domain/organization/organization.ts';
import { hourMilliseconds } from '../../shared/domain/timestamp.ts';
import { services } from '../support/all-services.ts';
import { faultyTableUnderTest } from '../support/api-under-test.ts';
import { addMembersInBulk, personOf, userItems } from '../support/bulk-members.ts';
import { expectCountsToHold } from '../support/counted-lists.ts';
import { extentOf, isLong } from '../support/extent.ts';
import { diesAfter, disturbs, passingFaults } from '../support/faulty-engine.ts';
import { anOrganization, somebody } from '../support/people-and-organizations.ts';

/**
 * The keeping of counted lists is killed after calls that it makes to the table, and disturbed at each of them; then it
 * gets its records again. Every page is right at once, and in the end the counts are those of the memberships, nothing
 * is counted twice and nothing is left over.
 */

/** At how many calls each of these is killed, spread evenly: at all of them in the longest run. */
const killsMax = isLong ? Number.MAX_SAFE_INTEGER : extentOf({ share: 1, whole: 4 });
const pageSize = 25;

const { engine } = await faultyTableUnderTest();
afterEach(() => {
  works();
  vi.restoreAllMocks();
});

function works(): void {
  engine.decide = () => undefined;
}

interface Move {
  readonly before?: Membership;
  readonly after?: Membership;
}

/** Changes memberships as one request does. */
async function move({ id }: Organization, moves: readonly Move[]): Promise<void> {
  for (;;) {
    const changes = services().openChanges({ email: 'test', credentialId: null });
    const { members, organizations } = services().stores;
    for (const { before, after } of moves) {
      if (before && after) members.update(changes, before, after);
      else if (before) members.remove(changes, before);
      else if (after) members.add(changes, after, personWith(after));
      organizations.change(changes, tenantWithoutCaller(id), { add: memberCountersChange(before, after) });
    }
    try {
      await services().commit(changes, { requestId: String(services().newId()), ip: '', now: Date.now() });
      return;
    } catch (error) {
      if (!services().isStaleRead(error)) throw error;
    }
  }
}

const people = new Map<number, ReturnType<typeof personOf>>();
function personWith({ userId }: Membership) {
  const person = people.get(userId);
  if (!person) throw new Error('There is no such person.');
  return person;
}

/** People who could join, one a millisecond. */
async function newcomers(organization: Organization, count: number): Promise<Move[]> {
  const users = Array.from({ length: count }, (_, at) => personOf(organization, 1_000 + at, Date.now()));
  for (const user of users) people.set(user.id, user);
  await services().table.putAll(users.flatMap(userItems));
  return users.map((user, at) => ({ after: newMembership(organization.id, user, ['VIEWER'], Date.now() + at) }));
}

/** The memberships as they are, in no order: what every list has to say. */
async function membersOf({ id }: Organization): Promise<Membership[]> {
  const members: Membership[] = [];
  for await (const item of services().table.queryAll({
    partition: partitionOf('membership', { organization: id }),
    beginsWith: sortKeyPrefixOf('membership'),
  })) {
    members.push(readMembership(item));
  }
  return members;
}

function inOrder(order: MemberOrder, members: readonly Membership[]): Membership[] {
  return members
    .map((member) => ({ member, place: placeIn(order, member) ?? '' }))
    .sort((one, other) => comparePlaces(one.place, other.place))
    .map(({ member }) => member);
}

/** Checks the pages that begin at these offsets. */
async function expectPages(
  { id }: Organization,
  order: MemberOrder,
  members: readonly Membership[],
  offsets: readonly number[],
): Promise<void> {
  const sorted = inOrder(order, members).map(({ userId }) => userId);
  for (const offset of offsets) {
    const of = { order, descending: false, offset, limit: pageSize, total: members.length };
    const page = await services().stores.memberLists.page(tenantWithoutCaller(id), of);
    expect(
      page.map(({ userId }) => userId),
      `${order} from ${offset}`,
    ).toEqual(sorted.slice(offset, offset + pageSize));
  }
}

/** Fills what a list that is counted has anew. */
async function fillAnew({ id }: Organization, order: MemberOrder, fill: Fill) {
  const old: StoredItem[] = [];
  for (const kind of ['listBlocks', 'listParts'] as const) {
    for await (const item of services().table.queryAll({
      partition: partitionOf(kind, { organization: id, order }),
      beginsWith: sortKeyPrefixOf(kind),
    })) {
      old.push(item as StoredItem);
    }
  }
  await services().table.deleteAll(old);
  const list = { organizationId: id, order };
  await services().table.putAll(stretchItems(list, await readPlaces(services().table, list), fill));
}

/** All that is kept of an organization's lists, to be put back before each kill. */
async function keptOf({ id }: Organization, orders: readonly MemberOrder[]) {
  const read = async () => {
    const items: StoredItem[] = [];
    for (const order of orders) {
      const partition = partitionOf('listVersion', { organization: id, order });
      for await (const item of services().table.queryAll({ partition })) items.push(item as StoredItem);
    }
    return items;
  };
  const items = await read();
  const [organization] = await services().table.get([organizationKey(id)]);
  const since = organization?.[listsCountedSince];
  return async () => {
    await services().table.deleteAll(await read());
    if (items.length > 0) await services().table.putAll(items);
    await services().table.update(
      organizationKey(id),
      since === undefined ? { remove: [listsCountedSince] } : { set: { [listsCountedSince]: since } },
    );
  };
}

/** How many parts and blocks a list has: none while it is not counted. */
interface Shape {
  readonly parts: number;
  readonly blocks: number;
}

async function shapeOf({ id }: Organization, order: MemberOrder): Promise<Shape> {
  const parts = (await readListView(services().table, { organizationId: id, order }))?.parts ?? [];
  return { parts: parts.length, blocks: parts.reduce((sum, { blocks }) => sum + blocks, 0) };
}

/** What the stream says of what was written since the calls were forgotten. */
function records(orders: readonly MemberOrder[]): DynamoDBRecord[] {
  const filters = followUps.consumer.patterns.map(compileFilter);
  const put = engine.calls.flatMap(({ operation, input }) =>
    operation === 'TransactWriteItems' ? input.TransactItems.flatMap(({ Put }: { Put?: object }) => Put ?? []) : [],
  );
  const all = put.map(
    ({ Item }, at): DynamoDBRecord => ({
      eventName: 'INSERT',
      dynamodb: { NewImage: Item, SequenceNumber: String(at + 1) },
    }),
  );
  const isOfOrder = ({ dynamodb }: DynamoDBRecord) =>
    orders.some((order) => (dynamodb?.NewImage?.order?.S ?? order) === order);
  return all.filter((record) => filters.some((matches) => matches(record)) && isOfOrder(record));
}

interface Keeping {
  /** How many members there are beside the owner. More than 255 are counted from the beginning. */
  readonly members: number;
  /** What is to be kept. */
  prepare(organization: Organization): Promise<void>;
  /** What tells that an undisturbed run has done what it is about. */
  expectDone(after: Shape, before: Shape): void;
  /** The lists that are kept; by default all. */
  readonly orders?: readonly MemberOrder[];
}

const keepings: Readonly<Record<string, Keeping>> = {
  'the first count of lists': {
    members: 255,
    prepare: async (organization) => move(organization, await newcomers(organization, 1)),
    expectDone(after, before) {
      expect(before.blocks).toBe(0);
      expect(after.blocks).toBeGreaterThan(1);
    },
  },
  'the first count of lists that change meanwhile': {
    members: 255,
    async prepare(organization) {
      const [first, ...others] = await newcomers(organization, 4);
      if (first) await move(organization, [first]);
      await beginToCount(services().table, organization.id, Date.now());
      await move(organization, others);
      const [leaving] = inOrder('joining', await membersOf(organization)).slice(100);
      if (leaving) await move(organization, [{ before: leaving }]);
    },
    expectDone(after, before) {
      expect(before.blocks).toBe(0);
      expect(after.blocks).toBeGreaterThan(1);
    },
  },
  'counting changes in': {
    members: 256,
    async prepare(organization) {
      await move(organization, await newcomers(organization, 3));
      const [leaving, renamed, promoted] = inOrder('joining', await membersOf(organization)).slice(100);
      if (!leaving || !renamed || !promoted) throw new Error('Somebody is missing.');
      await move(organization, [{ before: leaving }]);
      const identity = { ...renamed.identity, firstName: 'Zoe', email: `zoe-${organization.id}@example.com` };
      await move(organization, [{ before: renamed, after: { ...renamed, identity } }]);
      await move(organization, [{ before: promoted, after: { ...promoted, roles: ['OWNER'] } }]);
    },
    expectDone: (after, before) => expect(after).toEqual(before),
  },
  'counting in more than one transaction holds': {
    members: 256,
    orders: ['role'],
    async prepare(organization) {
      await fillAnew(organization, 'role', { membersOfBlock: 3, blocksOfPart: 64, stretchesOfSheet: 1 });
      const members = (await membersOf(organization)).filter(({ roles }) => !roles.includes('OWNER'));
      for (let at = 0; at < 60; at += 12) {
        const some = members.filter((_, index) => index % 4 === 0).slice(at, at + 12);
        await move(
          organization,
          some.map((before) => ({ before, after: { ...before, roles: ['OWNER'] } })),
        );
      }
    },
    expectDone: (after, before) => expect(after.blocks).toBeLessThan(before.blocks),
  },
  'the splitting of blocks': {
    members: 256,
    orders: ['joining'],
    prepare: async (organization) => move(organization, await newcomers(organization, 24)),
    expectDone: (after, before) => expect(after.blocks).toBeGreaterThan(before.blocks),
  },
  'the joining of blocks': {
    members: 256,
    orders: ['joining'],
    async prepare(organization) {
      const members = inOrder('joining', await membersOf(organization)).slice(43 + 2, 2 * 43);
      for (const some of [members.slice(0, 20), members.slice(20)]) {
        await move(
          organization,
          some.map((before) => ({ before })),
        );
      }
    },
    expectDone: (after, before) => expect(after.blocks).toBeLessThan(before.blocks),
  },
  'the splitting of parts': {
    members: 280,
    orders: ['role'],
    async prepare(organization) {
      await fillAnew(organization, 'role', { membersOfBlock: 2, blocksOfPart: 141, stretchesOfSheet: 12 });
      await promoteOne(organization);
    },
    expectDone: (after, before) => expect(after.parts).toBeGreaterThan(before.parts),
  },
  'the joining of parts': {
    members: 256,
    orders: ['role'],
    async prepare(organization) {
      await fillAnew(organization, 'role', { membersOfBlock: 10, blocksOfPart: 14, stretchesOfSheet: 12 });
      await promoteOne(organization);
    },
    expectDone: (after, before) => expect(after.parts).toBeLessThan(before.parts),
  },
};

async function promoteOne(organization: Organization): Promise<void> {
  const before = (await membersOf(organization)).find(({ roles }) => roles.includes('VIEWER'));
  if (before) await move(organization, [{ before, after: { ...before, roles: ['ADMIN'] } }]);
}

describe.each(Object.entries(keepings))('%s', (_, keeping) => {
  const { orders = memberOrders } = keeping;
  const [order = 'joining'] = orders;
  let organization: Organization;
  let due: readonly DynamoDBRecord[];
  let members: readonly Membership[];
  let before: Shape;
  let putBack: () => Promise<void>;

  beforeAll(async () => {
    organization = await anOrganization(await somebody());
    await addMembersInBulk(organization, keeping.members, { withPeople: false });
    engine.calls.length = 0;
    await keeping.prepare(organization);
    due = records(orders);
    members = await membersOf(organization);
    before = await shapeOf(organization, order);
    putBack = await keptOf(organization, orders);
  });
  beforeEach(() => putBack());

  const keep = async (due: readonly DynamoDBRecord[]) =>
    (await followUps.handler({ Records: [...due] })).batchItemFailures;

  /** As Lambda does it again. A builder that was killed holds up the next one for a while. */
  async function keepLater(due: readonly DynamoDBRecord[]): Promise<void> {
    const clock = vi.spyOn(Date, 'now').mockReturnValue(Date.now() + hourMilliseconds);
    expect(await keep(due)).toEqual([]);
    clock.mockRestore();
  }

  test('killed after any call, and done again, is exact', async () => {
    engine.calls.length = 0;
    await keepLater(due);
    const calls = engine.calls.length;
    keeping.expectDone(await shapeOf(organization, order), before);
    await expectCountsToHold(organization.id, members, orders);
    const stride = Math.max(1, calls / killsMax);
    for (let kill = 0; kill * stride < calls; kill += 1) {
      const at = Math.floor(kill * stride);
      await putBack();
      diesAfter(engine, at);
      const failures = await keep(due);
      works();
      expect(failures.length, `killed after ${at} of ${calls} calls`).toBeGreaterThan(0);
      await expectPages(organization, order, members, [70 + (at % 100)]);
      await keepLater(due);
      keeping.expectDone(await shapeOf(organization, order), before);
      await expectCountsToHold(organization.id, members, orders);
    }
    const offsets = Array.from({ length: Math.ceil(members.length / pageSize) }, (_, page) => page * pageSize);
    for (const each of orders) await expectPages(organization, each, members, offsets);
  }, 240_000);

  test('where the answer to each call is lost once, is exact at once', async () => {
    // Throttles have the client wait: in the longer run.
    for (const first of passingFaults.keys()) {
      if (first > 0 && !isLong) break;
      await putBack();
      disturbs(engine, { first, faults: isLong ? passingFaults : ['cut after'] });
      const failures = await keep(due);
      works();
      expect(failures).toEqual([]);
      await expectCountsToHold(organization.id, members, orders);
    }
  }, 240_000);
});
