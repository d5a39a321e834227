import type { Changes } from '../changes.ts';
import type { DomainErrorCode } from '../errors.ts';
import type { IdentityRequest } from './identity-request.ts';
import type { User } from './user.ts';

export interface UserStore {
  /** Also deleted ones: see `isUsable`. */
  get(id: number): Promise<User | undefined>;
  getMany(ids: readonly number[]): Promise<User[]>;
  findByEmail(email: string): Promise<User | undefined>;
  /** The id of whoever holds this address, deleted people included: one read. */
  findIdByEmail(email: string): Promise<number | undefined>;
  /** The same for many, in their order. */
  findIdsByEmail(emails: readonly string[]): Promise<(number | undefined)[]>;
  /** A new user with a claim on the address: `email_taken` where it has an owner. */
  create(changes: Changes, user: User, ifTaken?: DomainErrorCode | 'retry'): void;
  /**
   * Changes a user from the version that was read; another version begins the request anew. Identities change through
   * `changeIdentity` alone.
   */
  change(changes: Changes, user: User, set: Partial<Omit<User, 'id' | 'version' | 'joins' | 'email'>>): void;
  /** Moves the claim on the address as well. */
  changeEmail(changes: Changes, user: User, email: string, ifTaken: DomainErrorCode): void;
  /** Begins anew where the user is not as read. */
  requireUnchanged(changes: Changes, user: User): void;
  /** Begins anew where the user has become a member of anything since they were read: their memberships are read later. */
  requireNoJoin(changes: Changes, user: User): void;
  /** Memberships are to be brought up to date after this change, for this request. */
  noteIdentityCopiesDue(changes: Changes, user: User, request: IdentityRequest): void;
  /** The user and the request for which its memberships may still have to be brought up to date. */
  identityCopiesDue(id: number): Promise<{ user: User; request: IdentityRequest } | undefined>;
  /** Notes that all memberships are up to date with the user as read. */
  identityCopied(changes: Changes, user: User): void;
}
