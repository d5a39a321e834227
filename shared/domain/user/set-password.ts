import { type Caller, requireSession } from '../access/caller.ts';
import { DomainError } from '../errors.ts';
import { followLink, readLinkToken } from '../link/follow-link.ts';
import type { Work } from '../work.ts';
import { changeIdentity } from './change-identity.ts';
import { hashPassword } from './password.ts';
import { requirePassword } from './require-password.ts';
import { isUsable, type User } from './user.ts';

/**
 * Sets the password of whoever has followed a mailed link, and ends all their sessions. What failed before is forgotten.
 * @throws `link_gone`, also where the password has changed since the link was asked for
 */
export async function resetPassword(work: Work, token: string, password: string): Promise<User> {
  const { stores, changes } = work;
  const presented = readLinkToken(token);
  const [link, user] = await Promise.all([
    followLink(work, presented, 'password-reset'),
    presented.userId === undefined ? undefined : stores.users.get(presented.userId),
  ]);
  // The link was mailed to an address, and is for whoever had it then: only while they still have it.
  if (user?.email !== link.email || !isUsable(user)) throw new DomainError('link_gone');
  if (link.createdAt < (user.passwordChangedAt ?? 0)) throw new DomainError('link_gone');
  changes.author = { email: user.email, credentialId: null };
  const passwordHash = await hashPassword(password, work.randomBytes);
  work.beside(stores.attempts.reset(user.email));
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
  const passwordHash = await hashPassword(password, work.randomBytes);
  return changeIdentity(work, user, { passwordHash }, { keptSession: async () => session });
}
