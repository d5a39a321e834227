import type { Tenant } from '../access/tenant.ts';
import type { Changes } from '../changes.ts';
import type { AdjustmentsPage } from '../consumption/consumption.ts';
import type { Timestamp } from '../timestamp.ts';
import type { CountedUsageEvent } from './usage-event.ts';

export interface UsageStore {
  /** Who has recorded which of these events before. */
  claimants(tenant: Tenant, eventIds: readonly string[]): Promise<ReadonlyMap<string, string>>;
  /** Tells the rollup, at once and outside the changes, that something is to be counted in these hours. */
  announce(tenant: Tenant, hours: ReadonlySet<string>, now: Timestamp): Promise<void>;
  /** Keeps events, of which none may be claimed; else the request begins anew. */
  record(
    changes: Changes,
    tenant: Tenant,
    usage: {
      readonly claimant: string;
      /** Unique. */
      readonly name: string;
      readonly receivedAt: Timestamp;
      readonly events: readonly CountedUsageEvent[];
      /** Those that count in their hour, and those that came too late for their month. */
      readonly counted: readonly CountedUsageEvent[];
      readonly adjustments: readonly CountedUsageEvent[];
    },
  ): void;
  /**
   * What arrived for these organizations after the month was closed, in order of arrival: a page of at most a thousand,
   * and where the next one begins, if there is one.
   * @throws `invalid_request` naming `cursor`
   */
  adjustments(organizationIds: readonly number[], month: string, cursor: string | undefined): Promise<AdjustmentsPage>;
}
