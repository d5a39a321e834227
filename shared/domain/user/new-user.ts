import type { Work } from '../work.ts';
import type { PersonName, User } from './user.ts';

/** What a person is made of; the address is normalized (`normalizeEmail`). */
export type NewUser = PersonName &
  Pick<User, 'email' | 'passwordHash' | 'isVerified' | 'homeOrganizationId'> &
  Partial<Pick<User, 'isPlatformAdministrator'>>;

/** A person as they begin. Nothing is written. */
export function newUser({ newId, now }: Pick<Work, 'newId' | 'now'>, traits: NewUser): User {
  return {
    id: newId(),
    isLocked: false,
    deletedAt: null,
    isPlatformAdministrator: false,
    ...traits,
    sessionEpoch: 1,
    version: 1,
    createdAt: now,
    updatedAt: now,
  };
}
