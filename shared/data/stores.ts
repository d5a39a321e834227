import type { AuditChange } from '../domain/changes.ts';
import type { IdempotencyKey, IdempotencyRecord, Stores } from '../domain/stores.ts';
import { dayMilliseconds, type Timestamp } from '../domain/timestamp.ts';
import { accessLogStore } from './access-log-store.ts';
import { attemptStore } from './attempt-store.ts';
import { auditKey, auditStore } from './audit-store.ts';
import { authenticationStore, idempotencyKey } from './authentication-store.ts';
import { avatarStore } from './avatar-store.ts';
import { consumptionStore } from './consumption-store.ts';
import { credentialStore } from './credential-store.ts';
import { dueMailStore } from './due-mail-store.ts';
import { invitationStore } from './invitation-store.ts';
import { linkStore } from './link-store.ts';
import { memberStore } from './member-store.ts';
import { organizationStore } from './organization-store.ts';
import { rollupStore } from './rollup-store.ts';
import { sessionStore, timeToLive } from './session-store.ts';
import type { TableClient } from './table-client.ts';
import type { StoredItem, Transaction } from './transaction.ts';
import { usageStore } from './usage-store.ts';
import { userStore } from './user-store.ts';
import { walletStore } from './wallet-store.ts';
import { workspaceStore } from './workspace-store.ts';

/** All stores over one table. */
export function createStores(table: TableClient): Stores {
  return {
    authentication: authenticationStore(table),
    organizations: organizationStore(table),
    members: memberStore(table),
    users: userStore(table),
    sessions: sessionStore(table),
    credentials: credentialStore(table),
    invitations: invitationStore(table),
    workspaces: workspaceStore(table),
    wallets: walletStore(table),
    avatars: avatarStore(table),
    dueMails: dueMailStore(table),
    links: linkStore(table),
    attempts: attemptStore(table),
    accessLog: accessLogStore(table),
    audit: auditStore(table),
    consumption: consumptionStore(table),
    rollup: rollupStore(table),
    usage: usageStore(table),
  };
}

/** Where and when changes were asked for: what their audit entries say beside the change. */
export interface ChangeContext {
  readonly requestId: string;
  readonly ip: string;
  readonly now: Timestamp;
}

/** How long the answer to an Idempotency-Key is kept. */
const idempotencyRecordLifeMilliseconds = dayMilliseconds;

/** Commits changes with their audit entries and, where there is one, the record of their answer. */
export async function commitChanges(
  table: TableClient,
  transaction: Transaction,
  context: ChangeContext,
  answer?: { key: IdempotencyKey; record: IdempotencyRecord },
): Promise<void> {
  const first: StoredItem | undefined = answer && {
    ...idempotencyKey(answer.key),
    kind: 'idempotencyRecord',
    ...answer.record,
    expiresAt: timeToLive(context.now + idempotencyRecordLifeMilliseconds),
  };
  await table.commit(transaction, auditItems(transaction, context), first);
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
