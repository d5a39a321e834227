import * as z from 'zod/mini';
import type { AvatarStore, UnusedAvatar } from '../domain/organization/avatar-store.ts';
import { keyOf, partitionOf } from './table.ts';
import type { TableClient } from './table-client.ts';
import { type StoredItem, transactionOf } from './transaction.ts';

const unusedAvatarItem = z.object({ organizationId: z.number(), path: z.string(), since: z.number() });

const unusedAvatarKey = (path: string) => keyOf('unusedAvatar', { avatar: path });

/** The note that an avatar is not shown any more. */
export function unusedAvatarNote(avatar: UnusedAvatar): StoredItem {
  return { ...unusedAvatarKey(avatar.path), kind: 'unusedAvatar', ...avatar };
}

export function avatarStore(table: TableClient): AvatarStore {
  return {
    note(changes, avatar) {
      transactionOf(changes).put(unusedAvatarNote(avatar));
    },

    async *unused() {
      for await (const item of table.queryAll({ partition: partitionOf('unusedAvatar', {}) })) {
        yield unusedAvatarItem.parse(item);
      }
    },

    forget(changes, { path }) {
      transactionOf(changes).delete(unusedAvatarKey(path));
    },
  };
}
