import { hash } from 'node:crypto';

/**
 * One number, four spellings (docs/adr/0002-identifiers.md). An identifier is a positive integer below 2^53: 41 bits of
 * milliseconds since 2026-01-01T00:00Z and 12 random bits. The spellings are pure functions of kind and number.
 */

/** What an identifier names. The number is the kind's mark inside the spellings and never changes. */
export const identifierKinds = { organization: 1, user: 2, workspace: 3, credential: 4, invitation: 5 } as const;

export type IdentifierKind = keyof typeof identifierKinds;

/** Start of the time that identifiers count from, in milliseconds since 1970. */
const epochMilliseconds = Date.UTC(2026, 0, 1);
const randomValues = 4096;

/** A new identifier for the moment `nowMilliseconds` (since 1970) with `random` in [0, 1) deciding its last 12 bits. */
export function newIdentifier(nowMilliseconds: number, random: number): number {
  return Math.max(1, (nowMilliseconds - epochMilliseconds) * randomValues + Math.floor(random * randomValues));
}

/** When an identifier was made, in milliseconds since 1970. */
export function momentOf(id: number): number {
  return epochMilliseconds + Math.floor(id / randomValues);
}

/** The last identifier that can be made before a moment; of those made by then, each is as high or lower. */
export function lastIdentifierBefore(moment: number): number {
  return Math.max(0, (moment - epochMilliseconds) * randomValues - 1);
}

/** The 8 bytes that a spelling of this kind and number must carry. */
function checkBytes(kind: IdentifierKind, id: number): string {
  return hash('sha256', `tenantry:${kind}:${id}`).slice(0, 16);
}

/** The RFC 9562 version 8 UUID of an identifier: number (56 bits), kind (4), check (62), and the two fixed fields. */
export function toUuid(kind: IdentifierKind, id: number): string {
  const number = id.toString(16).padStart(14, '0');
  const check = checkBytes(kind, id);
  const variant = (0x8 | (Number.parseInt(check[0] ?? '0', 16) & 0x3)).toString(16);
  const tail = `8${number.slice(12)}${identifierKinds[kind].toString(16)}`;
  return `${number.slice(0, 8)}-${number.slice(8, 12)}-${tail}-${variant}${check.slice(1, 4)}-${check.slice(4)}`;
}

/** The 24 hex digits of an identifier: kind (8 bits), number (56), check (32). */
export function toHex24(kind: IdentifierKind, id: number): string {
  const mark = identifierKinds[kind].toString(16).padStart(2, '0');
  return `${mark}${id.toString(16).padStart(14, '0')}${checkBytes(kind, id).slice(0, 8)}`;
}

/** The `org-<number>` spelling of an organization. */
export function toOrgName(id: number): string {
  return `org-${id}`;
}

/** What a text turned out to be: an identifier of the kind; one that cannot exist; or no identifier at all. */
export type ReadIdentifier = { readonly id: number } | 'unknown' | 'malformed';

/** Something that a request names: its id, undefined where it cannot exist, and how it was spelled. */
export interface Identified {
  readonly id: number | undefined;
  readonly spelled: string | number;
}

const decimal = /^[1-9][0-9]{0,15}$/;
const orgName = /^org-([1-9][0-9]{0,15})$/;
const hex24 = /^[0-9a-f]{24}$/i;
const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/**
 * Reads any spelling of an identifier of `kind`. A spelling of another kind, or one whose check bits are wrong, is
 * `unknown`: it is answered like the id of something that does not exist, and the table is never asked.
 */
export function readIdentifier(kind: IdentifierKind, spelled: string | number): ReadIdentifier {
  if (typeof spelled === 'number') return Number.isSafeInteger(spelled) && spelled > 0 ? { id: spelled } : 'malformed';
  if (decimal.test(spelled)) return safe(Number(spelled));
  const named = orgName.exec(spelled);
  if (named) return kind === 'organization' ? safe(Number(named[1])) : 'unknown';
  if (hex24.test(spelled)) {
    const id = Number.parseInt(spelled.slice(2, 16), 16);
    return confirm(id, spelled, () => toHex24(kind, id));
  }
  if (uuid.test(spelled)) {
    const id = Number.parseInt(spelled.slice(0, 8) + spelled.slice(9, 13) + spelled.slice(15, 17), 16);
    return confirm(id, spelled, () => toUuid(kind, id));
  }
  return 'malformed';
}

function safe(id: number): ReadIdentifier {
  return Number.isSafeInteger(id) ? { id } : 'malformed';
}

function confirm(id: number, spelled: string, spell: () => string): ReadIdentifier {
  return Number.isSafeInteger(id) && id > 0 && spell() === spelled.toLowerCase() ? { id } : 'unknown';
}
