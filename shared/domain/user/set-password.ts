import { type Caller, requireSession } from '../access/caller.ts';
import { DomainError } from '../errors.ts';
import { followLink } from '../link/follow-link.ts';
import type { Work } from '../work.ts';
import { changeIdentity } from './change-identity.ts';
import { hashPassword, passwordNonceBytes } from './password.ts';
import { requirePassword } from './require-password.ts';
import { isUsable, type User } from './user.ts';

/**
 * Sets the password of whoever has followed a mailed link, and ends all their sessions. What failed before is forgotten.
 * @throws `link_gone`
 */
export async function resetPassword(work: Work, token: string, password: string): Promise<User> {
  const { stores, changes } = work;
  const link = await followLink(work, token, ['password-reset']);
  const [user] = await Promise.all([stores.users.findByEmail(link.email), stores.attempts.reset(link.email)]);
  if (!user || !isUsable(user)) throw new DomainError('link_gone');
  changes.author = { email: user.email, credentialId: null };
  const passwordHash = await hashPassword(password, work.randomBytes(passwordNonceBytes));
  return changeIdentity(work, user, { passwordHash });
}

/**
 * Changes the caller's password and ends all their sessions but this one.
 * @throws `forbidden` for a credential, `wrong_password`, `too_many_attempts`
 */
export async function changePassword(
  work: Work,
  caller: Caller,
  { current, password }: { readonly current: string; readonly password: string },
): Promise<User> {
  const { user, session } = requireSession(caller);
  await requirePassword(work, user, current);
  const passwordHash = await hashPassword(password, work.randomBytes(passwordNonceBytes));
  return changeIdentity(work, user, { passwordHash }, { keptSession: session });
}
