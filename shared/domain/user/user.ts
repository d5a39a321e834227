import type { Timestamp } from '../timestamp.ts';

/** A person. */
export interface User {
  readonly id: number;
  /** NFKC-normalized and lower-cased (`normalizeEmail`): the address by which people are told apart. */
  readonly email: string;
  readonly firstName: string;
  readonly middleName: string | null;
  readonly lastName: string;
  readonly suffix: string | null;
  /** argon2id in PHC form; null until a password was set. */
  readonly passwordHash: string | null;
  /** When it was last changed: a link to choose one that was asked for before is dead. Missing while nobody has. */
  readonly passwordChangedAt?: Timestamp | undefined;
  readonly isVerified: boolean;
  readonly isLocked: boolean;
  readonly deletedAt: Timestamp | null;
  readonly isPlatformAdministrator: boolean;
  /** The organization that manages this identity; null for people who registered alone. */
  readonly homeOrganizationId: number | null;
  /** Sessions of an earlier epoch are dead. */
  readonly sessionEpoch: number;
  readonly version: number;
  /**
   * Counts the memberships that they got since they were made, also those that have ended, so that a change of who they
   * are passes none by. Missing while there are none.
   */
  readonly joins?: number | undefined;
  readonly createdAt: Timestamp;
  readonly updatedAt: Timestamp;
}

/**
 * Nobody is a member of more organizations, deleted ones included as long as they can be restored: they are listed
 * whole, and a sign-in is written into the access log of each.
 */
export const organizationsMax = 10_000;

/**
 * Below so many `joins` nobody need count before there is one more: nobody has more memberships than joins, and the one
 * that they may have been made with.
 */
export const uncountedJoinsMax = organizationsMax - 1;

/** Whether somebody can become a member of one more organization without counting those that there are. */
export function hasRoomUncounted({ joins = 0 }: User): boolean {
  return joins < uncountedJoinsMax;
}

/** The name of a person. */
export type PersonName = Pick<User, 'firstName' | 'middleName' | 'lastName' | 'suffix'>;

/** First, middle and last name and the suffix, as far as there are any. */
export function fullName(person: PersonName): string {
  return [person.firstName, person.middleName, person.lastName, person.suffix].filter(Boolean).join(' ');
}

/** The form in which addresses are compared and kept: NFKC, lower case. */
export function normalizeEmail(address: string): string {
  return address.normalize('NFKC').toLowerCase();
}

/**
 * An address, or the beginning of one, that a query asks for, in the form in which addresses are kept. No address has a
 * space: one that arrives was a `+` that the client did not encode.
 */
export function askedEmail(address: string): string {
  return normalizeEmail(address.replaceAll(' ', '+'));
}

/** Splits a full name at its last space; without a space the last name is empty. */
export function splitName(name: string): { firstName: string; lastName: string } {
  const at = name.lastIndexOf(' ');
  return at < 0
    ? { firstName: name, lastName: '' }
    : { firstName: name.slice(0, at).trim(), lastName: name.slice(at + 1) };
}

/** Whether the person can act at all. */
export function isUsable(user: User): boolean {
  return !user.isLocked && user.deletedAt === null;
}
