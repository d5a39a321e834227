import { randomBytes } from 'node:crypto';
import { hashSecret, secretBytesOf, writeToken } from '../../shared/domain/access/tokens.ts';
import { type LinkPurpose, linkLifeMilliseconds } from '../../shared/domain/link/link.ts';
import type { User } from '../../shared/domain/user/user.ts';
import { services } from './all-services.ts';

/** A link as the mailer leaves it, and the token that the mail would carry. @param holder whose account it is for */
export async function aMailedLink(
  email: string,
  purpose: LinkPurpose,
  holder?: User,
): Promise<{ id: number; token: string }> {
  const { stores, openChanges, commit, newId, now } = services();
  const [id, secret] = [newId(), randomBytes(secretBytesOf('lt'))];
  const changes = openChanges({ email, credentialId: null });
  const times = { createdAt: now(), linkExpiresAt: now() + linkLifeMilliseconds[purpose.purpose] };
  stores.links.request(changes, { ...purpose, ...times, id, email, mailDue: null, tokenHash: hashSecret(secret) });
  await commit(changes, { requestId: `test-${id}`, ip: '127.0.0.1', now: now() });
  return { id, token: writeToken('lt', { ids: [id, holder?.id ?? id], secret }) };
}
