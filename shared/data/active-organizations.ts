import { rollupLookBackMilliseconds, rollupShards } from '../domain/consumption/rollup-lists.ts';
import { hourOf, type Timestamp } from '../domain/timestamp.ts';
import { keyOf, timeToLive } from './table.ts';
import type { StoredItem } from './transaction.ts';

/** The lists by which the rollup knows where to look. An item is put before what it tells of, never after. */

/** The list in which an organization stands, every hour. */
export function rollupShardOf(organizationId: number): number {
  return organizationId % rollupShards;
}

/** Tells the rollup to count an organization's hour. */
export function activeOrganizationItem(organizationId: number, at: Timestamp): StoredItem {
  return {
    ...keyOf('activeOrganization', {
      hour: hourOf(at),
      shard: rollupShardOf(organizationId),
      organization: organizationId,
    }),
    kind: 'activeOrganization',
    organizationId,
    expiresAt: timeToLive(at + rollupLookBackMilliseconds),
  };
}

/** Tells the rollup, in the list of the hour of `at`, to count another hour of an organization again. */
export function lateHourItem(organizationId: number, hour: string, at: Timestamp): StoredItem {
  return {
    ...keyOf('lateHour', {
      hour: hourOf(at),
      shard: rollupShardOf(organizationId),
      organization: organizationId,
      late: hour,
    }),
    kind: 'lateHour',
    organizationId,
    late: hour,
    expiresAt: timeToLive(at + rollupLookBackMilliseconds),
  };
}
