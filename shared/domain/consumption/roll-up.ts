import { type Tenant, tenantWithoutCaller } from '../access/tenant.ts';
import { sessionActions } from '../access-log/access-entry.ts';
import { inParallel } from '../in-parallel.ts';
import {
  dayMilliseconds,
  hourMilliseconds,
  hourOf,
  minuteMilliseconds,
  monthOf,
  type Timestamp,
} from '../timestamp.ts';
import { type CountedUsageEvent, smsMeter, storageMeter } from '../usage/usage-event.ts';
import { addConsumption, type ConsumptionFigures, type CountedMonth, noConsumption, sumMeters } from './consumption.ts';
import { rollupLookBackMilliseconds } from './rollup-lists.ts';
import type { CountedEntry, CountedOrganization, RollupStore } from './rollup-store.ts';

/**
 * The rollup: counts what is stored, per hour; sums hours to days and days to months. Everything is recomputed and
 * overwritten, so a run may come twice, late, beside another, or end anywhere: the next one makes it right. A run writes
 * nothing over the figures of one that began after it.
 */

/** An hour is final when it is over for so long: every request that began in it has left its entry by then. */
const finalAfterMilliseconds = 10 * minuteMilliseconds;

/** How far the very first run looks back. */
const firstLookBackMilliseconds = 3 * dayMilliseconds;

/** A run takes day after day, so many at most: each is a pass of its own. */
const passesMax = 64;

/** How many organizations are recounted side by side, how many lists are read, and how many hours of one organization. */
const organizationsAtOnce = 24;
const listsAtOnce = 32;
const hoursAtOnce = 4;

/** After so many organizations that cannot be counted a run gives up: it is not they that are the matter. */
const failuresMax = 20;

/** A part of all organizations and, on demand, an earlier beginning than where the run before has ended. */
export interface RollupOrder {
  /** Of the lists of active organizations. */
  readonly shards: readonly number[];
  readonly since?: Timestamp | undefined;
}

/** What a run did. */
export interface RollupSummary {
  /** How many organizations were looked at, how many of their hours, and how many access entries were read for that. */
  organizations: number;
  hours: number;
  entries: number;
}

/**
 * Recounts all that may have changed since the last run, up to `asOf`, the moment at which this run began. An organization
 * that cannot be counted holds up no other: the run fails once all else is done, and the next begins at the same place.
 */
export async function rollUp(
  rollup: RollupStore,
  { shards, since }: RollupOrder,
  asOf: Timestamp,
): Promise<RollupSummary> {
  const seen = new Set<number>();
  const summary: RollupSummary = { organizations: 0, hours: 0, entries: 0 };
  const beginnings = new Map<number, Timestamp>();
  await inParallel(shards, listsAtOnce, async (shard) => {
    const progress = await rollup.progress(shard);
    const last = Math.min(since ?? asOf, progress?.recountFrom ?? asOf - firstLookBackMilliseconds);
    beginnings.set(shard, startOf('hour', Math.max(last, asOf - rollupLookBackMilliseconds)));
  });
  // Day by day: a run that is far behind and is ended has still done the days that it has done.
  const earliest = Math.min(...beginnings.values());
  const failures: unknown[] = [];
  for (let day = startOf('day', earliest); day <= asOf; day += dayMilliseconds) {
    const pass = passOf(day, asOf);
    const hoursOf = await activeHours(rollup, beginnings, day, asOf);
    const organizations = await rollup.organizations([...hoursOf.keys()]);
    await inParallel(hoursOf, organizationsAtOnce, async ([organizationId, hours]) => {
      const organization = organizations.get(organizationId);
      if (!organization || failures.length >= failuresMax) return;
      seen.add(organizationId);
      const tenant = tenantWithoutCaller(organizationId);
      try {
        const entries = await recount(rollup, tenant, [...hours].sort(), organization, pass);
        summary.hours += hours.size;
        summary.entries += entries;
      } catch (error) {
        const { name, message } = error as Error;
        failures.push(
          new Error(`Organization ${organizationId} cannot be counted: ${name}: ${message}`, { cause: error }),
        );
      }
    });
    if (failures.length > 0) continue;
    const recountFrom = Math.min(day + dayMilliseconds, startOf('hour', asOf - finalAfterMilliseconds));
    const isLast = day + dayMilliseconds > asOf;
    await inParallel(beginnings.keys(), listsAtOnce, (shard) =>
      rollup.advance(shard, { recountFrom, asOf: isLast ? asOf : null }),
    );
  }
  if (failures.length > 0) throw failures[0];
  summary.organizations = seen.size;
  return summary;
}

/** A pass of a run: what it writes yields to later runs and to later passes of the same one. */
interface Pass {
  readonly asOf: Timestamp;
  readonly order: number;
}

function passOf(day: Timestamp, asOf: Timestamp): Pass {
  const passesLeft = Math.floor((asOf - day) / dayMilliseconds);
  return { asOf, order: asOf * passesMax + Math.max(0, passesMax - 1 - passesLeft) };
}

/** Which organizations were active in which hours of a day, from where each list is to be read again. */
async function activeHours(
  rollup: RollupStore,
  beginnings: ReadonlyMap<number, Timestamp>,
  day: Timestamp,
  asOf: Timestamp,
): Promise<Map<number, Set<string>>> {
  const lists: { hour: string; shard: number }[] = [];
  for (let at = day; at < day + dayMilliseconds && at <= asOf; at += hourMilliseconds) {
    for (const [shard, beginning] of beginnings) if (at >= beginning) lists.push({ hour: hourOf(at), shard });
  }
  const found = new Map<number, Set<string>>();
  await inParallel(lists, listsAtOnce, async ({ hour, shard }) => {
    for (const { organizationId, hours } of await rollup.activeOrganizations(hour, shard)) {
      const known = found.get(organizationId) ?? new Set();
      found.set(organizationId, known);
      for (const each of hours) known.add(each);
    }
  });
  return found;
}

/** Recounts these hours of an organization, then their days and months. Answers how many entries it has read. */
async function recount(
  rollup: RollupStore,
  tenant: Tenant,
  hours: readonly string[],
  organization: CountedOrganization,
  { asOf, order }: Pass,
): Promise<number> {
  let entries = 0;
  const usersByMonth = new Map<string, Set<number>>();
  await inParallel(hours, hoursAtOnce, async (hour) => {
    const counted = await countHour(rollup, tenant, hour, organization, asOf);
    entries += counted.entries;
    const month = hour.slice(0, 7);
    usersByMonth.set(month, new Set([...(usersByMonth.get(month) ?? []), ...counted.users]));
    await rollup.putFigures(tenant, 'hour', hour, counted.figures, order);
  });
  for (const day of new Set(hours.map((hour) => hour.slice(0, 10)))) {
    await rollup.putFigures(tenant, 'day', day, sum(await rollup.figures(tenant, 'hour', day)), order);
  }
  for (const month of monthsFrom([...usersByMonth.keys()].sort()[0], asOf)) {
    await recountMonth(rollup, tenant, month, usersByMonth.get(month), { asOf, order });
  }
  return entries;
}

/** The months from one to the current: what is stored at the end of a month is where the next one begins. */
function monthsFrom(first: string | undefined, now: Timestamp): string[] {
  const months: string[] = [];
  if (first === undefined) return months;
  for (let at = Date.parse(`${first}-01`); at <= now; at = Date.parse(`${monthOf(at + 32 * dayMilliseconds)}-01`)) {
    months.push(monthOf(at));
  }
  return months;
}

interface CountedHour {
  readonly figures: ConsumptionFigures;
  readonly users: ReadonlySet<number>;
  readonly entries: number;
}

async function countHour(
  rollup: RollupStore,
  tenant: Tenant,
  hour: string,
  { logShards, hasLedger }: CountedOrganization,
  asOf: Timestamp,
): Promise<CountedHour> {
  const from = Date.parse(`${hour}:00Z`);
  const until = Math.min(from + hourMilliseconds - 1, asOf);
  const users = new Set<number>();
  let entries = 0;
  let apiCalls = 0;
  let signIns = 0;
  let failedSignIns = 0;
  const countEntry = ({ action, status, userId }: CountedEntry) => {
    entries += 1;
    if (!sessionActions.has(action)) apiCalls += 1;
    if (action === 'LOGIN' && status === 'SUCCESS') signIns += 1;
    if (action === 'LOGIN' && status !== 'SUCCESS') failedSignIns += 1;
    if (status === 'SUCCESS' && userId !== null) users.add(userId);
  };
  const [usage, walletCharged] = await Promise.all([
    rollup.usage(tenant, hour),
    hasLedger ? rollup.charged(tenant, { from, until }) : 0,
    rollup.forEachAccessEntry(tenant, logShards, { from, until }, countEntry),
  ]);
  const emailsSent = usage.mailsTakenAt.filter((takenAt) => takenAt <= until).length;
  const figures = { ...countUsage(usage.events, until), apiCalls, signIns, failedSignIns, emailsSent, walletCharged };
  return { figures, users, entries };
}

/** What usage comes to until a moment. In one order always: sums of fractions depend on it, and so do peaks. */
function countUsage(events: readonly CountedUsageEvent[], until: Timestamp): ConsumptionFigures {
  const inOrder = events
    .filter(({ countedAt }) => countedAt <= until)
    .sort((one, other) => one.countedAt - other.countedAt || (one.id < other.id ? -1 : 1));
  const own: [string, number][] = [];
  const count = { smsPointsUsed: 0, storageChange: 0, storageRise: 0 };
  for (const { meter, quantity } of inOrder) {
    if (meter === smsMeter) {
      count.smsPointsUsed += quantity;
    } else if (meter === storageMeter) {
      count.storageChange += quantity;
      count.storageRise = Math.max(count.storageRise, count.storageChange);
    } else {
      own.push([meter, quantity]);
    }
  }
  return { ...noConsumption, ...count, meters: sumMeters(own) };
}

/**
 * Sums the days of a month. `users` were active in it, beside those that are known already; undefined where none of its
 * hours was counted anew.
 */
async function recountMonth(
  rollup: RollupStore,
  tenant: Tenant,
  month: string,
  users: ReadonlySet<number> | undefined,
  { asOf, order }: Pass,
): Promise<void> {
  const [known, days, before] = await Promise.all([
    rollup.activeMembers(tenant, month),
    rollup.figures(tenant, 'day', month),
    rollup.monthBefore(tenant, month),
  ]);
  if (!users && days.length === 0) return;
  const added = [...(users ?? [])].filter((user) => !known.has(user));
  await rollup.addActiveMembers(tenant, month, added);
  const { storageChange, storageRise, signIns: _, failedSignIns: __, ...figures } = sum(days);
  const storedBefore = before?.storageBytesEnd ?? 0;
  const counted: CountedMonth = {
    ...figures,
    organizationId: tenant.organizationId,
    month,
    storageBytesPeak: storedBefore + storageRise,
    storageBytesEnd: storedBefore + storageChange,
    activeMembers: known.size + added.length,
    asOf,
  };
  await rollup.putMonth(tenant, counted, order);
}

const sum = (figures: readonly ConsumptionFigures[]) => figures.reduce(addConsumption, noConsumption);

function startOf(unit: 'hour' | 'day', at: Timestamp): Timestamp {
  const length = unit === 'hour' ? hourMilliseconds : dayMilliseconds;
  return Math.floor(at / length) * length;
}
