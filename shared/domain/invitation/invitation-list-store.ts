import type { Tenant } from '../access/tenant.ts';
import type { Timestamp } from '../timestamp.ts';
import type { Invitation, InvitationStatus } from './invitation.ts';

/** Which invitations to show. */
export interface InvitationQuery {
  /** As it is shown at `now`; undefined for all. */
  readonly status: InvitationStatus | undefined;
  readonly now: Timestamp;
  readonly offset: number;
  readonly limit: number;
  /** What `open` has begun for this page, if it has. */
  readonly opened?: OpenedInvitations | undefined;
}

/** The list of invitations that somebody has begun to look a page up in. */
export interface OpenedInvitations {
  readonly organizationId: number;
}

export interface InvitationListStore {
  /**
   * Begins to look up a page, before it is certain that whoever asks may see it: nothing of it comes out but by `page`.
   * Undefined where a page of that status can be read without.
   */
  open(organizationId: number, query: Pick<InvitationQuery, 'status' | 'now'>): OpenedInvitations | undefined;
  /** One page, newest first, and how many there are in all: in at most two round trips where the list is opened. */
  page(tenant: Tenant, query: InvitationQuery): Promise<{ invitations: Invitation[]; total: number }>;
  /** How many invitations wait for an answer: `pending` or `sent`, their time not over. */
  countWaiting(tenant: Tenant, now: Timestamp): Promise<number>;
}
