import type { Role } from '../access/roles.ts';
import type { Timestamp } from '../timestamp.ts';
import type { User } from '../user/user.ts';

/** What a membership repeats of its user, so that a list of members is one query. */
export interface MemberIdentity
  extends Pick<User, 'email' | 'firstName' | 'middleName' | 'lastName' | 'suffix' | 'isVerified' | 'isLocked'> {
  /** The membership of a deleted person is kept for a restore; it shows nowhere and counts for nothing. */
  readonly isDeleted: boolean;
}

/** A person in an organization. */
export interface Membership {
  readonly organizationId: number;
  readonly userId: number;
  /** Not empty, strongest first. */
  readonly roles: readonly Role[];
  readonly workspaces: readonly number[];
  /** A deactivated membership is kept but grants nothing. */
  readonly isActive: boolean;
  /** Storage limit in bytes; null is unlimited. */
  readonly bytesLimit: number | null;
  readonly bytesUsed: number;
  readonly identity: MemberIdentity;
  readonly version: number;
  readonly joinedAt: Timestamp;
  readonly updatedAt: Timestamp;
}

/** The copy of a user that its memberships carry. */
export function identityOf(user: User): MemberIdentity {
  const { email, firstName, middleName, lastName, suffix, isVerified, isLocked, deletedAt } = user;
  return { email, firstName, middleName, lastName, suffix, isVerified, isLocked, isDeleted: deletedAt !== null };
}

/** A new, active, unlimited membership. */
export function newMembership(
  organizationId: number,
  user: User,
  roles: readonly Role[],
  now: Timestamp,
  isActive = true,
): Membership {
  return {
    organizationId,
    userId: user.id,
    roles,
    workspaces: [],
    isActive,
    bytesLimit: null,
    bytesUsed: 0,
    identity: identityOf(user),
    version: 1,
    joinedAt: now,
    updatedAt: now,
  };
}
