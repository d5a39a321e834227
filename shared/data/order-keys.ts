import { type Role, roles, strongestRole } from '../domain/access/roles.ts';
import type { InvitationList, UnansweredStatus } from '../domain/invitation/invitation.ts';
import type { MemberOrder } from '../domain/member/member-list-store.ts';
import type { Membership } from '../domain/member/membership.ts';
import { fullName } from '../domain/user/user.ts';
import { paddedNumber, type TableIndexName, tableIndexes } from './table.ts';

/** Sort keys of the local indexes. They begin with the kind and end with the id, which breaks ties. */

/** Index keys hold at most 1,024 bytes: a name or address takes part with its first characters. */
const orderedCharactersMax = 200;

/** Between text and id: sorts before every character that folded text can hold, so that `Ann` comes before `Ann Lee`. */
const separator = '\t';

/**
 * Text in the order in which people look for it: case folded, without differences of composition or spacing. The cut may
 * go through an emoji, of which the table would refuse one half.
 */
export function folded(text: string): string {
  return text
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[\s\p{Cc}]+/gu, ' ')
    .slice(0, orderedCharactersMax)
    .toWellFormed();
}

/** What the sort keys of members begin with, in every local index. */
export const memberOrderPrefix = 'M#';
/** Comes after the sort key of every member, and is none: `$` follows `#`. */
export const memberOrderEnd = 'M$';
/** The same, of child organizations in the order of names. */
export const childOrderPrefix = 'C#';
/** What the sort keys of invitations begin with, in every local index. */
const invitationOrderPrefix = 'I#';

const indexNames = {
  joining: 'inOrderOfJoining',
  name: 'inOrderOfName',
  email: 'inOrderOfEmail',
  role: 'inOrderOfRole',
} as const satisfies Record<MemberOrder, TableIndexName>;

/** Every order in which members are listed. */
export const memberOrders = Object.keys(indexNames) as MemberOrder[];

/** The index that has members in this order. */
export function memberIndexOf(order: MemberOrder) {
  const name = indexNames[order];
  return { name, sortKey: tableIndexes[name].sortKey };
}

/** The four sort keys of a membership. */
export function memberOrderKeys(
  membership: Membership,
): Record<'joiningKey' | 'nameKey' | 'emailKey' | 'roleKey', string> {
  const id = paddedNumber(membership.userId);
  return {
    joiningKey: `${memberOrderPrefix}${paddedNumber(membership.joinedAt)}${separator}${id}`,
    nameKey: `${memberOrderPrefix}${folded(fullName(membership.identity))}${separator}${id}`,
    emailKey: `${memberOrderPrefix}${folded(membership.identity.email)}${separator}${id}`,
    roleKey: `${memberRolePrefix(strongestRole(membership.roles))}${id}`,
  };
}

/** What the keys of all members with this strongest role begin with, in the order of roles. */
export function memberRolePrefix(role: Role): string {
  return `${memberOrderPrefix}${roles[role].id}${separator}`;
}

/** What the keys of all members whose address begins so begin with, in the order of addresses. */
export function memberEmailPrefix(prefix: string): string {
  return `${memberOrderPrefix}${folded(prefix)}`;
}

/** Where a child organization stands in its parent's list. */
export function childNameKey(name: string, id: number): string {
  return `${childOrderPrefix}${folded(name)}${separator}${paddedNumber(id)}`;
}

/** Where an invitation that is not answered stands: by its end, so that those of a status with time left are neighbours. */
export function unansweredInvitationKey(status: UnansweredStatus, expiresAt: number, id: number): string {
  return `${invitationOrderPrefix}${status}${separator}${paddedNumber(expiresAt)}${separator}${paddedNumber(id)}`;
}

/** Bounds of the keys of those whose time is not over at `now`. */
export function unansweredInvitationsAt(status: UnansweredStatus, now: number): readonly [string, string] {
  const first = unansweredInvitationKey(status, now + 1, 0);
  return [first, unansweredInvitationKey(status, Number.MAX_SAFE_INTEGER, Number.MAX_SAFE_INTEGER)];
}

/** Where an invitation stands among those of its list: in the order in which they were made. */
export function listedInvitationKey(list: InvitationList, id: number): string {
  return `${invitationOrderPrefix}${list}${separator}${paddedNumber(id)}`;
}
