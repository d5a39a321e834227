import type { Timestamp } from '../timestamp.ts';

/** What an organization consumed in some time: an hour, a day, a month. */
export interface ConsumptionFigures {
  /** Access entries other than those about sessions. */
  readonly apiCalls: number;
  /** Sign-ins of members, and attempts that failed. */
  readonly signIns: number;
  readonly failedSignIns: number;
  /** Mails that SES took for the organization. */
  readonly emailsSent: number;
  readonly smsPointsUsed: number;
  readonly walletCharged: number;
  /** By how much the stored bytes changed from the beginning of the time to its end. */
  readonly storageChange: number;
  /** How far the stored bytes rose, at the highest, above those of the beginning; at least 0. */
  readonly storageRise: number;
  /** Sums of the organization's own meters. */
  readonly meters: Readonly<Record<string, number>>;
}

/** An event that arrived after its month was closed. */
export interface Adjustment {
  readonly id: string;
  readonly meter: string;
  readonly quantity: number;
  readonly timestamp: Timestamp;
  readonly receivedAt: Timestamp;
}

/** A month of an organization, as the rollup last wrote it. */
export interface CountedMonth
  extends Omit<ConsumptionFigures, 'storageChange' | 'storageRise' | 'signIns' | 'failedSignIns'> {
  readonly organizationId: number;
  /** `YYYY-MM`. */
  readonly month: string;
  /** The highest that the stored bytes were, and what they were at its end. */
  readonly storageBytesPeak: number;
  readonly storageBytesEnd: number;
  /** Distinct users with a successful entry. */
  readonly activeMembers: number;
  /** Up to when entries are counted. */
  readonly asOf: Timestamp;
}

/** Some of the adjustments of a month, in order of arrival, and where the next begin. */
export interface AdjustmentsPage {
  readonly adjustments: readonly Adjustment[];
  /** Undefined where there are no more. */
  readonly cursor: string | undefined;
}

/** A month as it is shown; `asOf` is null while no run has been. */
export interface MonthlyConsumption extends Omit<CountedMonth, 'asOf'> {
  readonly asOf: Timestamp | null;
}

export const noConsumption: ConsumptionFigures = {
  apiCalls: 0,
  signIns: 0,
  failedSignIns: 0,
  emailsSent: 0,
  smsPointsUsed: 0,
  walletCharged: 0,
  storageChange: 0,
  storageRise: 0,
  meters: {},
};

/** The figures of one time and of the time right after it, as those of both together. */
export function addConsumption(earlier: ConsumptionFigures, later: ConsumptionFigures): ConsumptionFigures {
  return {
    apiCalls: earlier.apiCalls + later.apiCalls,
    signIns: earlier.signIns + later.signIns,
    failedSignIns: earlier.failedSignIns + later.failedSignIns,
    emailsSent: earlier.emailsSent + later.emailsSent,
    smsPointsUsed: earlier.smsPointsUsed + later.smsPointsUsed,
    walletCharged: earlier.walletCharged + later.walletCharged,
    storageChange: earlier.storageChange + later.storageChange,
    storageRise: Math.max(earlier.storageRise, earlier.storageChange + later.storageRise),
    meters: addMeters(earlier.meters, later.meters),
  };
}

/** So many own meters are told apart in an hour, a day or a month: what they come to has to fit into an item. */
export const metersMax = 1_000;

/** Under this name all further own meters are added up. */
export const otherMeters = '(others)';

/** The next number that there is to a sum beyond all numbers. */
function finite(sum: number): number {
  return Math.max(-Number.MAX_VALUE, Math.min(Number.MAX_VALUE, sum));
}

/** The sums of own meters. Those that come first have names of their own; beyond `metersMax` they are `otherMeters`. */
export function sumMeters(quantities: Iterable<readonly [string, number]>): Readonly<Record<string, number>> {
  const sums = new Map<string, number>();
  for (const [meter, quantity] of quantities) {
    const name = sums.has(meter) || sums.size < metersMax - 1 ? meter : otherMeters;
    sums.set(name, finite((sums.get(name) ?? 0) + quantity));
  }
  return Object.fromEntries(sums);
}

/** The sums of two sums of own meters. */
export function addMeters(
  one: Readonly<Record<string, number>>,
  other: Readonly<Record<string, number>>,
): Readonly<Record<string, number>> {
  return sumMeters([...Object.entries(one), ...Object.entries(other)]);
}

/** A month in which nothing was consumed; what was stored before it stays stored. */
export function quietMonth(organizationId: number, month: string, storedBytes: number): MonthlyConsumption {
  return {
    organizationId,
    month,
    apiCalls: 0,
    emailsSent: 0,
    smsPointsUsed: 0,
    walletCharged: 0,
    storageBytesPeak: storedBytes,
    storageBytesEnd: storedBytes,
    meters: {},
    activeMembers: 0,
    asOf: null,
  };
}
