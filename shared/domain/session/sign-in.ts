import { takeAttempt } from '../attempts/take-attempt.ts';
import { DomainError } from '../errors.ts';
import { hashPassword, isOutdated, verifyPassword } from '../user/password.ts';
import { isUsable, type User } from '../user/user.ts';
import type { Work } from '../work.ts';
import { logSessionAction } from './log-session-action.ts';
import { type SessionTokens, startSession } from './start-session.ts';

/** An address and a password as somebody presents them, and the request that they came with. */
export interface SignIn {
  readonly email: string;
  readonly password: string;
  readonly request: { readonly method: string; readonly path: string };
}

/** Nobody's id: where no user has the address, this one is read instead. */
const nobody = 0;

/**
 * Signs a person in by password. Reads, hashes and writes as much for an unknown address, a wrong password and a person
 * who may not sign in as for one who may.
 * @throws `unauthorized`, the same for all of these; `too_many_attempts`
 */
export async function signIn(
  work: Work,
  { email, password, request }: SignIn,
): Promise<{ user: User; tokens: SessionTokens }> {
  const { stores, changes } = work;
  const [{ user, organizationIds }] = await Promise.all([findPerson(work, email), takeAttempt(work, email)]);
  const kept = user && isUsable(user) ? user.passwordHash : null;
  const isRight = await verifyPassword(password, kept);
  const log = (status: 'SUCCESS' | 'FAILURE') =>
    logSessionAction(work, { action: 'LOGIN', status, email, userId: user?.id, organizationIds, request });
  if (!user || kept === null || !isRight) {
    await Promise.all([stores.attempts.noteFailure(email), log('FAILURE')]);
    throw new DomainError('unauthorized');
  }
  work.beside(stores.attempts.reset(email));
  work.beside(log('SUCCESS'));
  if (isOutdated(kept)) {
    const passwordHash = await hashPassword(password, work.randomBytes);
    stores.users.change(changes, user, { passwordHash });
  }
  return { user, tokens: startSession(work, user) };
}

async function findPerson({ stores }: Work, email: string) {
  const id = (await stores.users.findIdByEmail(email)) ?? nobody;
  const [user, organizationIds] = await Promise.all([stores.users.get(id), stores.members.organizationIdsOf(id)]);
  return { user, organizationIds };
}
