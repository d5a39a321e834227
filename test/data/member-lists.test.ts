import { setTimeout as pause } from 'node:timers/promises';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { placesBefore } from '../../shared/data/list-builder.ts';
import { memberListPartitions, placeIn } from '../../shared/data/list-changes.ts';
import { keepList, keepLists } from '../../shared/data/list-keeper.ts';
import * as listKeys from '../../shared/data/list-keys.ts';
import {
  comparePlaces,
  orderKeyOf,
  placeOf,
  readPlace,
  shortestPlace,
  stretchOf,
} from '../../shared/data/list-place.ts';
import { readListView } from '../../shared/data/list-view.ts';
import { memberOrders } from '../../shared/data/order-keys.ts';
import { transactionOf } from '../../shared/data/transaction.ts';
import { type Role, roles as roleTable, strongestRole } from '../../shared/domain/access/roles.ts';
import { tenantWithoutCaller } from '../../shared/domain/access/tenant.ts';
import type { Changes } from '../../shared/domain/changes.ts';
import { memberCountersChange } from '../../shared/domain/member/member-counters.ts';
import type { MemberOrder } from '../../shared/domain/member/member-list-store.ts';
import { type Membership, newMembership } from '../../shared/domain/member/membership.ts';
import type { Organization } from '../../shared/domain/organization/organization.ts';
import { fullName, type User } from '../../shared/domain/user/user.ts';
import { services } from '../support/all-services.ts';
import { tableUnderTest } from '../support/api-under-test.ts';
import { addMembersInBulk, personOf, userItems } from '../support/bulk-members.ts';
import { expectCountsToHold } from '../support/counted-lists.ts';
import { extentOf } from '../support/extent.ts';
import { anOrganization, somebody } from '../support/people-and-organizations.ts';

await tableUnderTest();

const place = fc.oneof(fc.string(), fc.stringMatching(/^["#%$!a ]{0,6}$/), fc.string({ unit: 'grapheme' })).filter(
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these never come into an order key.
  (text) => !/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/.test(text) && text.isWellFormed(),
);
const list = { organizationId: 5, order: 'name' } as const;

describe('places of a list', () => {
  test('keep their order as keys of the table, and can be read back', () => {
    fc.assert(
      fc.property(place, place, (one, other) => {
        const [first, second] = [listKeys.blocks(list, one).sk, listKeys.blocks(list, other).sk];
        expect(Math.sign(comparePlaces(first, second))).toBe(Math.sign(comparePlaces(one, other)));
        expect(readPlace(first, 'listBlocks')).toBe(one);
        expect(placeOf(orderKeyOf(one))).toBe(one);
      }),
      { numRuns: 3_000 },
    );
  });

  test('a stretch is known by the shortest place that comes after the one before it', () => {
    fc.assert(
      fc.property(place, place, (one, other) => {
        fc.pre(comparePlaces(one, other) < 0);
        const from = shortestPlace(one, other);
        expect(comparePlaces(one, from)).toBeLessThan(0);
        expect(comparePlaces(from, other)).toBeLessThanOrEqual(0);
        expect(from.isWellFormed()).toBe(true);
      }),
      { numRuns: 3_000 },
    );
  });

  test('every place is in the last stretch that begins at or before it', () => {
    fc.assert(
      fc.property(fc.array(place, { maxLength: 12 }), place, (texts, sought) => {
        const stretches = ['', ...texts].sort(comparePlaces).map((from) => ({ from }));
        const at = stretchOf(stretches, sought);
        expect(comparePlaces(stretches[at]?.from ?? '', sought)).toBeLessThanOrEqual(0);
        const next = stretches[at + 1];
        if (next) expect(comparePlaces(next.from, sought)).toBeGreaterThan(0);
      }),
    );
  });
});

describe('what was there before the outstanding changes', () => {
  test('is told from the index, whichever of the later changes it shows', () => {
    const step = fc.record({
      place: fc.constantFrom('a', 'b', 'c', 'd'),
      isKnown: fc.boolean(),
      isShown: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.subarray(['a', 'b', 'c', 'd']), fc.array(step, { maxLength: 6 }), (start, steps) => {
        // The known changes come first, then those that the index shows, then those that it does not show.
        const order = (each: (typeof steps)[number]) => (each.isKnown ? 0 : each.isShown ? 1 : 2);
        const inOrder = [...steps].sort((one, other) => order(one) - order(other));
        const present = new Set(start);
        const shown = new Set(start);
        const changes = inOrder.map(({ place: moved, isKnown, isShown }, at) => {
          const change = present.has(moved)
            ? { id: String(at), added: [], removed: [moved], left: 1 }
            : { id: String(at), added: [moved], removed: [], left: 1 };
          for (const set of isKnown || isShown ? [present, shown] : [present]) {
            if (change.added.length > 0) set.add(moved);
            else set.delete(moved);
          }
          return { change, isKnown };
        });
        const known = changes.filter(({ isKnown }) => isKnown).map(({ change }) => change);
        const all = changes.map(({ change }) => change);
        const found = placesBefore([...shown], known, all);
        if (found) expect(found).toEqual([...start].sort());
        else expect(steps.filter(({ isKnown }) => !isKnown).length).toBeGreaterThan(1);
      }),
      { numRuns: 2_000 },
    );
  });
});

/** The order that the contract demands, written down once more and independently. */
const inOrder: Record<MemberOrder, (member: Membership) => string> = {
  joining: ({ joinedAt }) => String(joinedAt).padStart(16, '0'),
  name: ({ identity }) => fullName(identity).normalize('NFKC').toLowerCase(),
  email: ({ identity }) => identity.email,
  role: ({ roles }) => String(roleTable[strongestRole(roles)].id),
};

class NaiveModel {
  readonly members = new Map<number, Membership>();

  page(order: MemberOrder, descending: boolean, offset: number, limit: number): number[] {
    const sorted = [...this.members.values()]
      .map((member) => ({ userId: member.userId, key: Buffer.from(inOrder[order](member)) }))
      .sort((one, other) => Buffer.compare(one.key, other.key) || one.userId - other.userId);
    if (descending) sorted.reverse();
    return sorted.slice(offset, offset + limit).map(({ userId }) => userId);
  }
}

const names = [
  'Ann',
  'ann',
  'Ann Lee',
  'Á',
  'Zoë',
  'zoe',
  'Bo#b',
  'Bo"b',
  'Bo%b',
  'Bo$b',
  'Ｂｏ',
  'ß',
  'SS',
  '李',
  '𝒜nn',
  '🙂',
];
const roleNames: readonly Role[] = ['OWNER', 'ADMIN', 'CONTRIBUTOR', 'ACCOUNTING', 'VIEWER'];

/** A history of one organization: whatever it does to the members, it does to the model as well. */
class History {
  readonly model = new NaiveModel();
  private readonly organization: Organization;
  private readonly random: () => number;
  /** How many blocks the list by joining had, each time that it was kept. */
  readonly blocks: number[] = [];
  private clock = Date.now();
  private people: number;

  constructor(organization: Organization, random: () => number, peopleBefore = 0) {
    this.organization = organization;
    this.random = random;
    this.people = peopleBefore;
  }

  pick<Thing>(from: readonly Thing[]): Thing {
    const picked = from[Math.floor(this.random() * from.length)];
    if (picked === undefined) throw new Error('Nothing to pick from.');
    return picked;
  }

  private async commit(write: (changes: Changes) => void): Promise<void> {
    for (;;) {
      const changes = services().openChanges({ email: 'test', credentialId: null });
      write(changes);
      try {
        await services().commit(changes, { requestId: String(services().newId()), ip: '', now: Date.now() });
        return;
      } catch (error) {
        if (!services().isStaleRead(error)) throw error;
      }
    }
  }

  private change(changes: Changes, before: Membership | undefined, after: Membership | undefined): void {
    services().stores.organizations.change(changes, tenantWithoutCaller(this.organization.id), {
      add: memberCountersChange(before, after),
    });
  }

  async add(count: number): Promise<void> {
    const added: Membership[] = [];
    const users: User[] = [];
    for (let at = 0; at < count; at += 1) {
      this.clock += Math.floor(this.random() * 2);
      this.people += 1;
      const identity = { firstName: this.pick(names), lastName: this.pick([...names, '']) };
      const user = { ...personOf(this.organization, 1_000_000 + this.people, this.clock), ...identity };
      users.push(user);
      added.push(newMembership(this.organization.id, user, [this.pick(roleNames)], this.clock));
    }
    await services().table.putAll(users.flatMap(userItems));
    await this.commit((changes) => {
      for (const [at, membership] of added.entries()) {
        services().stores.members.add(changes, membership, users[at] as User);
        this.change(changes, undefined, membership);
      }
    });
    for (const membership of added) this.model.members.set(membership.userId, membership);
  }

  private some(count: number): Membership[] {
    const all = [...this.model.members.values()];
    const picked = new Set(Array.from({ length: Math.min(count, all.length) }, () => this.pick(all)));
    return [...picked];
  }

  remove = (count: number) => this.leave(this.some(count));

  private async leave(gone: readonly Membership[]): Promise<void> {
    await this.commit((changes) => {
      for (const membership of gone) {
        services().stores.members.remove(changes, membership);
        this.change(changes, membership, undefined);
      }
    });
    for (const { userId } of gone) this.model.members.delete(userId);
  }

  async change_(count: number, changed: (before: Membership) => Membership): Promise<void> {
    const pairs = this.some(count).map((before) => ({ before, after: changed(before) }));
    await this.commit((changes) => {
      for (const { before, after } of pairs) {
        services().stores.members.update(changes, before, after);
        this.change(changes, before, after);
      }
    });
    for (const { after } of pairs) this.model.members.set(after.userId, { ...after, version: after.version + 1 });
  }

  rename = (count: number) =>
    this.change_(count, (before) => ({
      ...before,
      identity: { ...before.identity, firstName: this.pick(names), lastName: this.pick(names) },
    }));

  readdress = (count: number) =>
    this.change_(count, (before) => ({
      ...before,
      identity: {
        ...before.identity,
        email: `${this.pick(['a', 'm', 'z'])}${this.random()}.${before.userId}@example.com`,
      },
    }));

  promote = (count: number) => this.change_(count, (before) => ({ ...before, roles: [this.pick(roleNames)] }));

  /** A whole stretch of the joining order leaves, so that blocks shrink and are joined. */
  async thinOut(): Promise<void> {
    const sorted = [...this.model.members.values()].sort((one, other) => one.joinedAt - other.joinedAt);
    const from = Math.floor(this.random() * sorted.length);
    for (const at of [from, from + 20]) await this.leave(sorted.slice(at, at + 20));
  }

  readonly keep = () => keepLists(services().table, this.organization.id, Date.now());

  async keepAll(): Promise<void> {
    await this.keep();
    for (const order of memberOrders) {
      await keepList(services().table, { organizationId: this.organization.id, order }, Date.now());
    }
    const view = await readListView(services().table, { organizationId: this.organization.id, order: 'joining' });
    this.blocks.push(view?.parts.reduce((sum, { blocks }) => sum + blocks, 0) ?? 0);
  }

  async read(order: MemberOrder, descending: boolean, offset: number, limit: number): Promise<number[]> {
    const found = await services().stores.memberLists.page(tenantWithoutCaller(this.organization.id), {
      order,
      descending,
      offset,
      limit,
      total: this.model.members.size,
    });
    return found.map(({ userId }) => userId);
  }

  async expectPage(order: MemberOrder, descending: boolean, offset: number, limit: number): Promise<void> {
    const label = `${order} ${descending ? 'down' : 'up'} from ${offset}, ${limit} of ${this.model.members.size}`;
    expect(await this.read(order, descending, offset, limit), label).toEqual(
      this.model.page(order, descending, offset, limit),
    );
  }

  /** Pages at random places, in every order and direction. */
  async expectSomePages(): Promise<void> {
    for (const order of memberOrders) {
      for (const descending of [false, true]) {
        const limit = this.pick([1, 7, 25, 100]);
        await this.expectPage(order, descending, Math.floor(this.random() * this.model.members.size), limit);
      }
    }
  }
}

/** A generator of numbers in [0, 1) that begins where the seed says. */
function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1_664_525 + 1_013_904_223) % 2 ** 32;
    return state / 2 ** 32;
  };
}

describe('pages of a large list', () => {
  test('are those of a naive model through thousands of joins, leaves, renames, splits and merges', async () => {
    const seed = Number(process.env.TENANTRY_TEST_SEED ?? 7);
    const random = randomFrom(seed);
    const owner = await somebody();
    const organization = await anOrganization(owner);
    const history = new History(organization, random);
    const own = await services().stores.members.get(tenantWithoutCaller(organization.id), owner.id);
    if (own) history.model.members.set(owner.id, own);

    const operations = {
      add: () => history.add(1 + Math.floor(random() * 20)),
      remove: () => history.remove(1 + Math.floor(random() * 15)),
      rename: () => history.rename(1 + Math.floor(random() * 20)),
      readdress: () => history.readdress(1 + Math.floor(random() * 20)),
      promote: () => history.promote(1 + Math.floor(random() * 20)),
      thinOut: () => history.thinOut(),
      keep: () => history.keepAll(),
    };
    const growing = ['add', 'add', 'add', 'add', 'rename', 'readdress', 'promote', 'remove', 'keep'] as const;
    const shrinking = ['thinOut', 'thinOut', 'remove', 'remove', 'rename', 'promote', 'add', 'keep'] as const;
    for (let times = 0; times < 16; times += 1) await history.add(20);
    await history.keepAll();
    const steps = extentOf({ share: 100, whole: 200 });
    let changes = 0;
    for (let step = 0; step < steps; step += 1) {
      const choice = history.pick<keyof typeof operations>(step % 100 < 55 ? growing : shrinking);
      const before = history.model.members.size;
      await operations[choice]();
      changes += choice === 'keep' ? 0 : Math.max(10, Math.abs(history.model.members.size - before));
      if (step % 4 === 0) await history.expectSomePages();
    }
    expect(changes, `seed ${seed}`).toBeGreaterThan(10 * steps);
    const most = Math.max(...history.blocks);
    expect(most, 'blocks were split').toBeGreaterThan(history.blocks[0] ?? 0);
    expect(Math.min(...history.blocks.slice(history.blocks.indexOf(most))), 'and joined').toBeLessThan(most);
    const members = [...history.model.members.values()];
    for (const order of memberOrders) {
      for (const descending of [false, true]) {
        for (let offset = 0; offset < members.length; offset += 100) {
          await history.expectPage(order, descending, offset, 100);
        }
      }
    }
    await history.keepAll();
    await expectCountsToHold(organization.id, members);
    await history.expectSomePages();
  }, 240_000);

  test('are right while keepers run side by side and members come and go', async () => {
    const random = randomFrom(11);
    const organization = await anOrganization(await somebody());
    await addMembersInBulk(organization, 600, { withPeople: false });
    const history = new History(organization, random);
    for (const order of memberOrders) {
      const members = await services().stores.memberLists.page(tenantWithoutCaller(organization.id), {
        order,
        descending: false,
        offset: 0,
        limit: 601,
        total: 601,
      });
      expect(members).toHaveLength(601);
      for (const member of members) history.model.members.set(member.userId, member);
    }
    let isOver = false;
    const keepers = [1, 2, 3].map(async () => {
      while (!isOver) {
        for (const order of memberOrders) {
          const name = { organizationId: organization.id, order };
          await keepList(services().table, name, Date.now()).catch((error) => {
            if (!services().isStaleRead(error)) throw error;
          });
          await pause(20);
        }
      }
    });
    // Nobody among these is changed meanwhile: whatever else happens, they stay in this order.
    const settled = new Set([...history.model.members.keys()].filter((_, at) => at % 2 === 0));
    const readers = [1, 2].map(async (reader) => {
      let pages = 0;
      while (!isOver) {
        const order = memberOrders[(pages + reader) % memberOrders.length] ?? 'name';
        const offset = 100 + ((pages * 97) % 300);
        const found = await history.read(order, false, offset, 25);
        expect(new Set(found).size, 'no duplicate').toBe(found.length);
        const seen = found.filter((id) => settled.has(id));
        const key = (id: number) => {
          const member = history.model.members.get(id);
          return member ? (placeIn(order, member) ?? '') : '';
        };
        expect(seen, 'in order').toEqual([...seen].sort((one, other) => comparePlaces(key(one), key(other))));
        expect(found, 'a whole page').toHaveLength(25);
        pages += 1;
        await pause(20);
      }
      return pages;
    });
    const changeable = (member: Membership) => !settled.has(member.userId);
    const unsettled = new History(organization, random, 500_000);
    for (const member of [...history.model.members.values()].filter(changeable)) {
      unsettled.model.members.set(member.userId, member);
    }
    for (let step = 0; step < 40; step += 1) {
      await history.pick([
        () => unsettled.add(10),
        () => unsettled.remove(5),
        () => unsettled.rename(10),
        () => unsettled.promote(10),
      ])();
    }
    isOver = true;
    await Promise.all(keepers);
    for (const pages of await Promise.all(readers)) expect(pages).toBeGreaterThan(5);
    for (const [id] of [...history.model.members]) if (!settled.has(id)) history.model.members.delete(id);
    for (const member of unsettled.model.members.values()) history.model.members.set(member.userId, member);
    await history.keepAll();
    await expectCountsToHold(organization.id, [...history.model.members.values()]);
    await history.expectSomePages();
  }, 240_000);

  test('a list that nobody keeps is read rightly all the same', async () => {
    const random = randomFrom(3);
    const organization = await anOrganization(await somebody());
    const history = new History(organization, random);
    await addMembersInBulk(organization, 300, { withPeople: false });
    const first = await services().stores.memberLists.page(tenantWithoutCaller(organization.id), {
      order: 'joining',
      descending: false,
      offset: 0,
      limit: 301,
      total: 301,
    });
    for (const member of first) history.model.members.set(member.userId, member);
    for (let step = 0; step < 12; step += 1) {
      await history.pick([() => history.add(15), () => history.remove(10), () => history.rename(15)])();
      await history.expectSomePages();
    }
  }, 120_000);
});

test('a list whose counts are thrown away is read rightly without, and counted anew', async () => {
  const random = randomFrom(5);
  const organization = await anOrganization(await somebody());
  const history = new History(organization, random);
  await addMembersInBulk(organization, 300, { withPeople: false });
  const all = { order: 'name', descending: false, offset: 0, limit: 301, total: 301 } as const;
  for (const member of await services().stores.memberLists.page(tenantWithoutCaller(organization.id), all)) {
    history.model.members.set(member.userId, member);
  }
  const changes = services().openChanges({ email: 'test', credentialId: null });
  for (const order of memberOrders) {
    transactionOf(changes).delete(listKeys.begin({ organizationId: organization.id, order }));
  }
  await services().commit(changes, { requestId: 'test', ip: '', now: Date.now() });
  await history.expectSomePages();
  await history.promote(5);
  await history.expectSomePages();
  await history.keepAll();
  await expectCountsToHold(organization.id, [...history.model.members.values()]);
  await history.expectSomePages();
}, 120_000);

describe('the bulk path', () => {
  test('leaves what the API leaves', async () => {
    const [owner, other] = [await somebody(), await somebody()];
    const [bulk, slow] = [await anOrganization(owner), await anOrganization(other)];
    await addMembersInBulk(bulk, 260);
    const members = await services().stores.memberLists.page(tenantWithoutCaller(bulk.id), {
      order: 'joining',
      descending: false,
      offset: 0,
      limit: 261,
      total: 261,
    });
    for (const member of members.filter(({ userId }) => userId !== owner.id)) {
      const changes = services().openChanges({ email: 'test', credentialId: null });
      const user = await services().stores.users.get(member.userId);
      if (!user) throw new Error('The person is gone.');
      const copy = { ...member, organizationId: slow.id };
      services().stores.members.add(changes, copy, user);
      services().stores.organizations.change(changes, tenantWithoutCaller(slow.id), {
        add: memberCountersChange(undefined, copy),
      });
      await services().commit(changes, { requestId: String(services().newId()), ip: '', now: Date.now() });
    }
    await keepLists(services().table, slow.id, Date.now());
    const [one, two] = await services().stores.organizations.getMany([bulk.id, slow.id]);
    expect(one?.counters).toEqual(two?.counters);
    const itemsOf = async (organization: Organization) => {
      const found: Record<string, unknown>[] = [];
      const text = String(organization.id).padStart(16, '0');
      for (const partition of [`ORG#${text}`, ...memberListPartitions(organization.id)]) {
        for await (const item of services().table.queryAll({ partition })) found.push(item);
      }
      return found
        .filter(({ sk }) => String(sk) !== 'ORG' && !String(sk).endsWith(`#${String(owner.id).padStart(16, '0')}`))
        .filter(({ sk }) => !String(sk).endsWith(`#${String(other.id).padStart(16, '0')}`))
        .map((item) => ({ ...item, pk: String(item.pk).replace(text, 'X'), organizationId: 0 }));
    };
    const [fast, api] = [await itemsOf(bulk), await itemsOf(slow)];
    const kind = (items: Record<string, unknown>[], prefix: string) =>
      items.filter(({ sk }) => String(sk).startsWith(prefix));
    expect(kind(fast, 'MEMBER#')).toEqual(kind(api, 'MEMBER#'));
    expect(kind(fast, 'MEMBER#')).toHaveLength(260);
    for (const prefix of ['VIEW#', 'BLOCKS#']) {
      const shape = (items: Record<string, unknown>[]) => kind(items, prefix).map((item) => Object.keys(item).sort());
      expect(shape(fast)).toEqual(shape(api));
    }
    await expectCountsToHold(slow.id, [
      ...members.filter(({ userId }) => userId !== owner.id),
      ...(await services().stores.members.getMany(tenantWithoutCaller(slow.id), [other.id])),
    ]);
  }, 120_000);
});
