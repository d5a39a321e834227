import * as z from 'zod/mini';
import type { Changes } from '../domain/changes.ts';
import type { DueMail } from '../domain/mail/due-mail.ts';
import type { DueMailStore } from '../domain/mail/due-mail-store.ts';
import { dayMilliseconds, type Timestamp } from '../domain/timestamp.ts';
import { keyOf, partitionOf, timeToLive } from './table.ts';
import type { TableClient } from './table-client.ts';
import { transactionOf } from './transaction.ts';

/** Over how many partitions the list of due mails is spread. */
const shards = 16;

/** Longer than what any mail leads to can be used. */
const lifeDays = 30;

const dueMailItem = z.object({
  mail: z.union([
    z.object({ kind: z.literal('invitation'), organizationId: z.number(), id: z.number() }),
    z.object({ kind: z.literal('link'), id: z.number() }),
  ]),
});

const dueMailKey = ({ kind, id }: DueMail) => keyOf('dueMail', { shard: id % shards, mail: `${kind}.${id}` });

/** Puts a mail on the list, with whatever asks for it. */
export function putDueMail(changes: Changes, mail: DueMail, now: Timestamp): void {
  const expiresAt = timeToLive(now + lifeDays * dayMilliseconds);
  transactionOf(changes).put({ ...dueMailKey(mail), kind: 'dueMail', mail, expiresAt });
}

/** Takes a mail off the list. */
export function settleDueMail(changes: Changes, mail: DueMail): void {
  transactionOf(changes).delete(dueMailKey(mail));
}

export function dueMailStore(table: TableClient): DueMailStore {
  return {
    async *all() {
      for (let shard = 0; shard < shards; shard += 1) {
        for await (const item of table.queryAll({ partition: partitionOf('dueMail', { shard }) })) {
          yield dueMailItem.parse(item).mail;
        }
      }
    },
  };
}
