import type { Tenant } from '../access/tenant.ts';
import type { Changes } from '../changes.ts';
import type { LedgerEntry, Wallet } from './wallet.ts';

export interface WalletStore {
  /**
   * Adds an entry to the ledger and moves the wallet. The entry follows from the wallet as it is in the very write:
   * `entryAfter` is asked again whenever another movement came first. `insufficient_balance` where a charge is more
   * than what is there, `organization_not_found`.
   */
  record(changes: Changes, tenant: Tenant, wallet: Wallet, entryAfter: (wallet: Wallet) => LedgerEntry): void;
  /** The entries of these sequence numbers, both included, newest first. */
  entries(tenant: Tenant, range: { from: number; to: number }): Promise<LedgerEntry[]>;
  /** Every wallet that was ever used, deleted organizations' too, each with all entries of its ledger, oldest first. */
  all(): AsyncIterable<{ organizationId: number; wallet: Wallet; entries: AsyncIterable<LedgerEntry> }>;
}
