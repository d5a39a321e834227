import type { PurgeStore } from '../domain/purge/purge-store.ts';
import { unusedAvatarNote } from './avatar-store.ts';
import { deletionKey, deletionShards, readDeletion } from './deletion-notes.ts';
import { readOrganization, readUser } from './items.ts';
import { memberListPartitions } from './list-changes.ts';
import { type ItemKey, keyOf, paddedNumber, partitionOf } from './table.ts';
import type { TableClient } from './table-client.ts';
import { StaleReadError, Transaction } from './transaction.ts';
import { claimShards } from './usage-store.ts';
import { walletShards } from './wallet-store.ts';

/** So many items are erased at a time. */
const itemsAtOnce = 500;

const memberPrefix = 'MEMBER#';
const linkPrefix = 'IN#';

/**
 * Where there is something of an organization beside its own partition, as far as it does not end by its time to live:
 * whoever adds such a partition adds it here.
 */
export function partitionsBeside(organization: number): string[] {
  return [
    partitionOf('ledgerEntry', { organization }),
    partitionOf('adjustments', { organization }),
    ...memberListPartitions(organization),
    ...Array.from({ length: claimShards }, (_, shard) => partitionOf('usageClaim', { organization, shard })),
  ];
}

export function purgeStore(table: TableClient): PurgeStore {
  /**
   * Deletes what is in a partition, but for one item. What goes with an item and stands elsewhere (`beside`) goes first:
   * while the item is there, whoever comes next finds both.
   */
  async function* erase(
    partition: string,
    kept?: string,
    beside: (item: ItemKey) => ItemKey[] = () => [],
  ): AsyncGenerator<number> {
    let after: Record<string, unknown> | undefined;
    do {
      const page = await table.query({ partition, attributes: ['pk', 'sk'], limit: itemsAtOnce, after });
      const keys = page.items.map(({ pk, sk }) => ({ pk: String(pk), sk: String(sk) })).filter(({ sk }) => sk !== kept);
      const others = keys.flatMap(beside);
      await table.deleteAll(others);
      await table.deleteAll(keys);
      yield keys.length + others.length;
      after = page.last;
    } while (after);
  }

  return {
    async *due(until) {
      for (let shard = 0; shard < deletionShards; shard += 1) {
        for await (const item of table.queryAll({
          partition: partitionOf('deletion', { shard }),
          between: [paddedNumber(0), `${paddedNumber(Math.max(0, until))}#\u{10FFFF}`],
        })) {
          yield readDeletion(item);
        }
      }
    },

    async forget(deletion) {
      await table.deleteAll([deletionKey(deletion)]);
    },

    async *eraseOrganization(organization) {
      const own = keyOf('organization', { organization });
      // First: a wallet whose ledger is half gone would be proved wrong.
      await table.deleteAll([keyOf('walletHolder', { shard: organization % walletShards, organization })]);
      for (const partition of partitionsBeside(organization)) yield* erase(partition);
      yield* erase(own.pk, own.sk, ({ sk }) =>
        sk.startsWith(memberPrefix)
          ? [keyOf('membershipLink', { user: Number(sk.slice(memberPrefix.length)), organization })]
          : [],
      );
      const [item] = await table.get([own]);
      if (!item) return;
      const { avatarUrl: path, deletedAt } = readOrganization(item);
      if (path?.startsWith('/')) {
        await table.putAll([unusedAvatarNote({ organizationId: organization, path, since: deletedAt ?? 0 })]);
      }
      await table.deleteAll([own]);
      yield 1;
    },

    async *eraseUser(id) {
      const own = keyOf('user', { user: id });
      yield* erase(own.pk, own.sk, ({ sk }) =>
        sk.startsWith(linkPrefix)
          ? [keyOf('membership', { organization: Number(sk.slice(linkPrefix.length)), user: id })]
          : [],
      );
      const [item] = await table.get([own]);
      if (!item) return;
      const claim = keyOf('emailClaim', { email: readUser(item).email });
      // Both or neither: once the address is free, it may be somebody else's, and must not be taken from them.
      const end = new Transaction({ email: '', credentialId: null });
      end.delete(claim, [{ field: 'userId', is: 'equal', value: id, otherwise: 'retry' }]);
      end.delete(own);
      try {
        await table.commit(end);
        yield 2;
      } catch (error) {
        // A twin of this run was first.
        if (!(error instanceof StaleReadError) || (await table.get([own]))[0]) throw error;
      }
    },
  };
}
