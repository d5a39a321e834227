import { memberOrderPrefix } from './order-keys.ts';
import { sortKeyPrefixOf } from './table.ts';

/**
 * A place in a list of members: an order key of a member without the kind's mark, or the beginning of one, where a
 * stretch of the list begins. Places have the order that DynamoDB gives to texts: that of their UTF-8 bytes.
 */
export type Place = string;

/** Before every member. */
export const firstPlace: Place = '';

export function placeOf(orderKey: string): Place {
  return orderKey.slice(memberOrderPrefix.length);
}

export function orderKeyOf(place: Place): string {
  return memberOrderPrefix + place;
}

/** Negative where `one` comes first. */
export function comparePlaces(one: Place, other: Place): number {
  if (one === other) return 0;
  return Buffer.compare(Buffer.from(one), Buffer.from(other));
}

/** The shortest place after `before` that is not after `from`: what a stretch that begins with `from` is known by. */
export function shortestPlace(before: Place, from: Place): Place {
  let start = '';
  for (const character of from) {
    start += character;
    if (comparePlaces(start, before) > 0) return start;
  }
  return from;
}

/**
 * A place as a part of a key, where `#` separates. No order key has control characters but the tab, so `"` and `#`,
 * which are neighbours, share the first of them and are told apart by such a character: the order stays what it was.
 */
export function placeText(place: Place): string {
  return place.replace(/["#]/g, (character) => (character === '#' ? '"\u0002' : '"\u0001'));
}

/** The place in the sort key of a sheet of stretches. */
export function readPlace(sortKey: string, kind: 'listParts' | 'listBlocks'): Place {
  return sortKey
    .slice(sortKeyPrefixOf(kind).length)
    .replaceAll('%25', '%')
    .replaceAll('"\u0002', '#')
    .replaceAll('"\u0001', '"');
}

/** The index of the last stretch that begins at or before a place. Stretches are in order; the first begins at `firstPlace`. */
export function stretchOf(stretches: readonly { readonly from: Place }[], place: Place): number {
  let [low, high] = [0, stretches.length - 1];
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (comparePlaces(stretches[middle]?.from ?? firstPlace, place) <= 0) low = middle;
    else high = middle - 1;
  }
  return low;
}
