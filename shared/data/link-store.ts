import type { Link } from '../domain/link/link.ts';
import type { LinkStore } from '../domain/stores.ts';
import { readLink } from './items.ts';
import { timeToLive } from './session-store.ts';
import { keyOf } from './table.ts';
import type { TableClient } from './table-client.ts';
import { transactionOf } from './transaction.ts';

const linkKey = (link: number) => keyOf('link', { link });

export function linkStore(table: TableClient): LinkStore {
  return {
    async get(id) {
      const [item] = await table.get([linkKey(id)]);
      return item && readLink(item);
    },

    request(changes, link) {
      transactionOf(changes).put(
        { ...linkKey(link.id), kind: 'link', ...link, expiresAt: timeToLive(link.linkExpiresAt) },
        [{ field: 'pk', is: 'absent', otherwise: 'retry' }],
      );
    },

    setToken(changes, link, tokenHash) {
      transactionOf(changes).update(linkKey(link.id), { set: { tokenHash } }, [
        { field: 'mailDue', is: 'present', otherwise: 'link_gone' },
      ]);
    },

    mailed(changes, link) {
      transactionOf(changes).update(linkKey(link.id), { remove: ['mailDue'] }, [
        { field: 'pk', is: 'present', otherwise: 'link_gone' },
      ]);
    },

    consume(changes, link: Link) {
      transactionOf(changes).delete(linkKey(link.id), [
        { field: 'tokenHash', is: 'equal', value: link.tokenHash, otherwise: 'link_gone' },
      ]);
    },
  };
}
