import type { Link } from '../domain/link/link.ts';
import type { LinkStore } from '../domain/link/link-store.ts';
import { putDueMail, settleDueMail } from './due-mail-store.ts';
import { readLink } from './items.ts';
import { keyOf, timeToLive } from './table.ts';
import type { TableClient } from './table-client.ts';
import { type Rule, transactionOf } from './transaction.ts';

const linkKey = (link: number) => keyOf('link', { link });

const sameToken = ({ tokenHash }: Link, otherwise: Rule['otherwise']): Rule => ({
  field: 'tokenHash',
  is: 'equal',
  value: tokenHash,
  otherwise,
});

export function linkStore(table: TableClient): LinkStore {
  return {
    async get(id) {
      const [item] = await table.get([linkKey(id)]);
      return item && readLink(item);
    },

    request(changes, link) {
      putDueMail(changes, { kind: 'link', id: link.id }, link.createdAt);
      transactionOf(changes).put(
        { ...linkKey(link.id), kind: 'link', ...link, expiresAt: timeToLive(link.linkExpiresAt) },
        [{ field: 'pk', is: 'absent', otherwise: 'retry' }],
      );
    },

    setToken(changes, link, tokenHash) {
      transactionOf(changes).update(linkKey(link.id), { set: { tokenHash } }, [
        { field: 'mailDue', is: 'present', otherwise: 'retry' },
        sameToken(link, 'retry'),
      ]);
    },

    askAgain(changes, link, mailDue) {
      transactionOf(changes).update(linkKey(link.id), { set: { mailDue } }, [
        { field: 'mailDue', is: 'equal', value: link.mailDue, otherwise: 'retry' },
      ]);
    },

    mailed(changes, link) {
      settleDueMail(changes, { kind: 'link', id: link.id });
      transactionOf(changes).update(linkKey(link.id), { remove: ['mailDue'] }, [sameToken(link, 'retry')]);
    },

    consume(changes, link: Link) {
      transactionOf(changes).delete(linkKey(link.id), [sameToken(link, 'link_gone')]);
    },
  };
}
