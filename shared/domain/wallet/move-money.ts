import type { TenantScope } from '../access/tenant.ts';
import { invalidField } from '../errors.ts';
import type { Work } from '../work.ts';
import { type LedgerEntry, type Service, walletAfter } from './wallet.ts';

/** What is to be moved, and what for. */
export type Movement =
  | {
      readonly type: 'charge';
      readonly amount: number;
      readonly service: Service;
      readonly smsPoint: number | null;
      readonly reason: string | null;
    }
  | { readonly type: 'credit'; readonly amount: number; readonly reason: string | null };

/**
 * Takes a charge off the wallet that the scope holds, or adds a credit to it, with one entry in its ledger. Whether there
 * is enough is decided in the write. Movements of one wallet come one after the other: one that finds the wallet
 * changed begins the request anew.
 * @throws `insufficient_balance`, with nothing changed; `invalid_request` where the wallet would hold more than can be
 * counted exactly
 */
export function moveMoney(work: Work, scope: TenantScope, movement: Movement): LedgerEntry {
  const { stores, changes, now } = work;
  const { wallet } = scope.organization;
  const { service, smsPoint } = movement.type === 'charge' ? movement : { service: null, smsPoint: null };
  const { type, amount, reason } = movement;
  const draft: LedgerEntry = {
    id: work.newId(),
    organizationId: scope.organizationId,
    sequence: wallet.entries + 1,
    type,
    amount,
    service,
    smsPoint,
    reason,
    balanceAfter: 0,
    createdById: scope.caller.user.id,
    createdAt: Math.max(now, wallet.changedAt),
  };
  const after = walletAfter(wallet, draft);
  if (!Number.isSafeInteger(after.balance)) throw invalidField('amount', 'The wallet cannot hold so much.');
  if (!Number.isSafeInteger(after.smsPoints)) throw invalidField('sms_point', 'The wallet cannot hold so many.');
  const entry: LedgerEntry = { ...draft, balanceAfter: after.balance };
  stores.wallets.record(changes, entry, wallet);
  changes.audit({
    organizationId: scope.organizationId,
    action: 'insert',
    entity: 'wallet',
    entityId: String(entry.id),
    oldData: null,
    newData: { type, amount, service, sms_point: smsPoint, reason },
  });
  return entry;
}
