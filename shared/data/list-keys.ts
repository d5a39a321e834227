import type { MemberOrder } from '../domain/member/member-list-store.ts';
import { type Place, placeText } from './list-place.ts';
import { type ItemKey, keyOf, partitionOf } from './table.ts';

/** The keys of what is kept of a list. One by one, so that a function that only notes changes carries no others. */

/** The members of an organization, in one of the orders. */
export interface List {
  readonly organizationId: number;
  readonly order: MemberOrder;
}

const nameOf = ({ organizationId, order }: List) => ({ organization: organizationId, order });

/** Where all that is kept of a list is. */
export const partition = (list: List): string => partitionOf('listVersion', nameOf(list));

export const begin = (list: List): ItemKey => keyOf('listVersion', { ...nameOf(list), end: 'BEGIN' });

export const until = (list: List): ItemKey => keyOf('listVersion', { ...nameOf(list), end: 'UNTIL' });

export const change = (list: List, id: string): ItemKey => keyOf('listChange', { ...nameOf(list), change: id });

export const parts = (list: List, from: Place): ItemKey =>
  keyOf('listParts', { ...nameOf(list), from: placeText(from) });

export const blocks = (list: List, from: Place): ItemKey =>
  keyOf('listBlocks', { ...nameOf(list), from: placeText(from) });
