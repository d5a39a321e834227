import type { Membership } from '../domain/member/membership.ts';
import type { MemberOrder, MemberStore } from '../domain/stores.ts';
import { readMembership } from './items.ts';
import { memberOrderKeys, memberOrderPrefix } from './order-keys.ts';
import { keyOf, partitionOf, sortKeyPrefixOf, type TableIndexName, tableIndexes } from './table.ts';
import type { TableClient } from './table-client.ts';
import { transactionOf } from './transaction.ts';

const indexOf: Readonly<Record<MemberOrder, TableIndexName>> = {
  joining: 'inOrderOfJoining',
  name: 'inOrderOfName',
  email: 'inOrderOfEmail',
  role: 'inOrderOfRole',
};

export const membershipKey = (organization: number, user: number) => keyOf('membership', { organization, user });

export function memberStore(table: TableClient): MemberStore {
  return {
    async get(tenant, userId) {
      const [item] = await table.get([membershipKey(tenant.organizationId, userId)]);
      return item && readMembership(item);
    },

    add(changes, membership, user) {
      const transaction = transactionOf(changes);
      const { organizationId: organization, userId } = membership;
      transaction.put(
        {
          ...membershipKey(organization, userId),
          kind: 'membership',
          ...membership,
          ...memberOrderKeys(membership),
        },
        [{ field: 'pk', is: 'absent', otherwise: 'already_member' }],
      );
      transaction.put({
        ...keyOf('membershipLink', { user: userId, organization }),
        kind: 'membershipLink',
        organization,
      });
      // The membership repeats the user's name: it must be the name that the user still has when this is committed.
      transaction.check(keyOf('user', { user: userId }), [
        { field: 'version', is: 'equal', value: user.version, otherwise: 'retry' },
      ]);
    },

    async page(tenant, { order, descending, offset, limit, total }) {
      const name = indexOf[order];
      // From whichever end is nearer.
      const fromEnd = offset > total / 2;
      const count = Math.max(0, Math.min(limit, total - offset));
      const skipped = fromEnd ? total - offset - count : offset;
      const found: Membership[] = [];
      let seen = 0;
      for await (const item of table.queryAll({
        partition: partitionOf('membership', { organization: tenant.organizationId }),
        index: { name, sortKey: tableIndexes[name].sortKey },
        beginsWith: memberOrderPrefix,
        descending: descending !== fromEnd,
        limit: skipped + count || 1,
      })) {
        if (found.length === count) break;
        if (seen >= skipped) found.push(readMembership(item));
        seen += 1;
      }
      return fromEnd ? found.reverse() : found;
    },

    async organizationIdsOf(userId) {
      const ids: number[] = [];
      for await (const item of table.queryAll({
        partition: partitionOf('membershipLink', { user: userId }),
        beginsWith: sortKeyPrefixOf('membershipLink'),
      })) {
        ids.push(Number(item.organization));
      }
      return ids;
    },
  };
}
