import type { Tenant } from '../access/tenant.ts';
import type { Changes } from '../changes.ts';
import type { DomainErrorCode } from '../errors.ts';
import type { Organization, OrganizationCounters } from './organization.ts';
import type { UnfinishedDeletion } from './unfinished-deletion.ts';

/** Changes of an organization; all changes in one transaction join. */
export interface OrganizationChange {
  readonly set?: Partial<Omit<Organization, 'id' | 'counters' | 'wallet' | 'version'>>;
  /** Refuses with `limit_reached` what goes beyond a counter's limit (`counterLimits`). */
  readonly add?: Partial<Record<keyof OrganizationCounters, number>>;
  /** Raises the version, on the condition that it still is this one; else `ifStale`. */
  readonly fromVersion?: number;
  readonly ifStale?: DomainErrorCode | 'retry';
  /** Refuses with `has_children` unless there are none. */
  readonly isChildless?: boolean;
  /** Refuses with `last_owner` unless an active owner is left after what `add` takes away. */
  readonly keepsOwners?: boolean;
  /** On the condition that this still is the owner who is shown; else the request begins anew. */
  readonly fromOwner?: number;
  /** Also where the organization is deleted: what is kept of it must stay right for a restore. */
  readonly evenIfDeleted?: boolean;
  /** On the condition that it is deleted; where it was restored, the request begins anew. */
  readonly isDeleted?: boolean;
  /** Refusal where the organization is deleted, in place of `organization_not_found`. */
  readonly ifDeleted?: DomainErrorCode;
}

/** A move that those below do not all remember yet. */
export interface UnfinishedMove {
  /** The top of what was moved. */
  readonly organizationId: number;
  readonly moveId: number;
}

/** The tags of an organization, and how often they have been changed. */
export interface OrganizationTags {
  readonly tags: readonly string[];
  readonly version: number;
}

export interface OrganizationStore {
  /** Undefined where there is none, or it is deleted. */
  get(id: number): Promise<Organization | undefined>;
  /** In the order asked for, without those that are not there. */
  getMany(ids: readonly number[]): Promise<Organization[]>;
  /** A new organization, with its place in its parent's list. An id that is taken begins the request anew. */
  create(changes: Changes, organization: Organization): void;
  change(changes: Changes, tenant: Tenant, change: OrganizationChange): void;
  /** Gives a child the place in its parent's list that goes with its name. */
  rename(changes: Changes, organization: Organization): void;
  /** The children from `offset` on by name, `limit` of them. */
  children(
    tenant: Tenant,
    page: { readonly offset: number; readonly limit: number; readonly total: number },
  ): Promise<Organization[]>;
  /** All organizations below this one, each level after the one above it. One round trip a level. */
  idsBelow(tenant: Tenant): Promise<number[]>;
  tags(tenant: Tenant): Promise<OrganizationTags>;
  /** Replaces tags as read; others begin the request anew. */
  setTags(changes: Changes, tenant: Tenant, before: OrganizationTags, tags: readonly string[]): void;
  /** In the order asked for, deleted ones too, without those that do not exist. */
  getManyEvenIfDeleted(ids: readonly number[]): Promise<Organization[]>;
  /** The ids of all organizations right below these, in no order. */
  childrenOf(parentIds: readonly number[]): Promise<number[]>;
  /** The ids of up to so many organizations right below. */
  someChildrenOf(tenant: Tenant, limit: number): Promise<number[]>;
  /** Puts the organization into its parent's list. */
  joinParent(changes: Changes, organization: Organization): void;
  /** Takes the organization out of its parent's list. */
  leaveParent(changes: Changes, organization: Organization): void;
  /** Notes that something may live below an organization that is being deleted. */
  deletionUnfinished(changes: Changes, deletion: UnfinishedDeletion): void;
  deletionFinished(changes: Changes, tenant: Tenant): void;
  unfinishedDeletions(): Promise<UnfinishedDeletion[]>;
  /** Begins the request anew where any of these fields is not as it was read. */
  requireAsRead(
    changes: Changes,
    organization: Organization,
    fields: readonly ('version' | 'status' | 'parentId' | 'levelsBelow' | 'levelsRecount' | 'children')[],
  ): void;
  /**
   * Begins to count anew how many levels there are below, at once and outside any transaction: from now on what is
   * placed below shows in `levelsBelow`, whatever was there before does not.
   */
  recountLevels(tenant: Tenant, token: number): Promise<Organization>;
  /** Moves the organization from one parent's list to the other's, and notes that those below are to follow. */
  move(changes: Changes, before: Organization, after: Organization, moveId: number): void;
  /** Moves after which not everything below remembers its new way up yet. */
  unfinishedMoves(): Promise<UnfinishedMove[]>;
  /** Notes that everything below does; begins anew where the organization has moved again. */
  moveFinished(changes: Changes, move: UnfinishedMove): void;
  /** Takes a domain for the organization: `domain_taken`, unless told otherwise, where another has it. */
  claimDomain(changes: Changes, tenant: Tenant, domain: string, otherwise?: DomainErrorCode | 'retry'): void;
  isDomainFree(domain: string): Promise<boolean>;
  releaseDomain(changes: Changes, tenant: Tenant, domain: string): void;
  /** Refuses the whole unless the organization is there and, by default, active. */
  requireLive(changes: Changes, tenant: Tenant, status?: 'active' | 'any', otherwise?: DomainErrorCode): void;
}
