import type { Work } from '../work.ts';
import { hashPassword, passwordNonceBytes } from './password.ts';
import type { PersonName, User } from './user.ts';

/** What a person is made of. */
export interface NewUser extends PersonName {
  /** Normalized (`normalizeEmail`). */
  readonly email: string;
  readonly password: string;
  readonly isVerified: boolean;
  readonly homeOrganizationId: number | null;
}

/** A person as they begin. Nothing is written. */
export async function newUser(work: Work, { password, ...traits }: NewUser): Promise<User> {
  return {
    id: work.newId(),
    ...traits,
    passwordHash: await hashPassword(password, work.randomBytes(passwordNonceBytes)),
    isLocked: false,
    deletedAt: null,
    isPlatformAdministrator: false,
    sessionEpoch: 1,
    version: 1,
    createdAt: work.now,
    updatedAt: work.now,
  };
}
