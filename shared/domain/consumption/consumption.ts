import type { Timestamp } from '../timestamp.ts';

/** What an organization consumed in some time. */
export interface ConsumptionFigures {
  /** Access entries other than those about sessions. */
  readonly apiCalls: number;
  /** Mails that SES took for the organization. */
  readonly emailsSent: number;
  readonly smsPointsUsed: number;
  readonly walletCharged: number;
  /** Peak of the stored bytes. */
  readonly storageBytesPeak: number;
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
export interface MonthlyConsumption extends ConsumptionFigures {
  readonly organizationId: number;
  readonly month: string;
  /** Distinct users with a successful entry. */
  readonly activeMembers: number;
  readonly adjustments: readonly Adjustment[];
  /** Up to when entries are counted; null while no run has been. */
  readonly asOf: Timestamp | null;
}

export const noConsumption: ConsumptionFigures = {
  apiCalls: 0,
  emailsSent: 0,
  smsPointsUsed: 0,
  walletCharged: 0,
  storageBytesPeak: 0,
  meters: {},
};

/** The figures of two times, one after the other: sums, and the higher of the peaks. */
export function addConsumption(one: ConsumptionFigures, other: ConsumptionFigures): ConsumptionFigures {
  const meters: Record<string, number> = { ...one.meters };
  for (const [name, quantity] of Object.entries(other.meters)) meters[name] = (meters[name] ?? 0) + quantity;
  return {
    apiCalls: one.apiCalls + other.apiCalls,
    emailsSent: one.emailsSent + other.emailsSent,
    smsPointsUsed: one.smsPointsUsed + other.smsPointsUsed,
    walletCharged: one.walletCharged + other.walletCharged,
    storageBytesPeak: Math.max(one.storageBytesPeak, other.storageBytesPeak),
    meters,
  };
}
