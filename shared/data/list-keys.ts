import { type Place, placeText } from './list-place.ts';
import { type ItemKey, keyOf } from './table.ts';

/** The keys of what is kept of a list. One by one, so that a function that only notes changes carries no others. */

/** Where a list is kept. */
export interface ListName {
  readonly organization: number;
  readonly order: string;
}

export const begin = (list: ListName): ItemKey => keyOf('listVersion', { ...list, end: 'BEGIN' });

export const until = (list: ListName): ItemKey => keyOf('listVersion', { ...list, end: 'UNTIL' });

export const change = (list: ListName, id: string): ItemKey => keyOf('listChange', { ...list, change: id });

export const parts = (list: ListName, from: Place): ItemKey => keyOf('listParts', { ...list, from: placeText(from) });

export const blocks = (list: ListName, from: Place): ItemKey => keyOf('listBlocks', { ...list, from: placeText(from) });
