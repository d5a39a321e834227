import type { Tenant } from '../access/tenant.ts';
import type { Membership } from './membership.ts';

export type MemberOrder = 'joining' | 'name' | 'email' | 'role';

export interface MemberPage {
  readonly order: MemberOrder;
  readonly descending: boolean;
  readonly offset: number;
  readonly limit: number;
  /** Of the organization's counters. */
  readonly total: number;
  /** What `open` has begun for this page, if it has. */
  readonly list?: OpenedList | undefined;
}

/** A list of members that somebody has begun to look a page up in. */
export interface OpenedList {
  readonly organizationId: number;
  readonly order: MemberOrder;
}

/** The lists of an organization's members, page by page. */
export interface MemberListStore {
  /**
   * Begins to look up a page, before it is certain that whoever asks may see it: nothing of it comes out but by `page`.
   * Undefined where the page can be read without.
   */
  open(organizationId: number, page: Pick<MemberPage, 'order' | 'offset'>): OpenedList | undefined;
  /**
   * The members from `offset` on, `limit` of them, in at most three round trips: one near either end, two of them where
   * the list is opened.
   */
  page(tenant: Tenant, page: MemberPage): Promise<Membership[]>;
}
