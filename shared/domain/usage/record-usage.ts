import type { TenantScope } from '../access/tenant.ts';
import type { Changes } from '../changes.ts';
import { DomainError, type FieldError } from '../errors.ts';
import type { Membership } from '../member/membership.ts';
import { requireWritable } from '../organization/require-writable.ts';
import { hourOf, minuteMilliseconds } from '../timestamp.ts';
import type { Work } from '../work.ts';
import {
  type CountedUsageEvent,
  isClosed,
  type StorageChange,
  storageMeter,
  type UsageEvent,
  type UsageOutcome,
} from './usage-event.ts';

/** How far a reporter's clock may be ahead. */
const clockSkewMilliseconds = 5 * minuteMilliseconds;

/** So many events share a transaction: each takes up to four of its hundred actions. */
const eventsAtOnce = 20;

/** How usage is recorded. */
export interface UsageReport {
  readonly events: readonly UsageEvent[];
  /** Names the request, the same when it is sent again: what it has recorded already is `accepted` then, too. */
  readonly claimant: string;
  /** Opens changes of their own, and makes them true. The last ones are those of the work. */
  openChanges(): Changes;
  commit(changes: Changes): Promise<void>;
}

/**
 * Records events in their order, each once for ever. A row that would exceed a limit is rejected alone. However many
 * rows there are: a request that was interrupted has recorded some of them and, sent again, records the others.
 * @throws `invalid_request` naming every `user_id` that is no member here, and what is yet to come; then nothing was recorded
 */
export async function recordUsage(work: Work, scope: TenantScope, report: UsageReport): Promise<UsageOutcome[]> {
  const { events } = report;
  const outcomes: UsageOutcome[] = [];
  const accepted = new Set<string>();
  for (let at = 0; at < events.length; at += eventsAtOnce) {
    const isLast = at + eventsAtOnce >= events.length;
    const changes = isLast ? work.changes : report.openChanges();
    // Each time anew: somebody may have left since the last part.
    const members = await requireValid(work, scope, events);
    const { claimant } = report;
    const part = { events: events.slice(at, at + eventsAtOnce), members, accepted, claimant, number: at };
    const recorded = await recordPart({ ...work, changes }, scope, part);
    for (const outcome of recorded) outcomes.push(outcome);
    if (!isLast) await report.commit(changes);
  }
  return outcomes;
}

/** Answers the members whom the events name. */
async function requireValid(
  { stores, now }: Work,
  scope: TenantScope,
  events: readonly UsageEvent[],
): Promise<readonly Membership[]> {
  const members = await stores.members.getMany(scope, userIdsOf(events));
  const known = new Set(members.map(({ userId }) => userId));
  const fields = events.flatMap(({ timestamp, userId }, at): FieldError[] => [
    ...(timestamp > now + clockSkewMilliseconds
      ? [{ field: `events.${at}.timestamp`, message: 'Must not be in the future.' }]
      : []),
    ...(userId !== null && !known.has(userId)
      ? [{ field: `events.${at}.user_id`, message: `There is no member ${userId}.` }]
      : []),
  ]);
  if (fields.length > 0) throw new DomainError('invalid_request', { fields });
  return members;
}

const userIdsOf = (events: readonly UsageEvent[]) => [
  ...new Set(events.flatMap(({ userId }) => (userId === null ? [] : [userId]))),
];

interface Part {
  readonly events: readonly UsageEvent[];
  /** As they were found valid: a second reading could miss one who was removed in between. */
  readonly members: readonly Membership[];
  /** The ids that rows before it were accepted under. Its own are added. */
  readonly accepted: Set<string>;
  readonly claimant: string;
  /** Tells the parts of a request apart. */
  readonly number: number;
}

async function recordPart(
  work: Work,
  scope: TenantScope,
  { events, members, accepted, claimant, number }: Part,
): Promise<UsageOutcome[]> {
  const { stores, changes, now, requestId } = work;
  const claims = await stores.usage.claimants(
    scope,
    events.map(({ id }) => id),
  );
  const storage = new Map(members.map((member) => [member.userId, noChange(member)]));
  const kept: CountedUsageEvent[] = [];
  const outcomes = events.map((event): UsageOutcome => {
    const { id } = event;
    const owner = claims.get(id);
    if (accepted.has(id) || (owner !== undefined && owner !== claimant)) return { id, status: 'duplicate' };
    if (owner === undefined) {
      const member = event.meter === storageMeter ? storage.get(event.userId ?? 0) : undefined;
      const refusal = member && takeRow(member, event.quantity);
      if (refusal) return { id, status: 'rejected', code: refusal };
      kept.push({ ...event, countedAt: isClosed(event.timestamp, now) ? now : event.timestamp });
    }
    accepted.add(id);
    return { id, status: 'accepted' };
  });
  requireWritable(work, scope);
  if (kept.length === 0) return outcomes;
  // First: events that the rollup is not told of would never be counted.
  const counted = kept.filter(isCounted);
  await stores.usage.announce(scope, new Set(counted.map(({ countedAt }) => hourOf(countedAt))), now);
  stores.usage.record(changes, scope, {
    claimant,
    name: `${requestId}.${number}`,
    receivedAt: now,
    events: kept,
    counted,
    adjustments: kept.filter(({ timestamp }) => isClosed(timestamp, now)),
  });
  let bytes = 0;
  for (const change of storage.values()) {
    if (change.rows === 0) continue;
    stores.members.changeBytes(changes, change);
    bytes += change.sum;
  }
  if (bytes !== 0) stores.organizations.change(changes, scope, { add: { bytesUsed: bytes } });
  return outcomes;
}

/** A closed month counts nothing more; what is stored since then counts from when it was told. */
const isCounted = ({ timestamp, countedAt, meter }: CountedUsageEvent) =>
  countedAt === timestamp || meter === storageMeter;

const noChange = (member: Membership): StorageChange => ({ member, sum: 0, highest: 0, lowest: 0, rows: 0 });

/** Takes a row, or says why it does not. What frees storage is taken also from somebody who is over the limit. */
function takeRow(change: StorageChange, quantity: number): 'limit_exceeded' | 'below_zero' | undefined {
  const { bytesUsed, bytesLimit } = change.member;
  const sum = change.sum + quantity;
  if (quantity > 0 && bytesUsed + sum > (bytesLimit ?? Number.MAX_SAFE_INTEGER)) return 'limit_exceeded';
  if (quantity < 0 && bytesUsed + sum < 0) return 'below_zero';
  change.sum = sum;
  if (quantity > 0) change.highest = Math.max(change.highest, sum);
  change.lowest = Math.min(change.lowest, sum);
  change.rows += 1;
  return undefined;
}
