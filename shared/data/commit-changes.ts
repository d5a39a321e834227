import type { IdempotencyKey, IdempotencyRecord } from '../domain/access/idempotency-key.ts';
import type { AuditChange } from '../domain/changes.ts';
import { dayMilliseconds, hourOf, type Timestamp } from '../domain/timestamp.ts';
import { storageMeter } from '../domain/usage/usage-event.ts';
import { activeOrganizationItem } from './active-organizations.ts';
import { auditKey } from './audit-store.ts';
import { idempotencyKey } from './authentication-store.ts';
import { timeToLive } from './table.ts';
import type { TableClient } from './table-client.ts';
import type { PutWrite, StoredItem, Transaction } from './transaction.ts';
import { usageRecordItem } from './usage-store.ts';

/** Where and when changes were asked for: what their audit entries say beside the change. */
export interface ChangeContext {
  readonly requestId: string;
  readonly ip: string;
  readonly now: Timestamp;
  /** When storage that moves is counted, where that is long after it was asked for; by default `now`. */
  readonly countedAt?: Timestamp;
  /** Until when to wait while others hold what is changed; by default for 20 s. */
  readonly patientUntil?: Timestamp;
}

/** How long the answer to an Idempotency-Key is kept. */
const idempotencyRecordLifeMilliseconds = dayMilliseconds;

/**
 * Commits changes with their audit entries, what the meter of storage learns of them and, where there is one, the record
 * of their answer.
 */
export async function commitChanges(
  table: TableClient,
  transaction: Transaction,
  context: ChangeContext,
  answer?: { key: IdempotencyKey; record: IdempotencyRecord },
): Promise<void> {
  const first: PutWrite | undefined = answer && {
    type: 'put',
    item: {
      ...idempotencyKey(answer.key),
      kind: 'idempotencyRecord',
      ...answer.record,
      expiresAt: timeToLive(context.now + idempotencyRecordLifeMilliseconds),
    },
    // A record whose time is over may stay in the table for days, and stands in nobody's way.
    rules: [{ field: 'expiresAt', is: 'absentOrBelow', value: timeToLive(answer.key.at), otherwise: 'retry' }],
  };
  const more = [...auditItems(transaction, context), ...storageItems(transaction, context)];
  await table.commit(transaction, more, first, context.patientUntil);
}

/**
 * The audit entries of a transaction: one item for each organization, holding every change that the request made in
 * it. A request that changes 25 memberships pays for one write, and a transaction keeps room for the changes themselves.
 * They are kept as text: what they tell of may be any JSON, and an attribute of DynamoDB holds less than that.
 */
function auditItems(transaction: Transaction, { requestId, ip, now }: ChangeContext): StoredItem[] {
  const byOrganization = Map.groupBy(transaction.auditChanges, (change) => change.organizationId);
  return [...byOrganization].map(([organizationId, changes]) => ({
    ...auditKey(organizationId, { organizationId, timestamp: now, requestId }),
    kind: 'auditEntry',
    organizationId,
    timestamp: now,
    requestId,
    ip,
    admin: transaction.author.email,
    credentialId: transaction.author.credentialId,
    changes: JSON.stringify(changes.map(({ organizationId: _, ...change }: AuditChange) => change)),
  }));
}

/** The storage that moved: one record for each organization, as if it had been reported. */
function storageItems({ storageMoves }: Transaction, { requestId, now, countedAt = now }: ChangeContext): StoredItem[] {
  const byOrganization = Map.groupBy(storageMoves, ({ organizationId }) => organizationId);
  return [...byOrganization].flatMap(([organizationId, moves]) => {
    const events = moves.map(({ userId, bytes }) => ({
      id: `${requestId}.${userId}`,
      meter: storageMeter,
      quantity: bytes,
      timestamp: countedAt,
      userId,
      countedAt,
    }));
    return [
      usageRecordItem(organizationId, {
        hour: hourOf(countedAt),
        receivedAt: countedAt,
        name: `${requestId}.storage`,
        events,
      }),
      activeOrganizationItem(organizationId, countedAt),
    ];
  });
}
