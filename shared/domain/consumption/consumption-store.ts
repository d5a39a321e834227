import type { Tenant } from '../access/tenant.ts';
import type { Changes } from '../changes.ts';
import type { TimeSpan, Timestamp } from '../timestamp.ts';
import type { ConsumptionFigures, CountedMonth } from './consumption.ts';

export interface ConsumptionStore {
  /** The month as the rollup last wrote it or, where it never did, the latest before it. */
  latestMonth(tenant: Tenant, upTo: string): Promise<CountedMonth | undefined>;
  /** The figures of a UTC day, and of each hour in a span that has any, as the rollup last wrote them. */
  day(tenant: Tenant, day: string): Promise<ConsumptionFigures>;
  hours(tenant: Tenant, span: TimeSpan): Promise<ConsumptionFigures[]>;
  /**
   * Up to when everything of these organizations is counted that was to be counted, in their order; null while no run has
   * ended. One read, however many they are.
   */
  countedUntil(organizationIds: readonly number[]): Promise<(Timestamp | null)[]>;
  /** Notes a mail that SES took for the organization. The same mail counts once. */
  recordMail(changes: Changes, tenant: Tenant, mail: { readonly id: string; readonly takenAt: Timestamp }): void;
}
