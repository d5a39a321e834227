import { type LedgerEntry, type Wallet, walletAfter } from '../domain/wallet/wallet.ts';
import type { WalletStore } from '../domain/wallet/wallet-store.ts';
import { readLedgerEntry, readOrganization, readWallet, walletAttributes } from './items.ts';
import { keyOf, paddedNumber, partitionOf } from './table.ts';
import type { TableClient } from './table-client.ts';
import { type StoredItem, transactionOf } from './transaction.ts';

/** Over how many partitions the list of wallets is spread. */
export const walletShards = 16;

const organizationKey = (organization: number) => keyOf('organization', { organization });

/** The entries of a ledger between two sequence numbers, both included. */
export async function* ledgerEntries(
  table: TableClient,
  organization: number,
  { from, to, descending }: { from: number; to: number; descending: boolean },
) {
  if (to < from) return;
  for await (const item of table.queryAll({
    partition: partitionOf('ledgerEntry', { organization }),
    between: [paddedNumber(from), paddedNumber(to)],
    descending,
  })) {
    yield readLedgerEntry(item);
  }
}

export function walletStore(table: TableClient): WalletStore {
  return {
    record(changes, { organizationId: organization }, wallet, entryAfter) {
      const transaction = transactionOf(changes);
      const unmoved = { field: 'walletEntries', is: 'equal', value: 0, otherwise: 'retry' } as const;
      const move = transaction.update(organizationKey(organization), {}, [
        { field: 'pk', is: 'present', otherwise: 'organization_not_found' },
        { field: 'deletedAt', is: 'equal', value: null, otherwise: 'organization_not_found' },
      ]);
      const { type, amount } = entryAfter(wallet);
      if (type === 'charge') {
        move.rules.push({ field: 'walletBalance', is: 'atLeast', value: amount, otherwise: 'insufficient_balance' });
      }
      const unmovedAt = move.rules.push(unmoved) - 1;
      const item: StoredItem = { pk: '', sk: '' };
      const moveFrom = (present: Wallet) => {
        const entry = entryAfter(present);
        const { sequence } = entry;
        Object.assign(item, { ...keyOf('ledgerEntry', { organization, sequence }), kind: 'ledgerEntry', ...entry });
        Object.assign(move.set, walletAttributes(walletAfter(present, entry)));
        move.rules[unmovedAt] = { ...unmoved, value: present.entries };
      };
      moveFrom(wallet);
      move.refit = (stored) => moveFrom(readWallet(stored));
      transaction.put(item, [{ field: 'pk', is: 'absent', otherwise: 'retry' }]);
      if (wallet.entries > 0) return;
      transaction.put({
        ...keyOf('walletHolder', { shard: organization % walletShards, organization }),
        kind: 'walletHolder',
        organizationId: organization,
      });
    },

    async entries(tenant, { from, to }) {
      const entries: LedgerEntry[] = [];
      for await (const entry of ledgerEntries(table, tenant.organizationId, { from, to, descending: true })) {
        entries.push(entry);
      }
      return entries;
    },

    async *all() {
      for (let shard = 0; shard < walletShards; shard += 1) {
        for await (const { organizationId } of table.queryAll({ partition: partitionOf('walletHolder', { shard }) })) {
          const organization = Number(organizationId);
          const [item] = await table.get([organizationKey(organization)]);
          if (!item) continue;
          const { wallet } = readOrganization(item);
          // What is recorded after the wallet was read lies beyond its last entry.
          const entries = ledgerEntries(table, organization, { from: 0, to: wallet.entries, descending: false });
          yield { organizationId: organization, wallet, entries };
        }
      }
    },
  };
}
