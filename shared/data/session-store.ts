import type { Session } from '../domain/session/session.ts';
import type { SessionStore } from '../domain/session/session-store.ts';
import { readSession } from './items.ts';
import { keyOf, timeToLive } from './table.ts';
import type { TableClient } from './table-client.ts';
import { Transaction, transactionOf } from './transaction.ts';

export const sessionKey = (user: number, session: number) => keyOf('session', { user, session });

const attributes = (session: Session) => ({
  ...sessionKey(session.userId, session.id),
  kind: 'session',
  ...session,
  expiresAt: timeToLive(session.refreshExpiresAt),
});

export function sessionStore(table: TableClient): SessionStore {
  return {
    async get(userId, id) {
      const [item] = await table.get([sessionKey(userId, id)]);
      return item && readSession(item);
    },

    create(changes, session) {
      transactionOf(changes).put(attributes(session));
    },

    refresh(changes, before, after) {
      // Not put anew: what is counted of its requests stays.
      const { pk: _, sk: __, ...set } = attributes(after);
      transactionOf(changes).update(sessionKey(after.userId, after.id), { set }, [
        { field: 'refreshHash', is: 'equal', value: before.refreshHash, otherwise: 'retry' },
        { field: 'epoch', is: 'equal', value: before.epoch, otherwise: 'retry' },
      ]);
    },

    setEpoch(changes, session, epoch) {
      transactionOf(changes).update(sessionKey(session.userId, session.id), { set: { epoch } }, [
        { field: 'pk', is: 'present', otherwise: 'retry' },
      ]);
    },

    end(changes, userId, id) {
      transactionOf(changes).delete(sessionKey(userId, id));
    },

    async endAtOnce(userId, id) {
      const transaction = new Transaction({ email: '', credentialId: null });
      transaction.delete(sessionKey(userId, id));
      await table.commit(transaction);
    },
  };
}
