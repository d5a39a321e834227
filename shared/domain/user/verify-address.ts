import { DomainError } from '../errors.ts';
import { followLink, type PresentedLink, readLinkToken } from '../link/follow-link.ts';
import type { Session } from '../session/session.ts';
import type { Work } from '../work.ts';
import { changeIdentity } from './change-identity.ts';
import { newUser } from './new-user.ts';
import { isUsable, type User } from './user.ts';

/**
 * Does what somebody asked for who has now proved to read an address: makes the account that was registered, or moves an
 * account to the address and ends its sessions but the one that asked.
 * @throws `link_gone`, also where somebody else has the address by now, or the account is gone; and where a new password,
 * a new address or a lock has ended the account's sessions since: whoever asked may be who was shut out by it
 */
export async function verifyAddress(work: Work, token: string): Promise<User> {
  const presented = readLinkToken(token);
  const { userId } = presented;
  return userId === undefined ? createRegistered(work, presented) : moveToAddress(work, presented, userId);
}

async function createRegistered(work: Work, presented: PresentedLink): Promise<User> {
  const { stores, changes } = work;
  const { email, firstName, lastName, passwordHash } = await followLink(work, presented, 'registration');
  const user = newUser(work, {
    email,
    firstName,
    middleName: null,
    lastName,
    suffix: null,
    passwordHash,
    isVerified: true,
    homeOrganizationId: null,
  });
  stores.users.create(changes, user, 'link_gone');
  return user;
}

async function moveToAddress(work: Work, presented: PresentedLink, userId: number): Promise<User> {
  const { stores, changes } = work;
  const [link, user, organizationIds] = await Promise.all([
    followLink(work, presented, 'email-change'),
    stores.users.get(userId),
    stores.members.organizationIdsOf(userId),
  ]);
  if (user?.id !== link.userId || user.sessionEpoch !== link.sessionEpoch || !isUsable(user)) {
    throw new DomainError('link_gone');
  }
  changes.author = { email: user.email, credentialId: null };
  const keptSession = () => aliveSession(work, user, link.sessionId);
  const move = { email: link.email, isVerified: true };
  return changeIdentity(work, user, move, { ifEmailTaken: 'link_gone', keptSession, organizationIds });
}

async function aliveSession({ stores }: Work, user: User, sessionId: number): Promise<Session | undefined> {
  const session = await stores.sessions.get(user.id, sessionId);
  return session?.epoch === user.sessionEpoch ? session : undefined;
}
