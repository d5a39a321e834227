import * as z from 'zod/mini';
import type { SessionTokens } from '../../../shared/domain/session/start-session.ts';
import type { User as Person } from '../../../shared/domain/user/user.ts';
import { toUser, User } from '../me/wire.ts';

/** A pair of tokens, and whose they are. `expires_in` is the life of the access token in seconds. */
export const SignedIn = z.object({
  access_token: z.string(),
  refresh_token: z.string(),
  token_type: z.literal('Bearer'),
  expires_in: z.int(),
  user: User,
});

export function toSignedIn(tokens: SessionTokens, user: Person): z.output<typeof SignedIn> {
  return {
    access_token: tokens.accessToken,
    refresh_token: tokens.refreshToken,
    token_type: 'Bearer',
    expires_in: tokens.expiresInSeconds,
    user: toUser(user),
  };
}
