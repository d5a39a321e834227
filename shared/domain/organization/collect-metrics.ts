import type { TenantScope } from '../access/tenant.ts';
import { dayOf, hourMilliseconds, monthOf } from '../timestamp.ts';
import type { Work } from '../work.ts';

/** How an organization is doing. */
export interface OrganizationMetrics {
  readonly members: {
    readonly total: number;
    /** The membership is active and the person not locked. */
    readonly active: number;
    readonly verified: number;
    readonly locked: number;
  };
  /** Pending or sent, and not expired. */
  readonly pendingInvitations: number;
  /** Sums over the members, in bytes; the limit is null while any member has none. */
  readonly storage: { readonly bytesLimit: number | null; readonly bytesUsed: number };
  /** In UTC, as the rollup last counted them. */
  readonly apiCalls: { readonly today: number; readonly thisMonth: number };
  /** In this hour and the 23 before it, as the rollup last counted them. */
  readonly signIns: { readonly succeeded: number; readonly failed: number };
  readonly wallet: { readonly balance: number; readonly smsPoints: number };
  readonly workspaces: number;
  readonly children: number;
}

/**
 * Collects what is counted about the organization of the scope. Nothing is counted here: the figures change in the
 * transactions of what they count, or are the rollup's. So it costs the same at ten members and at a million.
 */
export async function collectMetrics({ stores, now }: Work, scope: TenantScope): Promise<OrganizationMetrics> {
  const { counters, wallet } = scope.organization;
  const month = monthOf(now);
  const [pendingInvitations, today, latestMonth, hours] = await Promise.all([
    stores.invitationList.countWaiting(scope, now),
    stores.consumption.day(scope, dayOf(now)),
    stores.consumption.latestMonth(scope, month),
    stores.consumption.hours(scope, { from: now - 23 * hourMilliseconds, until: now }),
  ]);
  return {
    members: {
      total: counters.members,
      active: counters.activeMembers,
      verified: counters.verifiedMembers,
      locked: counters.lockedMembers,
    },
    pendingInvitations,
    storage: { bytesLimit: counters.unlimitedMembers > 0 ? null : counters.bytesLimit, bytesUsed: counters.bytesUsed },
    apiCalls: { today: today.apiCalls, thisMonth: latestMonth?.month === month ? latestMonth.apiCalls : 0 },
    signIns: {
      succeeded: hours.reduce((sum, { signIns }) => sum + signIns, 0),
      failed: hours.reduce((sum, { failedSignIns }) => sum + failedSignIns, 0),
    },
    wallet: { balance: wallet.balance, smsPoints: wallet.smsPoints },
    workspaces: counters.workspaces,
    children: counters.children,
  };
}
