import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { rollupShardOf } from '../../../shared/data/active-organizations.ts';
import { tenantWithoutCaller } from '../../../shared/domain/access/tenant.ts';
import { type AccessEntry, noOrganization, sessionActions } from '../../../shared/domain/access-log/access-entry.ts';
import { rollUp } from '../../../shared/domain/consumption/roll-up.ts';
import { rollupShards } from '../../../shared/domain/consumption/rollup-lists.ts';
import type { RollupStore } from '../../../shared/domain/consumption/rollup-store.ts';
import {
  dayMilliseconds,
  hourMilliseconds,
  hourOf,
  minuteMilliseconds,
  monthOf,
} from '../../../shared/domain/timestamp.ts';
import { isClosed, smsMeter, storageMeter } from '../../../shared/domain/usage/usage-event.ts';
import type { User } from '../../../shared/domain/user/user.ts';
import { emptyWallet, type LedgerEntry, type Wallet } from '../../../shared/domain/wallet/wallet.ts';
import { services } from '../../support/all-services.ts';
import { tableUnderTest } from '../../support/api-under-test.ts';
import { extentOf, times } from '../../support/extent.ts';
import { anOrganization, somebody } from '../../support/people-and-organizations.ts';
import { engineUnderTest } from '../../support/table-under-test.ts';

await tableUnderTest();
let owner: User;
beforeAll(async () => {
  owner = await somebody();
});

let histories = 0;

/** Every history has a list of its own, and begins shortly before a month ends: an hour, a day and a month end in it. */
function newHistory() {
  histories += 1;
  const months = Math.floor(histories / rollupShards);
  const [ending, following] = [Date.UTC(2026, months, 1), Date.UTC(2026, months + 1, 1)];
  return {
    list: histories % rollupShards,
    beginning: following - 75 * minuteMilliseconds,
    months: [monthOf(ending), monthOf(following)],
  };
}

const made = new Set<number>();

/** An organization whose id puts it into this list. */
async function organizationIn(list: number, logShards: number): Promise<number> {
  let id: number;
  do id = Math.floor(services().newId() / rollupShards) * rollupShards + list;
  while (made.has(id));
  made.add(id);
  await anOrganization(owner, { id, logShards, wallet: { ...emptyWallet, balance: 1_000_000 } });
  return id;
}

let entries = 0;
async function append(organizationId: number, timestamp: number, traits: Partial<AccessEntry>): Promise<AccessEntry> {
  entries += 1;
  const entry: AccessEntry = {
    id: `entry-${entries}`,
    organizationId,
    timestamp,
    user: 'person@example.com',
    userId: 1,
    action: 'ORGANIZATION_READ',
    status: 'SUCCESS',
    ip: '10.0.0.1',
    method: 'GET',
    path: '/',
    requestId: `request-${entries}`,
    ...traits,
  };
  const [{ logShards: shards } = { logShards: 1 }] = (
    await services().stores.rollup.organizations([organizationId])
  ).values();
  await services().stores.accessLog.append([{ entry, shards }]);
  return entry;
}

/** Usage, as whoever records it leaves it. */
async function recordUsage(
  organizationId: number,
  now: number,
  traits: { meter: string; quantity: number; ago: number },
) {
  entries += 1;
  const { usage } = services().stores;
  const tenant = tenantWithoutCaller(organizationId);
  const { meter, quantity, ago } = traits;
  const timestamp = now - ago;
  const isLate = isClosed(timestamp, now);
  const event = { id: `event-${entries}`, meter, quantity, timestamp, userId: 1, countedAt: isLate ? now : timestamp };
  const counted = isLate && meter !== storageMeter ? [] : [event];
  await usage.announce(tenant, new Set(counted.map(({ countedAt }) => hourOf(countedAt))), now);
  const changes = services().openChanges({ email: '', credentialId: null });
  const name = `usage-${entries}`;
  const adjustments = isLate ? [event] : [];
  usage.record(changes, tenant, { claimant: name, name, receivedAt: now, events: [event], counted, adjustments });
  await services().commit(changes, { requestId: name, ip: '', now });
  return counted.map((of) => ({ ...of, organizationId }));
}

type Usage = Awaited<ReturnType<typeof recordUsage>>[number];

/** A charge, as the endpoint leaves it but for its access entry. */
async function charge(organizationId: number, now: number, amount: number): Promise<LedgerEntry> {
  const { stores, newId } = services();
  const id = newId();
  const [organization] = await stores.organizations.getMany([organizationId]);
  if (!organization) throw new Error('There is no such organization.');
  const entryAfter = (wallet: Wallet): LedgerEntry => ({
    id,
    organizationId,
    sequence: wallet.entries + 1,
    type: 'charge',
    amount,
    service: 'email',
    smsPoint: null,
    reason: null,
    balanceAfter: wallet.balance - amount,
    createdById: 1,
    createdAt: Math.max(now, wallet.changedAt),
  });
  const changes = services().openChanges({ email: '', credentialId: null });
  stores.wallets.record(changes, tenantWithoutCaller(organizationId), organization.wallet, entryAfter);
  await services().commit(changes, { requestId: `charge-${id}`, ip: '', now });
  return entryAfter(organization.wallet);
}

/** What the usage of a month comes to. */
function recountUsage(all: readonly Usage[], organizationId: number, month: string, until: number) {
  const counts = { smsPointsUsed: 0, storageBytesPeak: 0, storageBytesEnd: 0, renders: 0 };
  const own = all
    .filter((event) => event.organizationId === organizationId && event.countedAt <= until)
    .toSorted((one, other) => one.countedAt - other.countedAt || (one.id < other.id ? -1 : 1));
  let isBefore = true;
  for (const { meter, quantity, countedAt } of own) {
    if (monthOf(countedAt) > month) break;
    if (isBefore && monthOf(countedAt) === month) {
      isBefore = false;
      counts.storageBytesPeak = counts.storageBytesEnd;
    }
    if (meter === storageMeter) {
      counts.storageBytesEnd += quantity;
      counts.storageBytesPeak = Math.max(counts.storageBytesPeak, counts.storageBytesEnd);
    } else if (!isBefore) {
      if (meter === smsMeter) counts.smsPointsUsed += quantity;
      else counts.renders += quantity;
    }
  }
  return isBefore ? { ...counts, storageBytesPeak: counts.storageBytesEnd } : counts;
}

/** What the figures of a month have to be. */
function recount(
  all: readonly AccessEntry[],
  usage: readonly Usage[],
  charges: readonly LedgerEntry[],
  organizationId: number,
  month: string,
  until: number,
) {
  const walletCharged = charges
    .filter((of) => of.organizationId === organizationId && monthOf(of.createdAt) === month && of.createdAt <= until)
    .reduce((sum, { amount }) => sum + amount, 0);
  const own = all.filter(
    (entry) =>
      entry.organizationId === organizationId && monthOf(entry.timestamp) === month && entry.timestamp <= until,
  );
  return {
    ...recountUsage(usage, organizationId, month, until),
    walletCharged,
    apiCalls: own.filter(({ action }) => !sessionActions.has(action)).length,
    activeMembers: new Set(
      own.filter(({ status, userId }) => status === 'SUCCESS' && userId !== null).map(({ userId }) => userId),
    ).size,
  };
}

async function stored(organizationId: number, month: string) {
  const found = await services().stores.consumption.latestMonth(tenantWithoutCaller(organizationId), month);
  if (found?.month !== month) {
    const bytes = found?.storageBytesEnd ?? 0;
    const nothing = { apiCalls: 0, activeMembers: 0, smsPointsUsed: 0, walletCharged: 0, renders: 0 };
    return { ...nothing, storageBytesPeak: bytes, storageBytesEnd: bytes };
  }
  const { apiCalls, activeMembers, smsPointsUsed, walletCharged, storageBytesPeak, storageBytesEnd, meters } = found;
  const bytes = { storageBytesPeak, storageBytesEnd };
  return { apiCalls, activeMembers, smsPointsUsed, walletCharged, ...bytes, renders: meters.renders ?? 0 };
}

const runOf =
  (list: number) =>
  (asOf: number, rollup: RollupStore = services().stores.rollup, since?: number) =>
    rollUp(rollup, { shards: [list], since }, asOf);

/** The store of a run to which something happens at one of its calls: before it, or once it is done. */
function storeThat(happening: (call: number, when: 'before' | 'after') => Promise<void> | void): RollupStore {
  let calls = 0;
  return new Proxy(services().stores.rollup, {
    get(target, name: keyof RollupStore) {
      return async (...given: unknown[]) => {
        calls += 1;
        const call = calls;
        await happening(call, 'before');
        // biome-ignore lint/suspicious/noExplicitAny: the store's own signature is kept by passing all on.
        const answer = await (target[name] as any)(...given);
        await happening(call, 'after');
        return answer;
      };
    },
  });
}

class Killed extends Error {}

const killedAt = (at: number, when: 'before' | 'after') => {
  let isDead = false;
  return storeThat((call, now) => {
    // A process that is dead does nothing more, whatever else it had under way.
    if (isDead || (call >= at && now === when)) {
      isDead = true;
      throw new Killed();
    }
  });
};

/** A run that stands still at one of its calls until it is let go on. */
function pausedAt(at: number): { store: RollupStore; resume: () => void } {
  let resume = () => {};
  const wait = new Promise<void>((done) => {
    resume = done;
  });
  return { store: storeThat((call, now) => (call >= at && now === 'before' ? wait : undefined)), resume };
}

type Step =
  | { readonly type: 'entries'; readonly of: readonly { who: number; user: number; kind: number; ago: number }[] }
  | { readonly type: 'usage'; readonly of: readonly { who: number; meter: string; quantity: number; ago: number }[] }
  | { readonly type: 'charges'; readonly of: readonly { who: number; amount: number; ago: number }[] }
  | { readonly type: 'run' }
  | { readonly type: 'killed'; readonly at: number; readonly when: 'before' | 'after' }
  | { readonly type: 'twins'; readonly apart: number }
  | { readonly type: 'paused'; readonly at: number }
  | { readonly type: 'look back' };

const anEntry = fc.record({
  who: fc.nat(1),
  user: fc.nat(4),
  kind: fc.nat(5),
  ago: fc.nat(30_000),
});
const someUsage = fc.record({
  who: fc.nat(1),
  meter: fc.constantFrom(storageMeter, storageMeter, smsMeter, 'renders'),
  quantity: fc.integer({ min: -50, max: 100 }),
  ago: fc.nat(3 * hourMilliseconds),
});
const aCharge = fc.record({ who: fc.nat(1), amount: fc.integer({ min: 1, max: 9 }), ago: fc.nat(30_000) });
const aStep: fc.Arbitrary<{ pass: number; step: Step }> = fc.record({
  pass: fc.nat(50).map((minutes) => minutes * minuteMilliseconds),
  step: fc.oneof(
    {
      weight: 4,
      arbitrary: fc.record({ type: fc.constant('entries' as const), of: fc.array(anEntry, { maxLength: 6 }) }),
    },
    {
      weight: 3,
      arbitrary: fc.record({ type: fc.constant('usage' as const), of: fc.array(someUsage, { maxLength: 4 }) }),
    },
    {
      weight: 2,
      arbitrary: fc.record({ type: fc.constant('charges' as const), of: fc.array(aCharge, { maxLength: 3 }) }),
    },
    { weight: 2, arbitrary: fc.record({ type: fc.constant('run' as const) }) },
    {
      weight: 2,
      arbitrary: fc.record({
        type: fc.constant('killed' as const),
        at: fc.integer({ min: 1, max: 40 }),
        when: fc.constantFrom('before' as const, 'after' as const),
      }),
    },
    { weight: 1, arbitrary: fc.record({ type: fc.constant('twins' as const), apart: fc.nat(3) }) },
    { weight: 2, arbitrary: fc.record({ type: fc.constant('paused' as const), at: fc.integer({ min: 1, max: 40 }) }) },
    { weight: 1, arbitrary: fc.record({ type: fc.constant('look back' as const) }) },
  ),
});

const kinds: readonly Partial<AccessEntry>[] = [
  {},
  { status: 'DENIED' },
  { status: 'FAILURE' },
  { action: 'LOGIN' },
  { action: 'LOGOUT' },
  { action: 'LOGIN', status: 'FAILURE', userId: null },
];

describe('the rollup', () => {
  it('equals a recount of the entries, whatever was killed, ran twice, late or side by side before', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(aStep, { minLength: 3, maxLength: 12 }), async (steps) => {
        const { list, beginning, months } = newHistory();
        const run = runOf(list);
        const organizations = [await organizationIn(list, 1), await organizationIn(list, 3)];
        const all: AccessEntry[] = [];
        const usage: Usage[] = [];
        const charges: LedgerEntry[] = [];
        const underWay: { resume: () => void; ended: Promise<unknown> }[] = [];
        let now = beginning;
        await run(now);
        for (const { pass, step } of steps) {
          now += pass + 1;
          if (step.type === 'entries') {
            for (const { who, user, kind, ago } of step.of) {
              const organization = organizations[who] ?? 0;
              all.push(await append(organization, now - ago, { userId: user, ...kinds[kind] }));
            }
          } else if (step.type === 'usage') {
            for (const { who, ...of } of step.of) usage.push(...(await recordUsage(organizations[who] ?? 0, now, of)));
          } else if (step.type === 'charges') {
            for (const { who, amount, ago } of step.of) {
              const organization = organizations[who] ?? 0;
              all.push(await append(organization, now - ago, { action: 'WALLET_CHARGE' }));
              charges.push(await charge(organization, now - ago, amount));
            }
          } else if (step.type === 'killed') {
            await run(now, killedAt(step.at, step.when)).catch((error) =>
              expect(error.cause ?? error).toBeInstanceOf(Killed),
            );
          } else if (step.type === 'twins') {
            await Promise.all([run(now), run(now + step.apart)]);
            now += step.apart;
          } else if (step.type === 'paused') {
            const { store, resume } = pausedAt(step.at);
            underWay.push({ resume, ended: run(now, store) });
          } else {
            await run(now, undefined, step.type === 'look back' ? now - 48 * hourMilliseconds : undefined);
          }
          if (step.type === 'run' || step.type === 'look back' || step.type === 'twins') await expectRecount(now);
        }
        // Runs that stood still all the while write what they have counted long ago.
        for (const { resume } of underWay) resume();
        await Promise.all(underWay.map(({ ended }) => ended));
        now += 15 * minuteMilliseconds;
        await run(now);
        await expectRecount(now);

        async function expectRecount(until: number) {
          for (const organization of organizations) {
            for (const month of months) {
              expect(await stored(organization, month)).toEqual(
                recount(all, usage, charges, organization, month, until),
              );
            }
          }
        }
      }),
      {
        numRuns: engineUnderTest === 'dynoxide' ? times * extentOf({ share: 8, whole: 25 }) : 8,
        interruptAfterTimeLimit: 60_000,
        markInterruptAsFailure: false,
      },
    );
  }, 120_000);

  it('reads only the hours that can still change', async () => {
    const organization = await organizationIn(3, 1);
    const run = runOf(3);
    const start = Date.parse('2027-06-10T10:00:00Z');
    await run(start);
    for (const minutes of [5, 65, 125]) await append(organization, start + minutes * minuteMilliseconds, {});
    const first = await run(start + 130 * minuteMilliseconds);
    expect(first).toEqual({ organizations: 1, hours: 3, entries: 3 });
    const second = await run(start + 135 * minuteMilliseconds);
    expect(second).toEqual({ organizations: 1, hours: 1, entries: 1 });
    // Ten minutes into the next hour, the last one is counted once more: a slow request may have ended late.
    expect(await run(start + 185 * minuteMilliseconds)).toEqual({ organizations: 1, hours: 1, entries: 1 });
    expect(await run(start + 195 * minuteMilliseconds)).toEqual({ organizations: 1, hours: 1, entries: 1 });
    expect(await run(start + 200 * minuteMilliseconds)).toEqual({ organizations: 0, hours: 0, entries: 0 });
    expect(await stored(organization, '2027-06')).toMatchObject({ apiCalls: 3, activeMembers: 1 });
  });

  it('passes over sign-ins that belong to no organization', async () => {
    const at = Date.parse('2027-08-10T10:00:00Z');
    const list = rollupShardOf(noOrganization);
    const run = runOf(list);
    await run(at);
    const organization = await organizationIn(list, 1);
    for (const id of [noOrganization, organization]) {
      await append(id, at, { action: 'LOGIN', status: 'FAILURE', userId: null });
      await append(id, at, {});
    }
    expect(await run(at + 1)).toEqual({ organizations: 1, hours: 1, entries: 2 });
    expect(await stored(organization, '2027-08')).toMatchObject({ apiCalls: 1 });
    expect(await stored(noOrganization, '2027-08')).toMatchObject({ apiCalls: 0 });
  });

  it('counts all others where one cannot be counted, fails, and makes it good in the next run', async () => {
    const run = runOf(3);
    const at = Date.parse('2027-09-10T23:30:00Z');
    await run(at);
    const organizations = await Promise.all([1, 2, 3].map(() => organizationIn(3, 1)));
    const [bad = 0] = organizations;
    for (const organization of organizations) await append(organization, at + 1, {});
    const failing = new Proxy(services().stores.rollup, {
      get: (target, name: keyof RollupStore) =>
        name === 'usage'
          ? async (...given: Parameters<RollupStore['usage']>) => {
              if (given[0].organizationId === bad) throw new Error('Unreadable.');
              return target.usage(...given);
            }
          : target[name],
    });
    // In another day than the one that fails as well.
    const later = at + hourMilliseconds;
    for (const organization of organizations) await append(organization, later, {});
    await expect(run(later, failing)).rejects.toThrow(`Organization ${bad} cannot be counted: Error: Unreadable.`);
    const counts = () => Promise.all(organizations.map(async (of) => (await stored(of, '2027-09')).apiCalls));
    expect(await counts()).toEqual([0, 2, 2]);
    expect(await run(later + 1)).toMatchObject({ organizations: 3, entries: 6 });
    expect(await counts()).toEqual([2, 2, 2]);
  });

  it.each([
    ['putFigures', '2028-01-10'],
    ['putMonth', '2028-01-13'],
    ['advance', '2028-01-16'],
  ] as const)('writes nothing over a later run, though it stood still at %s all the while', async (standstill, day) => {
    const run = runOf(5);
    const at = Date.parse(`${day}T10:00:00Z`);
    await run(at);
    const organization = await organizationIn(5, 1);
    await append(organization, at + 1, {});
    const { promise: ended, resolve: resume } = Promise.withResolvers<void>();
    const { promise: stands, resolve: standsStill } = Promise.withResolvers<void>();
    const present = services().stores.rollup;
    const slow = Object.assign(Object.create(present) as RollupStore, {
      [standstill]: async (...given: never[]) => {
        standsStill();
        await ended;
        return (present[standstill] as (...of: never[]) => Promise<void>)(...given);
      },
    });
    const old = run(at + 2, slow);
    await stands;
    await append(organization, at + 3, {});
    // The hour is final by then: nobody counts it again.
    const later = at + 2 * hourMilliseconds;
    await run(later);
    resume();
    await old;
    expect(await run(later + 1)).toMatchObject({ entries: 0 });
    expect(await stored(organization, monthOf(at))).toMatchObject({ apiCalls: 2 });
    // The month is summed again, from days that nobody counts again either.
    const nextDay = later + dayMilliseconds;
    await append(organization, nextDay, {});
    expect(await run(nextDay)).toMatchObject({ entries: 1 });
    expect(await stored(organization, monthOf(at))).toMatchObject({ apiCalls: 3 });
  });

  it('counts mails that SES took, each once', async () => {
    const organization = await organizationIn(3, 1);
    const run = runOf(3);
    const tenant = tenantWithoutCaller(organization);
    const at = Date.parse('2027-07-10T10:00:00Z');
    await run(at);
    for (const id of ['one', 'two', 'one']) {
      const changes = services().openChanges({ email: '', credentialId: null });
      services().stores.consumption.recordMail(changes, tenant, { id, takenAt: at });
      await services().commit(changes, { requestId: id, ip: '', now: at });
    }
    await run(at + 1);
    const month = await services().stores.consumption.latestMonth(tenant, '2027-07');
    expect(month).toMatchObject({ emailsSent: 2, apiCalls: 0, asOf: at + 1 });
  });
});
