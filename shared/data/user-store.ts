import { DomainError } from '../domain/errors.ts';
import type { UserStore } from '../domain/stores.ts';
import type { User } from '../domain/user/user.ts';
import { deletionItem } from './deletion-notes.ts';
import { readIdentityRequest, readUser } from './items.ts';
import { keyOf } from './table.ts';
import type { TableClient } from './table-client.ts';
import { type Rule, transactionOf } from './transaction.ts';

const userKey = (user: number) => keyOf('user', { user });
const claimKey = (email: string) => keyOf('emailClaim', { email });
const unclaimed = (otherwise: Rule['otherwise']): Rule => ({ field: 'pk', is: 'absent', otherwise });

const asRead = ({ version }: User): Rule => ({ field: 'version', is: 'equal', value: version, otherwise: 'retry' });

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

    change(changes, user, set, copiesDue) {
      if (set.deletedAt)
        transactionOf(changes).put(deletionItem({ kind: 'user', id: user.id, deletedAt: set.deletedAt }));
      const due = copiesDue && { copiesDue: user.version + 1, copiesDueFor: copiesDue };
      transactionOf(changes).update(userKey(user.id), { set: { ...set, ...due }, add: { version: 1 } }, [asRead(user)]);
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
