import type { Tenant } from '../access/tenant.ts';
import type { Changes } from '../changes.ts';
import type { DomainErrorCode } from '../errors.ts';
import type { StorageChange } from '../usage/usage-event.ts';
import type { User } from '../user/user.ts';
import type { Membership } from './membership.ts';

export interface MemberStore {
  /** Undefined also where the person is deleted. */
  get(tenant: Tenant, userId: number): Promise<Membership | undefined>;
  /** The membership, whether or not the person is deleted. */
  getEvenIfDeleted(tenant: Tenant, userId: number): Promise<Membership | undefined>;
  /** Adds a membership of a user as read: `ifMember` where there is one; a changed user begins the request anew. */
  add(changes: Changes, membership: Membership, user: User, ifMember?: DomainErrorCode | 'retry'): void;
  /**
   * Changes a membership from the state that was read; another state begins the request anew. Only what differs is
   * written, so that several updates of one membership join. The counters are `memberCountersChange`'s.
   */
  update(changes: Changes, before: Membership, after: Membership): void;
  /** Changes the bytes that a member uses, within the limit as read; where that no longer fits, begins anew. */
  changeBytes(changes: Changes, change: StorageChange): void;
  /** Refuses the whole where the person is a member: with `already_member` unless told otherwise. */
  requireStranger(changes: Changes, tenant: Tenant, userId: number, otherwise?: DomainErrorCode | 'retry'): void;
  /** Ends a membership as read; another state begins the request anew. */
  remove(changes: Changes, membership: Membership): void;
  /** Begins the request anew where the membership is not as it was read. */
  requireUnchanged(changes: Changes, membership: Membership): void;
  /** In the order asked for, without those that are not there or whose person is deleted. */
  getMany(tenant: Tenant, userIds: readonly number[]): Promise<Membership[]>;
  /** All members whose role is OWNER. */
  owners(tenant: Tenant): Promise<Membership[]>;
  /** Members whose address begins so, in the order of addresses. */
  findByEmailPrefix(tenant: Tenant, prefix: string, limit: number): Promise<Membership[]>;
  /** The ids of all organizations that the user is a member of. */
  organizationIdsOf(userId: number): Promise<number[]>;
}
