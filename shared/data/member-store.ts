import type { Tenant } from '../domain/access/tenant.ts';
import { memberCountersChange } from '../domain/member/member-counters.ts';
import type { MemberStore } from '../domain/member/member-store.ts';
import type { Membership } from '../domain/member/membership.ts';
import { normalizeEmail } from '../domain/user/user.ts';
import { readMembership } from './items.ts';
import { listChangesOf } from './list-changes.ts';
import { memberEmailPrefix, memberOrderKeys, memberRolePrefix } from './order-keys.ts';
import { keyOf, partitionOf, sortKeyPrefixOf, tableIndexes } from './table.ts';
import type { TableClient } from './table-client.ts';
import { type Rule, type Transaction, transactionOf } from './transaction.ts';
import { noteJoin } from './user-store.ts';

export const membershipKey = (organization: number, user: number) => keyOf('membership', { organization, user });

const linkKey = (organization: number, user: number) => keyOf('membershipLink', { user, organization });

/** The bytes as well: they change without another version, and are part of what the organization counts. */
const asRead = ({ version, bytesUsed }: Membership): Rule[] => [
  { field: 'version', is: 'equal', value: version, otherwise: 'retry' },
  { field: 'bytesUsed', is: 'equal', value: bytesUsed, otherwise: 'retry' },
];

/** What no longer counts for the organization, or counts again, leaves its meter as well, or comes back to it. */
function noteStorage(transaction: Transaction, before: Membership, after: Membership | undefined): void {
  const { bytesUsed: bytes = 0 } = memberCountersChange(before, after);
  const { organizationId, userId } = before;
  if (bytes !== 0) transaction.storageMoves.push({ organizationId, userId, bytes });
}

/** What is stored of a membership beside its keys. That of a deleted person stands in no list: it has no order. */
function attributes(membership: Membership): Record<string, unknown> {
  return { ...membership, ...(membership.identity.isDeleted ? {} : memberOrderKeys(membership)) };
}

export function memberStore(table: TableClient): MemberStore {
  const noteChange = listChangesOf(table);

  async function getEvenIfDeleted(tenant: Tenant, userId: number) {
    const [item] = await table.get([membershipKey(tenant.organizationId, userId)]);
    return item && readMembership(item);
  }
  return {
    getEvenIfDeleted,

    async get(tenant, userId) {
      const membership = await getEvenIfDeleted(tenant, userId);
      return membership?.identity.isDeleted ? undefined : membership;
    },

    add(changes, membership, user, ifMember = 'already_member') {
      const transaction = transactionOf(changes);
      const { organizationId: organization, userId } = membership;
      transaction.put(
        {
          ...membershipKey(organization, userId),
          kind: 'membership',
          ...attributes(membership),
        },
        [{ field: 'pk', is: 'absent', otherwise: ifMember }],
      );
      transaction.put({
        ...linkKey(organization, userId),
        kind: 'membershipLink',
        organization,
      });
      noteJoin(transaction, user);
      noteChange(transaction, undefined, membership);
    },

    update(changes, before, after) {
      const [was, is] = [attributes(before), attributes(after)];
      const differs = (name: string) => JSON.stringify(was[name]) !== JSON.stringify(is[name]);
      const set = Object.fromEntries(Object.entries(is).filter(([name]) => name !== 'version' && differs(name)));
      const remove = Object.keys(was).filter((name) => !(name in is));
      transactionOf(changes).update(
        membershipKey(before.organizationId, before.userId),
        { set, remove, add: { version: 1 } },
        asRead(before),
      );
      noteChange(transactionOf(changes), before, after);
      noteStorage(transactionOf(changes), before, after);
    },

    changeBytes(changes, { member, sum, highest, lowest }) {
      const { organizationId, userId, bytesLimit } = member;
      const key = membershipKey(organizationId, userId);
      const rules: Rule[] = [{ field: 'bytesLimit', is: 'equal', value: bytesLimit, otherwise: 'retry' }];
      const room = (bytesLimit ?? Number.MAX_SAFE_INTEGER) - highest;
      if (highest > 0) rules.push({ field: 'bytesUsed', is: 'atMost', value: room, otherwise: 'retry' });
      if (lowest < 0) rules.push({ field: 'bytesUsed', is: 'atLeast', value: -lowest, otherwise: 'retry' });
      if (sum === 0) transactionOf(changes).check(key, rules);
      else transactionOf(changes).update(key, { add: { bytesUsed: sum } }, rules);
    },

    requireStranger(changes, tenant, userId, otherwise = 'already_member') {
      transactionOf(changes).check(membershipKey(tenant.organizationId, userId), [
        { field: 'pk', is: 'absent', otherwise },
      ]);
    },

    remove(changes, membership) {
      const transaction = transactionOf(changes);
      const { organizationId, userId } = membership;
      transaction.delete(membershipKey(organizationId, userId), asRead(membership));
      transaction.delete(linkKey(organizationId, userId));
      noteChange(transaction, membership, undefined);
      noteStorage(transaction, membership, undefined);
    },

    requireUnchanged(changes, membership) {
      transactionOf(changes).check(membershipKey(membership.organizationId, membership.userId), asRead(membership));
    },

    async getMany(tenant, userIds) {
      const items = await table.get(userIds.map((userId) => membershipKey(tenant.organizationId, userId)));
      return items
        .filter((item) => item !== undefined)
        .map(readMembership)
        .filter(({ identity }) => !identity.isDeleted);
    },

    async owners(tenant) {
      const owners: Membership[] = [];
      for await (const item of table.queryAll({
        partition: partitionOf('membership', { organization: tenant.organizationId }),
        index: { name: 'inOrderOfRole', sortKey: tableIndexes.inOrderOfRole.sortKey },
        beginsWith: memberRolePrefix('OWNER'),
      })) {
        owners.push(readMembership(item));
      }
      return owners;
    },

    async findByEmailPrefix(tenant, prefix, limit) {
      const found: Membership[] = [];
      for await (const item of table.queryAll({
        partition: partitionOf('membership', { organization: tenant.organizationId }),
        index: { name: 'inOrderOfEmail', sortKey: tableIndexes.inOrderOfEmail.sortKey },
        beginsWith: memberEmailPrefix(prefix),
        limit,
      })) {
        const member = readMembership(item);
        // The index knows an address by its first characters; a longer prefix has to be held against all of it.
        if (member.identity.email.startsWith(normalizeEmail(prefix))) found.push(member);
        if (found.length === limit) break;
      }
      return found;
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
