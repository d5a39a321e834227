import * as z from 'zod/mini';
import type { AdjustmentsPage, MonthlyConsumption } from '../../../shared/domain/consumption/consumption.ts';
import { toOrgName } from '../../../shared/domain/identifiers.ts';
import { toIso } from '../../../shared/domain/timestamp.ts';

/** Bytes in the gigabyte that `storage_used` is told in. */
const gigabyteBytes = 1_000_000_000;

/**
 * A month of an organization. `storage_used` is the peak in GB; `meters` are a thousand at most, the last of them
 * `(others)`; `as_of` is null while nothing was counted.
 */
export const Consumption = z.object({
  org_id: z.string(),
  month: z.string(),
  api_calls: z.int(),
  storage_used: z.number(),
  emails_sent: z.int(),
  // Sums, which may grow beyond what `z.int` takes.
  sms_points_used: z.number(),
  wallet_charged: z.number(),
  active_members: z.int(),
  meters: z.record(z.string(), z.number()),
  adjustments: z.array(
    z.object({
      id: z.string(),
      meter: z.string(),
      quantity: z.number(),
      timestamp: z.iso.datetime(),
      received_at: z.iso.datetime(),
    }),
  ),
  as_of: z.nullable(z.iso.datetime()),
});

export function toConsumption(month: MonthlyConsumption & AdjustmentsPage): z.output<typeof Consumption> {
  return {
    org_id: toOrgName(month.organizationId),
    month: month.month,
    api_calls: month.apiCalls,
    storage_used: month.storageBytesPeak / gigabyteBytes,
    emails_sent: month.emailsSent,
    sms_points_used: month.smsPointsUsed,
    wallet_charged: month.walletCharged,
    active_members: month.activeMembers,
    meters: { ...month.meters },
    adjustments: month.adjustments.map(({ id, meter, quantity, timestamp, receivedAt }) => ({
      id,
      meter,
      quantity,
      timestamp: toIso(timestamp),
      received_at: toIso(receivedAt),
    })),
    as_of: month.asOf === null ? null : toIso(month.asOf),
  };
}
