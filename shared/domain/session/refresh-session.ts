import { hashSecret, readToken } from '../access/tokens.ts';
import { DomainError } from '../errors.ts';
import { isUsable, type User } from '../user/user.ts';
import type { Work } from '../work.ts';
import { logSessionAction, type SessionAction } from './log-session-action.ts';
import { familyBytes, mintTokens, type SessionTokens } from './start-session.ts';

/**
 * Gives a session a new pair of tokens. The refresh token dies with it; the access token lives until its own end, so
 * that requests under way finish.
 *
 * A refresh token that was used before ends the whole session: either its thief or its owner is using it, and nobody can
 * tell which. That holds as well for two who use it in the same moment. One of them gets the new pair, but the other one
 * ends the session that it belongs to: a grace of any length is a time in which a thief who is quick remains unnoticed.
 * @throws `unauthorized`, the same for every reason
 */
export async function refreshSession(
  work: Work,
  refreshToken: string,
  request: SessionAction['request'],
): Promise<{ user: User; tokens: SessionTokens }> {
  const { stores, changes, now } = work;
  const content = readToken('rt', refreshToken);
  const [userId, sessionId] = content?.ids ?? [];
  if (!content || userId === undefined || sessionId === undefined) throw new DomainError('unauthorized');
  const [{ user, session }, organizationIds] = await Promise.all([
    stores.authentication.load({ userId, sessionId }),
    stores.members.organizationIdsOf(userId),
  ]);
  const family = content.secret.subarray(0, familyBytes);
  const isAlive = user && isUsable(user) && session?.epoch === user.sessionEpoch && session.refreshExpiresAt > now;
  if (!isAlive || session.familyHash !== hashSecret(family)) throw new DomainError('unauthorized');
  const log = (status: 'SUCCESS' | 'FAILURE') =>
    logSessionAction(work, { action: 'TOKEN_REFRESH', status, email: user.email, userId, organizationIds, request });
  if (session.refreshHash !== hashSecret(content.secret)) {
    await Promise.all([stores.sessions.endAtOnce(userId, sessionId), log('FAILURE')]);
    throw new DomainError('unauthorized');
  }
  const { kept, tokens } = mintTokens(work, userId, sessionId, family);
  stores.sessions.refresh(changes, session, {
    ...session,
    ...kept,
    previousAccessHash: session.accessHash,
    previousAccessExpiresAt: session.accessExpiresAt,
  });
  work.beside(log('SUCCESS'));
  return { user, tokens };
}
