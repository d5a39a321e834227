import type { Role } from '../access/roles.ts';
import { DomainError } from '../errors.ts';
import type { Identified } from '../identifiers.ts';

/** Several people at once, and what they are to be. */
export interface MembersWish {
  /** Different ones, at most 25, in their order. */
  readonly users: readonly Identified[];
  readonly role: Role;
  readonly isActive: boolean;
}

/** @throws `code` naming these people, if there are any */
export function requireNone(
  code: 'user_not_found' | 'member_not_found' | 'already_member',
  sentence: string,
  users: readonly Identified[],
): void {
  if (users.length === 0) return;
  throw new DomainError(code, { message: `${sentence}: ${users.map(({ id, spelled }) => id ?? spelled).join(', ')}.` });
}

/** The ids of those who may exist. */
export function idsOf(users: readonly Identified[]): number[] {
  return users.map(({ id }) => id).filter((id) => id !== undefined);
}
