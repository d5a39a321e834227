import type { MemberOrder } from '../domain/member/member-list-store.ts';
import type { Membership } from '../domain/member/membership.ts';
import * as listKeys from './list-keys.ts';
import { type Place, placeOf } from './list-place.ts';
import { memberIndexOf, memberOrderKeys, memberOrders } from './order-keys.ts';
import { keyOf, paddedNumber } from './table.ts';
import type { TableClient } from './table-client.ts';
import { StaleReadError, type StoredItem, type Transaction } from './transaction.ts';

/** On an organization's item: since when its lists of members are counted. Once they are, they stay so. */
export const listsCountedSince = 'listsCountedSince';

/** Organizations of more members than this have their lists counted; one query reads those of the others. */
export const uncountedMembersMax = 256;

/** Every partition that the lists of an organization's members are counted in. */
export function memberListPartitions(organizationId: number): string[] {
  return memberOrders.map((order) => listKeys.partition({ organizationId, order }));
}

/** Where a member stands in a list; nowhere where there is none, or the person is deleted. */
export function placeIn(order: MemberOrder, membership: Membership | undefined): Place | undefined {
  if (!membership || membership.identity.isDeleted) return undefined;
  return placeOf(memberOrderKeys(membership)[memberIndexOf(order).sortKey]);
}

/** The organizations whose lists are known to be counted: there is no way back from that. By table client. */
const countedLists = new WeakMap<TableClient, Set<number>>();

function countedIn(table: TableClient): Set<number> {
  const known = countedLists.get(table) ?? new Set();
  countedLists.set(table, known);
  return known;
}

/** Learns from an organization's item, wherever it was read, that its lists are counted. */
export function noteListsCounted(table: TableClient, item: Record<string, unknown> | undefined): void {
  if (item?.[listsCountedSince] !== undefined) countedIn(table).add(Number(item.id));
}

interface ChangeItem extends StoredItem {
  added: Place[];
  removed: Place[];
  /** How many of them are still to be counted in. */
  left: number;
}

/** What one transaction does to one list: by person, the place before all of it and the place after. */
interface ListNote {
  readonly item: ChangeItem;
  readonly moves: Map<number, { from: Place | undefined; to: Place | undefined }>;
}

/**
 * Notes in every list of the organization whose place has changed what came and what left: one item a list, however
 * many members one transaction moves. Lists that are not counted need no such note; that they still are not is a
 * condition of the write. Several changes of one membership in one transaction join, as they do in the membership.
 */
export function listChangesOf(table: TableClient) {
  const notes = new WeakMap<Transaction, Map<string, ListNote>>();
  const checked = new WeakMap<Transaction, Set<number>>();

  /** Refuses the transaction where the lists are counted after all: the next attempt knows. */
  function requireUncounted(transaction: Transaction, organizationId: number): void {
    const known = checked.get(transaction) ?? new Set();
    checked.set(transaction, known);
    if (known.has(organizationId)) return;
    known.add(organizationId);
    const otherwise = () => {
      countedIn(table).add(organizationId);
      return new StaleReadError('The lists are counted since.');
    };
    transaction.check(keyOf('organization', { organization: organizationId }), [
      { field: listsCountedSince, is: 'absent', otherwise },
    ]);
  }

  return (transaction: Transaction, before: Membership | undefined, after: Membership | undefined): void => {
    const membership = after ?? before;
    if (!membership) return;
    const { organizationId, userId, joinedAt } = membership;
    const moved = memberOrders.filter((order) => placeIn(order, before) !== placeIn(order, after));
    if (moved.length === 0) return;
    if (!countedIn(table).has(organizationId)) {
      requireUncounted(transaction, organizationId);
      return;
    }
    const known = notes.get(transaction) ?? new Map<string, ListNote>();
    notes.set(transaction, known);
    for (const order of moved) {
      const name = `${organizationId} ${order}`;
      let note = known.get(name);
      if (!note) {
        // A state of a membership has one successor, so no other change of this list has the same name; should it be
        // the name of one that is not counted in yet, after all, this one waits until it is.
        const change = `${paddedNumber(userId)}-${joinedAt}-${before?.version ?? 0}`;
        const key = listKeys.change({ organizationId, order }, change);
        note = {
          item: { ...key, kind: 'listChange', organizationId, order, added: [], removed: [], left: 0 },
          moves: new Map(),
        };
        known.set(name, note);
        transaction.put(note.item, [{ field: 'pk', is: 'absent', otherwise: 'retry' }]);
      }
      const from = note.moves.has(userId) ? note.moves.get(userId)?.from : placeIn(order, before);
      note.moves.set(userId, { from, to: placeIn(order, after) });
      describe(note);
    }
  };
}

function describe({ item, moves }: ListNote): void {
  const net = [...moves.values()].filter(({ from, to }) => from !== to);
  item.removed = net.flatMap(({ from }) => from ?? []);
  item.added = net.flatMap(({ to }) => to ?? []);
  item.left = item.removed.length + item.added.length;
}
