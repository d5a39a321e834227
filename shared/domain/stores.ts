import type { Caller } from './access/caller.ts';
import type { CountedRequests } from './access/rate-limits.ts';
import type { Tenant } from './access/tenant.ts';
import type { AccessEntry, AccessLogPage, AccessLogQuery } from './access-log/access-entry.ts';
import type { AuditPage, AuditQuery, AuditRecordName } from './audit/audit-entry.ts';
import type { Changes } from './changes.ts';
import type { AdjustmentsPage, ConsumptionFigures, CountedMonth } from './consumption/consumption.ts';
import type { Credential } from './credential/credential.ts';
import type { DomainErrorCode } from './errors.ts';
import type { Invitation, InvitationStatus } from './invitation/invitation.ts';
import type { InvitationStep } from './invitation/invitation-steps.ts';
import type { Link } from './link/link.ts';
import type { DueMail } from './mail/due-mail.ts';
import type { Membership } from './member/membership.ts';
import type { Organization, OrganizationCounters } from './organization/organization.ts';
import type { UnfinishedDeletion } from './organization/unfinished-deletion.ts';
import type { Deletion } from './purge/deletion.ts';
import type { Session } from './session/session.ts';
import type { Timestamp } from './timestamp.ts';
import type { CountedUsageEvent, StorageChange } from './usage/usage-event.ts';
import type { IdentityRequest } from './user/identity-request.ts';
import type { User } from './user/user.ts';
import type { LedgerEntry, Wallet } from './wallet/wallet.ts';
import type { Workspace } from './workspace/workspace.ts';

/** Ports: what the domain asks of the store. Reads see every write that was acknowledged before. */

/** Which items one authentication needs; all of them come in a single read. */
export interface AuthenticationQuestion {
  readonly userId: number;
  readonly sessionId?: number;
  readonly credential?: { readonly organizationId: number; readonly id: number };
  /** The organization that the request names. */
  readonly organizationId?: number | undefined;
  readonly idempotencyKey?: IdempotencyKey | undefined;
}

export interface AuthenticationAnswer {
  readonly user: User | undefined;
  readonly session: Session | undefined;
  readonly credential: Credential | undefined;
  /** The organization that the credential belongs to. */
  readonly credentialOrganization: Organization | undefined;
  readonly credentialMembership: Membership | undefined;
  readonly organization: Organization | undefined;
  readonly membership: Membership | undefined;
  readonly idempotencyRecord: IdempotencyRecord | undefined;
  /** How often the session or the credential has called, as far as it was told. */
  readonly countedRequests: CountedRequests | undefined;
}

/** Whose key, for which request. */
export interface IdempotencyKey {
  /** `user-<id>` or, for a credential, the `organization-<id>` that it belongs to. */
  readonly owner: string;
  /** A hash of method and path. */
  readonly endpoint: string;
  readonly keyHash: string;
  /** The moment of the request: what was to be kept until before it is there no more. */
  readonly at: Timestamp;
}

/** The answer that a key got. */
export interface IdempotencyRecord {
  readonly requestHash: string;
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** Null where the answer carried a secret; then `madeId` names what was made. */
  readonly body: string | null;
  readonly madeId: string | null;
}

export interface AuthenticationStore {
  load(question: AuthenticationQuestion): Promise<AuthenticationAnswer>;
  /** Adds requests to those that are counted of the caller's session or credential. @param known as it was read */
  countRequests(caller: Caller, requests: CountedRequests, known: CountedRequests | undefined): Promise<void>;
  /** The memberships of one user in these organizations, without those that do not exist. */
  memberships(userId: number, organizationIds: readonly number[]): Promise<Membership[]>;
  /** These organizations, deleted ones too, without those that do not exist. */
  organizations(ids: readonly number[]): Promise<Organization[]>;
  /** Both in one read. */
  above(
    userId: number,
    organizationIds: readonly number[],
  ): Promise<{ organizations: Organization[]; memberships: Membership[] }>;
}

/** Changes of an organization; all changes in one transaction join. */
export interface OrganizationChange {
  readonly set?: Partial<Omit<Organization, 'id' | 'counters' | 'wallet' | 'version'>>;
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
    fields: readonly ('status' | 'deletedAt' | 'parentId' | 'levelsBelow' | 'levelsRecount' | 'children')[],
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

export interface SessionStore {
  get(userId: number, id: number): Promise<Session | undefined>;
  create(changes: Changes, session: Session): void;
  /** Replaces what a refresh replaces; a session that has changed or ended meanwhile begins the request anew. */
  refresh(changes: Changes, before: Session, after: Session): void;
  /** Lets a session live on in another epoch; one that has ended meanwhile begins the request anew. */
  setEpoch(changes: Changes, session: Session, epoch: number): void;
  end(changes: Changes, userId: number, id: number): void;
  /** Ends a session whatever becomes of the request. */
  endAtOnce(userId: number, id: number): Promise<void>;
}

export interface CredentialStore {
  /** Newest last, with the hour of the last use. */
  list(tenant: Tenant): Promise<{ credential: Credential; lastUsedAt: Timestamp | null }[]>;
  create(changes: Changes, tenant: Tenant, credential: Credential): void;
  /** Replaces the secrets of a credential as read; one that was changed or deleted meanwhile begins the request anew. */
  rotate(changes: Changes, tenant: Tenant, before: Credential, after: Credential): void;
  /** `credential_not_found` where there is none. */
  delete(changes: Changes, tenant: Tenant, id: number): void;
  get(tenant: Tenant, id: number): Promise<Credential | undefined>;
  /** The hour of the last use. */
  lastUsedAt(tenant: Tenant, id: number): Promise<Timestamp | null>;
}

export interface InvitationStore {
  get(tenant: Tenant, id: number): Promise<Invitation | undefined>;
  /** The invitation that holds an address: it is open, or its time ran out and nobody has invited anew since. */
  findByEmail(tenant: Tenant, email: string): Promise<Invitation | undefined>;
  /** The same for many, in their order. */
  findByEmails(tenant: Tenant, emails: readonly string[]): Promise<(Invitation | undefined)[]>;
  /**
   * A new invitation with a claim on its address; in the place of `lapsed` where that one held it. Another holder begins
   * the request anew.
   */
  create(changes: Changes, tenant: Tenant, invitation: Invitation, lapsed?: Invitation): void;
  /**
   * Takes a step (`invitationSteps`) with an invitation as it was read: one whose state, mail or token have changed
   * since is refused with `otherwise`. `set` is what changes beside the status.
   */
  move(
    changes: Changes,
    tenant: Tenant,
    invitation: Invitation,
    step: InvitationStep,
    now: Timestamp,
    otherwise: DomainErrorCode | 'retry',
    set?: Partial<Omit<Invitation, 'id' | 'organizationId' | 'email' | 'status'>>,
  ): void;
  /** Frees the address for another invitation. */
  release(changes: Changes, tenant: Tenant, invitation: Invitation): void;
  /** Counts an invitation of the day of `now`; `invitation_quota_reached` above the limit. */
  countAgainstQuota(changes: Changes, tenant: Tenant, now: Timestamp, perDayMax: number): void;
  /** How many of the day of `now` are left. */
  quotaLeft(tenant: Tenant, now: Timestamp, perDayMax: number): Promise<number>;
  /** Counts as many as were left a moment ago, or fewer; where they are not left any more, begins anew. */
  takeFromQuota(changes: Changes, tenant: Tenant, now: Timestamp, perDayMax: number, count: number): void;
}

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

export interface WorkspaceStore {
  /** In the order asked for, without those that do not exist. */
  getMany(tenant: Tenant, ids: readonly number[]): Promise<Workspace[]>;
  /** All of them, the oldest first. */
  list(tenant: Tenant): Promise<Workspace[]>;
  /** A new workspace with a claim on its name: `workspace_name_taken` where another has it. */
  create(changes: Changes, workspace: Workspace): void;
  /** Changes a workspace from the state that was read; another state begins the request anew. Moves the claim as well. */
  update(changes: Changes, before: Workspace, after: Workspace): void;
  /** Removes a workspace as read; another state begins the request anew. */
  remove(changes: Changes, workspace: Workspace): void;
  /** Begins the request anew where the workspace is gone. */
  requirePresent(changes: Changes, tenant: Tenant, id: number): void;
}

export interface WalletStore {
  /**
   * Adds an entry to the ledger and moves the wallet. The entry follows from the wallet as it is in the very write:
   * `entryAfter` is asked again whenever another movement came first. `insufficient_balance` where a charge is more
   * than what is there, `organization_not_found`.
   */
  record(changes: Changes, tenant: Tenant, wallet: Wallet, entryAfter: (wallet: Wallet) => LedgerEntry): void;
  /** The entries of these sequence numbers, both included, newest first. */
  entries(tenant: Tenant, range: { from: number; to: number }): Promise<LedgerEntry[]>;
  /** Every wallet that was ever used, deleted organizations' too, each with all entries of its ledger, oldest first. */
  all(): AsyncIterable<{ organizationId: number; wallet: Wallet; entries: AsyncIterable<LedgerEntry> }>;
}

/** An avatar that its organization does not show any more. */
export interface UnusedAvatar {
  readonly organizationId: number;
  /** As the organization had it: `Organization.avatarUrl`. */
  readonly path: string;
  readonly since: Timestamp;
}

export interface AvatarStore {
  note(changes: Changes, avatar: UnusedAvatar): void;
  unused(): AsyncIterable<UnusedAvatar>;
  /** Forgets an avatar that is removed, or shown again. */
  forget(changes: Changes, avatar: Pick<UnusedAvatar, 'path'>): void;
}

export interface DueMailStore {
  /** Every mail that was asked for and not noted as taken; some may not be due any more. */
  all(): AsyncIterable<DueMail>;
}

export interface LinkStore {
  get(id: number): Promise<Link | undefined>;
  request(changes: Changes, link: Link): void;
  /** Keeps the hash of the token that is about to be mailed; begins anew when the link was served meanwhile. */
  setToken(changes: Changes, link: Link, tokenHash: string): void;
  /** Calls the mailer once more, with another number of the mail that is due; begins anew when it was served meanwhile. */
  askAgain(changes: Changes, link: Link, mailDue: number): void;
  /** Notes that the mail was taken. */
  mailed(changes: Changes, link: Link): void;
  /** Uses the link up: `link_gone` unless its token still is this one. */
  consume(changes: Changes, link: Link): void;
}

/** Counts attempts on an address, known or not. */
export interface AttemptStore {
  /**
   * Takes one of the attempts that are left. Answers how long to wait where `failuresMax` have failed, and `busy` where
   * that many are under way.
   */
  reserve(
    subject: string,
    now: Timestamp,
    limit: { failuresMax: number; windowMilliseconds: number },
  ): Promise<{ outcome: 'reserved' } | { outcome: 'exhausted'; retryAfterSeconds: number } | { outcome: 'busy' }>;
  noteFailure(subject: string): Promise<void>;
  reset(subject: string): Promise<void>;
}

export interface AccessLogStore {
  /**
   * Durable when it returns. `shards`: over how many partitions each organization's day is spread; it becomes more for
   * the next entries where these show that it is too few (`log-shards.ts`).
   */
  append(entries: readonly { entry: AccessEntry; shards: number }[], use?: CredentialUse): Promise<void>;
  list(tenant: Tenant, shards: number, query: AccessLogQuery): Promise<AccessLogPage>;
}

export interface AuditStore {
  /** What was changed in the organization and, copied to it, in those below. */
  trail(tenant: Tenant, query: AuditQuery): Promise<AuditPage>;
  /** Puts copies of a record into the trails of these organizations. Doing it again changes nothing. */
  copyTo(record: AuditRecordName, organizationIds: readonly number[]): Promise<void>;
}

/** A use of a credential, kept to the hour. */
export interface CredentialUse {
  readonly organizationId: number;
  readonly credentialId: number;
  readonly at: Timestamp;
}

export interface ConsumptionStore {
  /** The month as the rollup last wrote it or, where it never did, the latest before it. */
  latestMonth(tenant: Tenant, upTo: string): Promise<CountedMonth | undefined>;
  /** The figures of a UTC day, and of each hour in a span that has any, as the rollup last wrote them. */
  day(tenant: Tenant, day: string): Promise<ConsumptionFigures>;
  hours(tenant: Tenant, span: TimeSpan): Promise<ConsumptionFigures[]>;
  /**
   * Up to when everything of these organizations is counted that was to be counted, in their order; null while no run has
   * ended. One read, however many they are.
   */
  countedUntil(organizationIds: readonly number[]): Promise<(Timestamp | null)[]>;
  /** Notes a mail that SES took for the organization. The same mail counts once. */
  recordMail(changes: Changes, tenant: Tenant, mail: { readonly id: string; readonly takenAt: Timestamp }): void;
}

export interface UsageStore {
  /** Who has recorded which of these events before. */
  claimants(tenant: Tenant, eventIds: readonly string[]): Promise<ReadonlyMap<string, string>>;
  /** Tells the rollup, at once and outside the changes, that something is to be counted in these hours. */
  announce(tenant: Tenant, hours: ReadonlySet<string>, now: Timestamp): Promise<void>;
  /** Keeps events, of which none may be claimed; else the request begins anew. */
  record(
    changes: Changes,
    tenant: Tenant,
    usage: {
      readonly claimant: string;
      /** Unique. */
      readonly name: string;
      readonly receivedAt: Timestamp;
      readonly events: readonly CountedUsageEvent[];
      /** Those that count in their hour, and those that came too late for their month. */
      readonly counted: readonly CountedUsageEvent[];
      readonly adjustments: readonly CountedUsageEvent[];
    },
  ): void;
  /**
   * What arrived for these organizations after the month was closed, in order of arrival: a page of at most a thousand,
   * and where the next one begins, if there is one.
   * @throws `invalid_request` naming `cursor`
   */
  adjustments(organizationIds: readonly number[], month: string, cursor: string | undefined): Promise<AdjustmentsPage>;
}

/** What was deleted is noted by the stores that delete; here it is erased. */
export interface PurgeStore {
  /** What was deleted until then, and is not forgotten yet. */
  due(until: Timestamp): AsyncIterable<Deletion>;
  /**
   * Erases an organization and all that is its own, but its audit trail and what ends by its time to live. Yields after
   * each step how many items that took; may be left at any step, and begun again.
   */
  eraseOrganization(id: number): AsyncIterable<number>;
  /** Erases a person with sessions, memberships and, in the same write, the claim on the address; likewise. */
  eraseUser(id: number): AsyncIterable<number>;
  forget(deletion: Deletion): Promise<void>;
}

/** What the rollup reads and writes. Nothing is overwritten that was written in a higher order. */
export interface RollupStore {
  progress(shard: number): Promise<RollupProgress | undefined>;
  /** Moves on, never back. */
  advance(shard: number, progress: RollupProgress): Promise<void>;
  /** The organizations in this list, each with the hours of it that are to be counted. */
  activeOrganizations(hour: string, shard: number): Promise<{ organizationId: number; hours: readonly string[] }[]>;
  /** Those of these organizations that exist, deleted ones too. */
  organizations(ids: readonly number[]): Promise<ReadonlyMap<number, CountedOrganization>>;
  /** In no order. */
  forEachAccessEntry(
    tenant: Tenant,
    shards: number,
    span: TimeSpan,
    visit: (entry: CountedEntry) => void,
  ): Promise<void>;
  /** What usage counts in an hour (`YYYY-MM-DDTHH`), in no order, and when SES took mails in it. */
  usage(tenant: Tenant, hour: string): Promise<{ events: CountedUsageEvent[]; mailsTakenAt: Timestamp[] }>;
  /** The sum of the charges of the wallet. */
  charged(tenant: Tenant, span: TimeSpan): Promise<number>;
  /** The hours of a day (`YYYY-MM-DD`), or the days of a month (`YYYY-MM`), in their order. */
  figures(tenant: Tenant, unit: 'hour' | 'day', within: string): Promise<ConsumptionFigures[]>;
  putFigures(
    tenant: Tenant,
    unit: 'hour' | 'day',
    name: string,
    figures: ConsumptionFigures,
    order: number,
  ): Promise<void>;
  monthBefore(tenant: Tenant, month: string): Promise<CountedMonth | undefined>;
  putMonth(tenant: Tenant, month: CountedMonth, order: number): Promise<void>;
  activeMembers(tenant: Tenant, month: string): Promise<ReadonlySet<number>>;
  addActiveMembers(tenant: Tenant, month: string, userIds: readonly number[]): Promise<void>;
}

/** What the rollup looks at in an entry. */
export type CountedEntry = Pick<AccessEntry, 'action' | 'status' | 'userId'>;

/** What the rollup has to know of an organization. */
export interface CountedOrganization {
  /** Over how many partitions it spreads its access log. */
  readonly logShards: number;
  /** Whether anything was ever charged or credited. */
  readonly hasLedger: boolean;
}

/** How far the rollup has come with the organizations of one list. */
export interface RollupProgress {
  /** Every hour before is counted for good. */
  readonly recountFrom: Timestamp;
  /** The beginning of the last run that came to its end; null leaves what was noted before. */
  readonly asOf: Timestamp | null;
}

/** Both ends belong to it. */
export interface TimeSpan {
  readonly from: Timestamp;
  readonly until: Timestamp;
}

/** All that is kept. */
export interface Stores {
  readonly authentication: AuthenticationStore;
  readonly organizations: OrganizationStore;
  readonly members: MemberStore;
  readonly memberLists: MemberListStore;
  readonly users: UserStore;
  readonly sessions: SessionStore;
  readonly credentials: CredentialStore;
  readonly invitations: InvitationStore;
  readonly invitationList: InvitationListStore;
  readonly workspaces: WorkspaceStore;
  readonly wallets: WalletStore;
  readonly avatars: AvatarStore;
  readonly dueMails: DueMailStore;
  readonly links: LinkStore;
  readonly attempts: AttemptStore;
  readonly accessLog: AccessLogStore;
  readonly audit: AuditStore;
  readonly consumption: ConsumptionStore;
  readonly usage: UsageStore;
  readonly rollup: RollupStore;
  readonly purge: PurgeStore;
}
