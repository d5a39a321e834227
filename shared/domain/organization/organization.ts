import type { Timestamp } from '../timestamp.ts';
import type { Wallet } from '../wallet/wallet.ts';

export const organizationStatuses = ['active', 'inactive', 'suspended'] as const;

export type OrganizationStatus = (typeof organizationStatuses)[number];

/** What an organization counts, each changed in the transaction that changes what it counts. */
export interface OrganizationCounters {
  readonly members: number;
  /** Memberships that are active, of users who are not locked. */
  readonly activeMembers: number;
  readonly verifiedMembers: number;
  readonly lockedMembers: number;
  /** Owners who can act: membership active, user neither locked nor deleted. */
  readonly activeOwners: number;
  /** Invitations that are pending or sent; those that have expired meanwhile are still among them. */
  readonly openInvitations: number;
  readonly workspaces: number;
  /** API keys, expired ones too; of those made before they were counted, none. */
  readonly credentials: number;
  readonly children: number;
  readonly bytesUsed: number;
  /** Sum of the limits of the members who have one, in bytes. */
  readonly bytesLimit: number;
  /** Members without a storage limit. */
  readonly unlimitedMembers: number;
}

/**
 * How many an organization may have of what is listed whole, and what is said to who makes one more. The list must fit
 * into a function's answer of 6 MB, also where every text in it is as long as it may be and all of it is escaped.
 */
export const counterLimits = {
  workspaces: { most: 1_000, sentence: 'An organization has at most 1,000 workspaces.' },
  credentials: { most: 1_000, sentence: 'An organization has at most 1,000 API keys, expired ones included.' },
} as const satisfies Partial<Record<keyof OrganizationCounters, { readonly most: number; readonly sentence: string }>>;

/** A tenant: an organization and its place in the hierarchy. */
export interface Organization {
  readonly id: number;
  readonly name: string;
  readonly status: OrganizationStatus;
  readonly statusReason: string | null;
  readonly countryCode: string | null;
  readonly domain: string | null;
  readonly contact: string | null;
  readonly avatarUrl: string | null;
  readonly customizations: Readonly<Record<string, unknown>>;
  readonly parentId: number | null;
  /**
   * The organizations above, the root first. Empty for a root. Remembered: for a while after a move of something above
   * it tells the old place. What gives rights goes by `pathOf`.
   */
  readonly ancestors: readonly number[];
  /** How many levels of organizations there are below, at most: it grows with them but does not shrink. */
  readonly levelsBelow: number;
  /** Set while `levelsBelow` is being counted anew: it cannot be relied on then. */
  readonly levelsRecount: number | null;
  /** The longest-standing owner. */
  readonly ownerId: number;
  /** Over how many partitions a day of the access log is spread; it only grows. */
  readonly logShards: number;
  /** Changes with the profile (not with the counters). */
  readonly version: number;
  readonly deletedAt: Timestamp | null;
  readonly createdAt: Timestamp;
  readonly updatedAt: Timestamp;
  readonly counters: OrganizationCounters;
  readonly wallet: Wallet;
}

/** What an organization with one active owner, its maker, counts. */
export function countersOfNewOrganization(owner: { isVerified: boolean }): OrganizationCounters {
  return {
    members: 1,
    activeMembers: 1,
    verifiedMembers: owner.isVerified ? 1 : 0,
    lockedMembers: 0,
    activeOwners: 1,
    openInvitations: 0,
    workspaces: 0,
    credentials: 0,
    children: 0,
    bytesUsed: 0,
    bytesLimit: 0,
    unlimitedMembers: 1,
  };
}

/** The root of the tree that the organization stands in: itself where it has no parent. */
export function rootOf(organization: Organization): number {
  return organization.ancestors[0] ?? organization.id;
}
