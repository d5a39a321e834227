import type { Tenant } from '../access/tenant.ts';
import type { AccessEntry } from '../access-log/access-entry.ts';
import type { TimeSpan, Timestamp } from '../timestamp.ts';
import type { CountedUsageEvent } from '../usage/usage-event.ts';
import type { ConsumptionFigures, CountedMonth } from './consumption.ts';

/** What the rollup reads and writes. Nothing is overwritten that was written in a higher order. */
export interface RollupStore {
  progress(shard: number): Promise<RollupProgress | undefined>;
  /** Moves on, never back. */
  advance(shard: number, progress: RollupProgress): Promise<void>;
  /** The organizations in this list, each with the hours of it that are to be counted. */
  activeOrganizations(hour: string, shard: number): Promise<{ organizationId: number; hours: readonly string[] }[]>;
  /** Those of these organizations that exist, deleted ones too. */
  organizations(ids: readonly number[]): Promise<ReadonlyMap<number, CountedOrganization>>;
  /** In no order. */
  forEachAccessEntry(
    tenant: Tenant,
    shards: number,
    span: TimeSpan,
    visit: (entry: CountedEntry) => void,
  ): Promise<void>;
  /** What usage counts in an hour (`YYYY-MM-DDTHH`), in no order, and when SES took mails in it. */
  usage(tenant: Tenant, hour: string): Promise<{ events: CountedUsageEvent[]; mailsTakenAt: Timestamp[] }>;
  /** The sum of the charges of the wallet. */
  charged(tenant: Tenant, span: TimeSpan): Promise<number>;
  /** The hours of a day (`YYYY-MM-DD`), or the days of a month (`YYYY-MM`), in their order. */
  figures(tenant: Tenant, unit: 'hour' | 'day', within: string): Promise<ConsumptionFigures[]>;
  putFigures(
    tenant: Tenant,
    unit: 'hour' | 'day',
    name: string,
    figures: ConsumptionFigures,
    order: number,
  ): Promise<void>;
  monthBefore(tenant: Tenant, month: string): Promise<CountedMonth | undefined>;
  putMonth(tenant: Tenant, month: CountedMonth, order: number): Promise<void>;
  activeMembers(tenant: Tenant, month: string): Promise<ReadonlySet<number>>;
  addActiveMembers(tenant: Tenant, month: string, userIds: readonly number[]): Promise<void>;
}

/** What the rollup looks at in an entry. */
export type CountedEntry = Pick<AccessEntry, 'action' | 'status' | 'userId'>;

/** What the rollup has to know of an organization. */
export interface CountedOrganization {
  /** Over how many partitions it spreads its access log. */
  readonly logShards: number;
  /** Whether anything was ever charged or credited. */
  readonly hasLedger: boolean;
}

/** How far the rollup has come with the organizations of one list. */
export interface RollupProgress {
  /** Every hour before is counted for good. */
  readonly recountFrom: Timestamp;
  /** The beginning of the last run that came to its end; null leaves what was noted before. */
  readonly asOf: Timestamp | null;
}
