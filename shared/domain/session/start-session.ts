import { hashSecret, secretBytesOf, writeToken } from '../access/tokens.ts';
import { secondMilliseconds } from '../timestamp.ts';
import type { User } from '../user/user.ts';
import type { Work } from '../work.ts';
import type { Session } from './session.ts';

/** What a person's device signs in with from now on. Shown once: only hashes are kept. */
export interface SessionTokens {
  readonly accessToken: string;
  readonly refreshToken: string;
  /** How long the access token works, in seconds. */
  readonly expiresInSeconds: number;
}

/** A refresh token's secret begins with the session's family, of so many bytes; the rest changes with each refresh. */
export const familyBytes = 16;

/** A fresh pair of tokens, and what is kept of it. `family` is that of the session, or new with the session. */
export function mintTokens(
  work: Pick<Work, 'settings' | 'now' | 'randomBytes'>,
  userId: number,
  sessionId: number,
  family: Buffer,
) {
  const { accessTokenSeconds, refreshTokenSeconds } = work.settings;
  const ids = [userId, sessionId];
  const access = work.randomBytes(secretBytesOf('st'));
  const refresh = Buffer.concat([family, work.randomBytes(secretBytesOf('rt') - familyBytes)]);
  return {
    kept: {
      accessHash: hashSecret(access),
      accessExpiresAt: work.now + accessTokenSeconds * secondMilliseconds,
      refreshHash: hashSecret(refresh),
      refreshExpiresAt: work.now + refreshTokenSeconds * secondMilliseconds,
    },
    tokens: {
      accessToken: writeToken('st', { ids, secret: access }),
      refreshToken: writeToken('rt', { ids, secret: refresh }),
      expiresInSeconds: accessTokenSeconds,
    } satisfies SessionTokens,
  };
}

/** Signs a person in on one more device. The session dies with the epoch that the person was read in. */
export function startSession(work: Omit<Work, 'beside'>, user: User): SessionTokens {
  const id = work.newId();
  const family = work.randomBytes(familyBytes);
  const { kept, tokens } = mintTokens(work, user.id, id, family);
  const session: Session = {
    ...kept,
    id,
    userId: user.id,
    previousAccessHash: null,
    previousAccessExpiresAt: null,
    familyHash: hashSecret(family),
    epoch: user.sessionEpoch,
    createdAt: work.now,
  };
  work.stores.sessions.create(work.changes, session);
  return tokens;
}
