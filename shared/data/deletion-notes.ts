import * as z from 'zod/mini';
import type { Deletion } from '../domain/purge/deletion.ts';
import { keyOf } from './table.ts';
import type { StoredItem } from './transaction.ts';

/** Over how many partitions the notes about deletions are spread. */
export const deletionShards = 16;

const deletionNote = z.object({ deleted: z.enum(['organization', 'user']), id: z.number(), time: z.number() });

export const deletionKey = ({ kind, id, deletedAt }: Deletion) =>
  keyOf('deletion', { shard: id % deletionShards, time: deletedAt, deleted: kind, id });

/** The note that something was deleted: put in the same transaction. */
export function deletionItem(deletion: Deletion): StoredItem {
  const { kind: deleted, id, deletedAt: time } = deletion;
  return { ...deletionKey(deletion), kind: 'deletion', deleted, id, time };
}

export function readDeletion(item: unknown): Deletion {
  const { deleted: kind, id, time: deletedAt } = deletionNote.parse(item);
  return { kind, id, deletedAt };
}
