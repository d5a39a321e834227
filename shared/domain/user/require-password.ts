import { takeAttempt } from '../attempts/take-attempt.ts';
import { DomainError } from '../errors.ts';
import type { Work } from '../work.ts';
import { verifyPassword } from './password.ts';
import type { User } from './user.ts';

/**
 * Has somebody who is signed in prove that they know the password. Failures count with those of signing in.
 * @throws `wrong_password`, `too_many_attempts`
 */
export async function requirePassword(work: Work, user: User, password: string): Promise<void> {
  await takeAttempt(work, user.email);
  if (!(await verifyPassword(password, user.passwordHash))) {
    await work.stores.attempts.noteFailure(user.email);
    throw new DomainError('wrong_password');
  }
  work.beside(work.stores.attempts.reset(user.email));
}
