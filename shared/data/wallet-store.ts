import type { WalletStore } from '../domain/stores.ts';
import type { LedgerEntry } from '../domain/wallet/wallet.ts';
import { walletAfter } from '../domain/wallet/wallet.ts';
import { readLedgerEntry, readOrganization, walletAttributes } from './items.ts';
import { keyOf, paddedNumber, partitionOf } from './table.ts';
import type { TableClient } from './table-client.ts';
import { transactionOf } from './transaction.ts';

/** Over how many partitions the list of wallets is spread. */
export const walletShards = 16;

const organizationKey = (organization: number) => keyOf('organization', { organization });

export function walletStore(table: TableClient): WalletStore {
  async function* entriesOf(organization: number, from: number, to: number, descending: boolean) {
    if (to < from) return;
    for await (const item of table.queryAll({
      partition: partitionOf('ledgerEntry', { organization }),
      between: [paddedNumber(from), paddedNumber(to)],
      descending,
    })) {
      yield readLedgerEntry(item);
    }
  }
  return {
    record(changes, entry, wallet) {
      const transaction = transactionOf(changes);
      const { organizationId: organization, sequence, type, amount } = entry;
      transaction.update(organizationKey(organization), { set: walletAttributes(walletAfter(wallet, entry)) }, [
        { field: 'pk', is: 'present', otherwise: 'organization_not_found' },
        { field: 'deletedAt', is: 'equal', value: null, otherwise: 'organization_not_found' },
        ...(type === 'charge'
          ? [{ field: 'walletBalance', is: 'atLeast', value: amount, otherwise: 'insufficient_balance' } as const]
          : []),
        { field: 'walletEntries', is: 'equal', value: wallet.entries, otherwise: 'retry' },
      ]);
      transaction.put({ ...keyOf('ledgerEntry', { organization, sequence }), kind: 'ledgerEntry', ...entry }, [
        { field: 'pk', is: 'absent', otherwise: 'retry' },
      ]);
      if (sequence > 1) return;
      transaction.put({
        ...keyOf('walletHolder', { shard: organization % walletShards, organization }),
        kind: 'walletHolder',
        organizationId: organization,
      });
    },

    async entries(tenant, { from, to }) {
      const entries: LedgerEntry[] = [];
      for await (const entry of entriesOf(tenant.organizationId, from, to, true)) entries.push(entry);
      return entries;
    },

    async charged(tenant, { from, until }) {
      let sum = 0;
      for await (const entry of entriesOf(tenant.organizationId, 0, Number.MAX_SAFE_INTEGER, true)) {
        if (entry.createdAt < from) break;
        if (entry.type === 'charge' && entry.createdAt <= until) sum += entry.amount;
      }
      return sum;
    },

    async *all() {
      for (let shard = 0; shard < walletShards; shard += 1) {
        for await (const { organizationId } of table.queryAll({ partition: partitionOf('walletHolder', { shard }) })) {
          const organization = Number(organizationId);
          const [item] = await table.get([organizationKey(organization)]);
          if (!item) continue;
          const { wallet } = readOrganization(item);
          // What is recorded after the wallet was read lies beyond its last entry.
          yield { organizationId: organization, wallet, entries: entriesOf(organization, 0, wallet.entries, false) };
        }
      }
    },
  };
}
