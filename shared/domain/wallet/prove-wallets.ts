import { emptyWallet, type LedgerEntry, type Wallet, walletAfter } from './wallet.ts';
import type { WalletStore } from './wallet-store.ts';

/** A wallet that is not the sum of its ledger, and in what. */
export interface WrongWallet {
  readonly organizationId: number;
  readonly wallet: Wallet;
  readonly ledger: Wallet;
  /** The first entry whose balance does not follow from the one before, or whose number is not the next. */
  readonly brokenAt: number | null;
}

/** Adds up every ledger there is. It may run at any moment, whatever is charged meanwhile. */
export async function proveWallets(store: WalletStore) {
  let wallets = 0;
  let entries = 0;
  const wrong: WrongWallet[] = [];
  for await (const { organizationId, wallet, entries: ledger } of store.all()) {
    const { sum, brokenAt } = await addUp(ledger);
    wallets += 1;
    entries += sum.entries;
    const isSame = (Object.keys(sum) as (keyof Wallet)[]).every((name) => sum[name] === wallet[name]);
    if (!isSame || brokenAt !== null) wrong.push({ organizationId, wallet, ledger: sum, brokenAt });
  }
  return { wallets, entries, wrong };
}

async function addUp(ledger: AsyncIterable<LedgerEntry>): Promise<{ sum: Wallet; brokenAt: number | null }> {
  let sum = emptyWallet;
  let brokenAt: number | null = null;
  for await (const entry of ledger) {
    const follows = entry.sequence === sum.entries + 1 && entry.createdAt >= sum.changedAt;
    sum = walletAfter(sum, entry);
    const isBroken = !follows || entry.balanceAfter !== sum.balance || sum.balance < 0;
    if (isBroken) brokenAt ??= entry.sequence;
  }
  return { sum, brokenAt };
}
