import { DomainError } from '../domain/errors.ts';
import { hasRoomUncounted, type User, uncountedJoinsMax } from '../domain/user/user.ts';
import type { UserStore } from '../domain/user/user-store.ts';
import { deletionItem } from './deletion-notes.ts';
import { readIdentityRequest, readUser } from './items.ts';
import { keyOf } from './table.ts';
import type { TableClient } from './table-client.ts';
import { type Rule, type Transaction, transactionOf } from './transaction.ts';

const userKey = (user: number) => keyOf('user', { user });
const claimKey = (email: string) => keyOf('emailClaim', { email });
const unclaimed = (otherwise: Rule['otherwise']): Rule => ({ field: 'pk', is: 'absent', otherwise });

const asRead = ({ version }: User): Rule => ({ field: 'version', is: 'equal', value: version, otherwise: 'retry' });

/**
 * Notes that somebody becomes a member. The membership repeats who they were when they were read: where they have
 * changed since, the request begins anew. And it is counted, so that a change of who they are which has not seen this
 * membership begins anew as well (`requireNoJoin`): a mere check would leave nothing for it to see.
 */
export function noteJoin(transaction: Transaction, user: User): void {
  // Of somebody who is made here nobody has read anything yet.
  if (transaction.makes(userKey(user.id))) return;
  transaction.update(userKey(user.id), { add: { joins: 1 } }, [asRead(user), roomRule(user)]);
}

/** There still is room for a membership without counting, or no other has come since they were counted. */
function roomRule(user: User): Rule {
  return hasRoomUncounted(user)
    ? { field: 'joins', is: 'absentOrBelow', value: uncountedJoinsMax, otherwise: 'retry' }
    : { field: 'joins', is: 'equal', value: user.joins ?? 0, otherwise: 'retry' };
}

export function userStore(table: TableClient): UserStore {
  async function getMany(ids: readonly number[]) {
    const items = await table.get(ids.map(userKey));
    return items.filter((item) => item !== undefined).map(readUser);
  }
  async function findIdsByEmail(emails: readonly string[]) {
    const claims = await table.get(emails.map(claimKey));
    return claims.map((claim) => claim && Number(claim.userId));
  }
  async function findIdByEmail(email: string) {
    const [id] = await findIdsByEmail([email]);
    return id;
  }
  return {
    getMany,

    async get(id) {
      const [user] = await getMany([id]);
      return user;
    },

    findIdByEmail,
    findIdsByEmail,

    async findByEmail(email) {
      const id = await findIdByEmail(email);
      if (id === undefined) return undefined;
      const [user] = await getMany([id]);
      return user;
    },

    create(changes, user, ifTaken = 'email_taken') {
      const transaction = transactionOf(changes);
      transaction.put({ ...userKey(user.id), kind: 'user', ...user }, [unclaimed('retry')]);
      transaction.put({ ...claimKey(user.email), kind: 'emailClaim', userId: user.id }, [unclaimed(ifTaken)]);
    },

    change(changes, user, set) {
      if (set.deletedAt)
        transactionOf(changes).put(deletionItem({ kind: 'user', id: user.id, deletedAt: set.deletedAt }));
      transactionOf(changes).update(userKey(user.id), { set, add: { version: 1 } }, [asRead(user)]);
    },

    changeEmail(changes, user, email, ifTaken) {
      if (email === user.email) throw new DomainError('internal');
      const transaction = transactionOf(changes);
      transaction.update(userKey(user.id), { set: { email } });
      transaction.put({ ...claimKey(email), kind: 'emailClaim', userId: user.id }, [unclaimed(ifTaken)]);
      transaction.delete(claimKey(user.email), [{ field: 'userId', is: 'equal', value: user.id, otherwise: 'retry' }]);
    },

    requireUnchanged(changes, user) {
      transactionOf(changes).check(userKey(user.id), [asRead(user)]);
    },

    requireNoJoin(changes, { id, joins }) {
      const rule: Rule =
        joins === undefined
          ? { field: 'joins', is: 'absent', otherwise: 'retry' }
          : { field: 'joins', is: 'equal', value: joins, otherwise: 'retry' };
      transactionOf(changes).check(userKey(id), [rule]);
    },

    noteIdentityCopiesDue(changes, user, request) {
      const due = { copiesDue: user.version + 1, copiesDueFor: request };
      transactionOf(changes).update(userKey(user.id), { set: due }, [asRead(user)]);
    },

    async identityCopiesDue(id) {
      const [item] = await table.get([userKey(id)]);
      if (item?.copiesDue === undefined) return undefined;
      return { user: readUser(item), request: readIdentityRequest(item.copiesDueFor) };
    },

    identityCopied(changes, user) {
      transactionOf(changes).update(userKey(user.id), { remove: ['copiesDue', 'copiesDueFor'] }, [asRead(user)]);
    },
  };
}
