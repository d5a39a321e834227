import type { Membership } from '../member/membership.ts';
import { hourMilliseconds, monthOf, type Timestamp } from '../timestamp.ts';

/** The meters that mean something to Tenantry; every other name is the organization's own. */
export const storageMeter = 'storage_bytes';
export const smsMeter = 'sms_points';

/** A measurement that an organization reports. */
export interface UsageEvent {
  /** Chosen by whoever reports: it counts once for ever. */
  readonly id: string;
  readonly meter: string;
  /** Bytes more or less, points, or whatever the organization measures. */
  readonly quantity: number;
  /** When it happened. */
  readonly timestamp: Timestamp;
  /** Whose storage it is; for other meters as a remark. */
  readonly userId: number | null;
}

/** An event as it is kept. */
export interface CountedUsageEvent extends UsageEvent {
  /** The moment at which it counts: when it happened or, where that month is closed, when it was received. */
  readonly countedAt: Timestamp;
}

/** What rows do to the storage of one member, each within the limits at its turn. */
export interface StorageChange {
  readonly member: Membership;
  sum: number;
  /** The highest that a row with more bytes has come to, and the lowest of all, from the beginning. */
  highest: number;
  lowest: number;
  rows: number;
}

/** A month is closed so long after its end: what arrives later for it becomes an adjustment. */
const closingMilliseconds = hourMilliseconds;

/** Whether the month of a moment was closed when something about it arrived. */
export function isClosed(moment: Timestamp, receivedAt: Timestamp): boolean {
  return monthOf(moment) < monthOf(receivedAt - closingMilliseconds);
}

/** What became of an event. Only a rejected one may come again. */
export type UsageOutcome =
  | { readonly id: string; readonly status: 'accepted' | 'duplicate' }
  | { readonly id: string; readonly status: 'rejected'; readonly code: 'limit_exceeded' | 'below_zero' };
