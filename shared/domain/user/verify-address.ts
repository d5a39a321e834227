import { DomainError } from '../errors.ts';
import { followLink } from '../link/follow-link.ts';
import type { Link } from '../link/link.ts';
import type { Work } from '../work.ts';
import { changeIdentity } from './change-identity.ts';
import { isUsable, type User } from './user.ts';

/**
 * Does what somebody asked for who has now proved to read an address: makes the account that was registered, or moves an
 * account to the address and ends its sessions but the one that asked.
 * @throws `link_gone`, also where somebody else has the address by now or the account is gone
 */
export async function verifyAddress(work: Work, token: string): Promise<User> {
  const link = await followLink(work, token, ['registration', 'email-change']);
  return link.purpose === 'registration' ? createRegistered(work, link) : moveToAddress(work, link);
}

function createRegistered(
  { stores, changes, newId, now }: Work,
  { email, firstName, lastName, passwordHash }: Extract<Link, { purpose: 'registration' }>,
): User {
  const user: User = {
    id: newId(),
    email,
    firstName,
    middleName: null,
    lastName,
    suffix: null,
    passwordHash,
    isVerified: true,
    isLocked: false,
    deletedAt: null,
    isPlatformAdministrator: false,
    homeOrganizationId: null,
    sessionEpoch: 1,
    version: 1,
    createdAt: now,
    updatedAt: now,
  };
  stores.users.create(changes, user, 'link_gone');
  return user;
}

async function moveToAddress(
  work: Work,
  { email, userId, sessionId }: Extract<Link, { purpose: 'email-change' }>,
): Promise<User> {
  const { stores, changes } = work;
  const { user, session } = await stores.authentication.load({ userId, sessionId });
  if (!user || !isUsable(user)) throw new DomainError('link_gone');
  changes.author = { email: user.email, credentialId: null };
  const isAlive = session?.epoch === user.sessionEpoch;
  return changeIdentity(
    work,
    user,
    { email, isVerified: true },
    { ifEmailTaken: 'link_gone', ...(isAlive ? { keptSession: session } : {}) },
  );
}
