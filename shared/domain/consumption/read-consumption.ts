import type { TenantScope } from '../access/tenant.ts';
import { tenantWithoutCaller } from '../access/tenant.ts';
import { invalidField } from '../errors.ts';
import { inParallel } from '../in-parallel.ts';
import { monthOf, type Timestamp } from '../timestamp.ts';
import { isClosed } from '../usage/usage-event.ts';
import type { Work } from '../work.ts';
import { type AdjustmentsPage, addMeters, type MonthlyConsumption, quietMonth } from './consumption.ts';

/** How many organizations of a subtree are asked side by side. */
const organizationsAtOnce = 32;

/** Which month to read, and whether with all organizations below. */
export interface ConsumptionQuestion {
  /** `YYYY-MM`; by default the current month in UTC. */
  readonly month: string | undefined;
  readonly includeChildren: boolean;
  /** Where the page of adjustments begins; by default with the first. */
  readonly cursor: string | undefined;
}

/**
 * What the organization consumed in a month; with its children, the sums of the figures that each has of its own. Beside
 * it, on a page, what arrived too late for the month, of all of them.
 * @throws `invalid_request` naming `month` when it is yet to come, or `cursor`
 */
export async function readConsumption(
  work: Work,
  scope: TenantScope,
  { month = monthOf(work.now), includeChildren, cursor }: ConsumptionQuestion,
): Promise<MonthlyConsumption & AdjustmentsPage> {
  if (month > monthOf(work.now)) throw invalidField('month', 'Must not be in the future.');
  const ids = [scope.organizationId, ...(includeChildren ? await work.stores.organizations.idsBelow(scope) : [])];
  const all: MonthlyConsumption[] = [];
  // A month that is not closed has none.
  const isOver = isClosed(Date.parse(`${month}-01`), work.now);
  const [countedUntil, late] = await Promise.all([
    work.stores.consumption.countedUntil(ids),
    isOver ? work.stores.usage.adjustments(ids, month, cursor) : noAdjustments,
    inParallel(ids.entries(), organizationsAtOnce, async ([at, id]) => {
      all[at] = await ownConsumption(work, id, month);
    }),
  ]);
  const sums = all.map((own, at) => ({ ...own, asOf: laterOf(own.asOf, countedUntil[at] ?? null) })).reduce(addMonths);
  return { ...sums, ...late };
}

async function ownConsumption({ stores }: Work, organizationId: number, month: string): Promise<MonthlyConsumption> {
  const latest = await stores.consumption.latestMonth(tenantWithoutCaller(organizationId), month);
  return latest?.month === month ? latest : quietMonth(organizationId, month, latest?.storageBytesEnd ?? 0);
}

const noAdjustments: AdjustmentsPage = { adjustments: [], cursor: undefined };

const laterOf = (one: Timestamp | null, other: Timestamp | null) =>
  one === null || other === null ? (one ?? other) : Math.max(one, other);

/** The sums of two organizations. They are as old as the older of the two. */
function addMonths(one: MonthlyConsumption, other: MonthlyConsumption): MonthlyConsumption {
  return {
    organizationId: one.organizationId,
    month: one.month,
    apiCalls: one.apiCalls + other.apiCalls,
    emailsSent: one.emailsSent + other.emailsSent,
    smsPointsUsed: one.smsPointsUsed + other.smsPointsUsed,
    walletCharged: one.walletCharged + other.walletCharged,
    storageBytesPeak: one.storageBytesPeak + other.storageBytesPeak,
    storageBytesEnd: one.storageBytesEnd + other.storageBytesEnd,
    meters: addMeters(one.meters, other.meters),
    activeMembers: one.activeMembers + other.activeMembers,
    asOf: one.asOf === null || other.asOf === null ? null : Math.min(one.asOf, other.asOf),
  };
}
