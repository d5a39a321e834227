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
 * Takes a charge off the wallet of the organization, or adds a credit to it, with one entry in its ledger. Whether there
 * is enough is decided in the write. Movements of one wallet come one after the other, in the order of their entries.
 * @throws `insufficient_balance`, with nothing changed; `invalid_request` where the wallet would hold more than can be
 * counted exactly
 */
export function moveMoney(work: Work, scope: TenantScope, movement: Movement): void {
  const { stores, changes, now } = work;
  const { service, smsPoint } = movement.type === 'charge' ? movement : { service: null, smsPoint: null };
  const { type, amount, reason } = movement;
  const id = work.newId();
  stores.wallets.record(changes, scope, scope.organization.wallet, (wallet) => {
    const entry: LedgerEntry = {
      id,
      organizationId: scope.organizationId,
      sequence: wallet.entries + 1,
      type,
      amount,
      service,
      smsPoint,
      reason,
      balanceAfter: wallet.balance + (type === 'credit' ? amount : -amount),
      createdById: scope.caller.user.id,
      createdAt: Math.max(now, wallet.changedAt),
    };
    const { balance, smsPoints } = walletAfter(wallet, entry);
    if (!Number.isSafeInteger(balance)) throw invalidField('amount', 'The wallet cannot hold so much.');
    if (!Number.isSafeInteger(smsPoints)) throw invalidField('sms_point', 'The wallet cannot hold so many.');
    return entry;
  });
  changes.audit({
    organizationId: scope.organizationId,
    action: 'insert',
    entity: 'wallet',
    entityId: String(id),
    oldData: null,
    newData: { type, amount, service, sms_point: smsPoint, reason },
  });
}
