import { tenantWithoutCaller } from '../access/tenant.ts';
import { changedFields } from '../audit/changed-fields.ts';
import { DomainError, type DomainErrorCode } from '../errors.ts';
import { requestAddressNotice } from '../link/request-link.ts';
import { longestStanding } from '../member/change-memberships.ts';
import { memberCountersChange } from '../member/member-counters.ts';
import { identityOf, type MemberIdentity, type Membership } from '../member/membership.ts';
import type { Organization } from '../organization/organization.ts';
import type { OrganizationChange } from '../organization/organization-store.ts';
import type { Session } from '../session/session.ts';
import { toIso } from '../timestamp.ts';
import type { Wish } from '../wish.ts';
import type { Work } from '../work.ts';
import type { IdentityRequest } from './identity-request.ts';
import type { PersonName, User } from './user.ts';

type ChangeableIdentity = PersonName &
  Pick<User, 'email' | 'passwordHash' | 'isVerified' | 'isLocked' | 'deletedAt' | 'isPlatformAdministrator'>;

/** What may be changed of who somebody is. */
export type IdentityChange = Wish<ChangeableIdentity>;

/** At most so many memberships change in the transaction of the user: each takes up to ten of its hundred actions. */
const copiesAtOnceMax = 9;

/** Under which rule an organization loses an active owner. */
type OwnerRule = Pick<OrganizationChange, 'keepsOwners' | 'isDeleted'>;

/**
 * The one place that changes who somebody is: the user, and everywhere the copy that each membership carries, with what
 * it counts, the order it stands in, and the audit entry there. A new address that nobody has confirmed is unverified.
 * A new address or password, a lock and a delete end the person's sessions, but `keptSession`. Of a new address the old
 * one is told by mail.
 *
 * All of it happens in the transaction of `work`, up to 9 memberships; one that began since the user was read begins the
 * request anew. What is left of it is due: the user says so in the same transaction, and the consumer `follow-ups`
 * finishes it from there (`finishIdentityChange`), however often it is stopped. Whether somebody may act is read from
 * the user alone, so a lock, a delete and the end of the sessions hold everywhere at once.
 *
 * Locking or deleting an organization's last active owner is refused (`last_owner`) by a rule of the write; for owners
 * of more than 11 organizations, in the others by a look beforehand.
 *
 * @param user As read in this work; a user who has changed since begins the request anew.
 * @param options.keptSession Finds the session that lives on, beside the reads for the memberships.
 * @param options.ifEmailTaken The refusal where somebody else has the new address.
 * @param options.organizationIds Of which the person was a member, where that was read already: saves a trip.
 * @returns the user as it will be
 */
export async function changeIdentity(
  work: Work,
  user: User,
  change: IdentityChange,
  options: {
    readonly ifEmailTaken?: DomainErrorCode;
    readonly keptSession?: () => Promise<Session | undefined>;
    readonly organizationIds?: readonly number[];
  } = {},
): Promise<User> {
  const { stores, changes, now } = work;
  const { email, ...set } = differenceOf(user, change);
  if (email === undefined && Object.keys(set).length === 0) return user;
  const endsSessions =
    email !== undefined || set.passwordHash !== undefined || set.isLocked === true || Boolean(set.deletedAt);
  const sessionEpoch = user.sessionEpoch + (endsSessions ? 1 : 0);
  const after: User = {
    ...user,
    ...set,
    email: email ?? user.email,
    ...(set.passwordHash === undefined ? {} : { passwordChangedAt: now }),
    sessionEpoch,
    version: user.version + 1,
    updatedAt: now,
  };
  const isCopied = JSON.stringify(identityOf(user)) !== JSON.stringify(identityOf(after));
  const { passwordChangedAt } = after;
  stores.users.change(changes, user, { ...set, passwordChangedAt, sessionEpoch, updatedAt: now });
  if (email !== undefined) stores.users.changeEmail(changes, user, email, options.ifEmailTaken ?? 'email_taken');
  if (set.passwordHash !== undefined && user.homeOrganizationId !== null) {
    changes.audit({
      organizationId: user.homeOrganizationId,
      action: 'update',
      entity: 'member',
      entityId: String(user.id),
      oldData: {},
      newData: { password_changed_at: toIso(now) },
    });
  }
  const [keptSession] = await Promise.all([
    endsSessions ? options.keptSession?.() : undefined,
    isCopied ? copyToMemberships(work, user, after, options) : undefined,
    email === undefined ? undefined : requestAddressNotice(work, user.email),
  ]);
  if (keptSession) stores.sessions.setEpoch(changes, keptSession, sessionEpoch);
  return after;
}

function differenceOf(user: User, change: IdentityChange): Partial<ChangeableIdentity> {
  const isNewAddress = change.email !== undefined && change.email !== user.email;
  const wanted = { ...change, isVerified: change.isVerified ?? (isNewAddress ? false : undefined) };
  const changed = Object.entries(wanted).filter(
    ([name, value]) => value !== undefined && value !== user[name as keyof ChangeableIdentity],
  );
  return Object.fromEntries(changed);
}

async function copyToMemberships(
  work: Work,
  before: User,
  after: User,
  { organizationIds = [] }: { readonly organizationIds?: readonly number[] },
): Promise<void> {
  const { stores, changes } = work;
  const { memberships, organizations } = await membershipsSince(work, before, organizationIds);
  stores.users.requireNoJoin(changes, before);
  const changed = memberships.map((membership) => ({
    membership,
    losesOwner: (memberCountersChange(membership, withIdentity(membership, after)).activeOwners ?? 0) < 0,
  }));
  // Where the rule of the last owner may refuse, and at home, rather at once than later.
  const rank = ({ membership, losesOwner }: (typeof changed)[number]) =>
    (losesOwner ? 2 : 0) + (membership.organizationId === before.homeOrganizationId ? 1 : 0);
  changed.sort((one, other) => rank(other) - rank(one));
  const [atOnce, later] = [changed.slice(0, copiesAtOnceMax), changed.slice(copiesAtOnceMax)];
  const byId = new Map(organizations.map((organization) => [organization.id, organization]));

  for (const { membership, losesOwner } of later) {
    const organization = byId.get(membership.organizationId);
    if (!losesOwner || !organization || organization.deletedAt !== null) continue;
    if (organization.counters.activeOwners < 2) throw new DomainError('last_owner');
  }
  for (const { membership, losesOwner } of atOnce) {
    const organization = byId.get(membership.organizationId);
    copyToMembership(work, membership, after, losesOwner && organization ? ownerRule(organization) : {});
    const isShownNoMore = after.deletedAt !== null && membership.roles.includes('OWNER');
    if (organization && isShownNoMore) await showAnotherOwner(work, organization, after.id);
  }
  if (later.length > 0) {
    stores.users.noteIdentityCopiesDue(changes, before, {
      authorEmail: changes.author.email,
      authorCredentialId: changes.author.credentialId,
      requestId: work.requestId,
      ip: work.ip,
      at: work.now,
    });
  }
}

/**
 * All memberships of a user, also those that began before the user was read and after `known` was; with their
 * organizations, since whether the lists there are counted decides what is written.
 */
async function membershipsSince({ stores }: Work, { id }: User, known: readonly number[]) {
  const [found, ids] = await Promise.all([
    stores.authentication.above(id, known),
    stores.members.organizationIdsOf(id),
  ]);
  const more = await stores.authentication.above(id, [...new Set(ids).difference(new Set(known))]);
  return {
    memberships: [...found.memberships, ...more.memberships],
    organizations: [...found.organizations, ...more.organizations],
  };
}

const withIdentity = (membership: Membership, user: User): Membership => ({
  ...membership,
  identity: identityOf(user),
});

/** What is deleted needs no owner, as long as nobody restores it. */
function ownerRule({ deletedAt }: Organization): OwnerRule {
  return deletedAt === null ? { keepsOwners: true } : { isDeleted: true };
}

function copyToMembership(
  { stores, changes, now }: Pick<Work, 'stores' | 'changes' | 'now'>,
  membership: Membership,
  user: User,
  rule: OwnerRule,
): void {
  const { organizationId, userId } = membership;
  const after = { ...withIdentity(membership, user), updatedAt: now };
  stores.members.update(changes, membership, after);
  const add = memberCountersChange(membership, after);
  if (Object.keys(add).length > 0) {
    stores.organizations.change(changes, tenantWithoutCaller(organizationId), {
      add,
      ...rule,
      evenIfDeleted: true,
    });
  }
  changes.audit({
    organizationId,
    action: 'update',
    entity: 'member',
    entityId: String(userId),
    ...changedFields(audited(membership.identity), audited(after.identity)),
  });
}

/** A deleted person shows nowhere, so another owner is shown in their place. */
async function showAnotherOwner({ stores, changes }: Work, organization: Organization, userId: number): Promise<void> {
  const tenant = tenantWithoutCaller(organization.id);
  const present = { fromOwner: organization.ownerId, evenIfDeleted: true };
  if (organization.ownerId !== userId) {
    // Nobody may come to show this person, as the successor of another, at the same moment.
    stores.organizations.change(changes, tenant, { set: { ownerId: organization.ownerId }, ...present });
    return;
  }
  const others = (await stores.members.owners(tenant)).filter((owner) => owner.userId !== userId);
  const successor = longestStanding(others);
  if (!successor) return;
  stores.members.requireUnchanged(changes, successor);
  stores.organizations.change(changes, tenant, { set: { ownerId: successor.userId }, ...present });
}

function audited(identity: MemberIdentity): Record<string, unknown> {
  return {
    email: identity.email,
    first_name: identity.firstName,
    middle_name: identity.middleName,
    last_name: identity.lastName,
    suffix: identity.suffix,
    is_verified: identity.isVerified,
    is_locked: identity.isLocked,
    is_deleted: identity.isDeleted,
  };
}

/**
 * Brings the memberships that still carry an older copy of a person up to date, each in a transaction of its own, and
 * then notes that nothing is due any more. May be stopped and run again at any point; `commit` throws where something
 * has changed meanwhile, and the next run goes on.
 *
 * @param openWork Makes changes in the name of whoever asked for them, and commits what `write` adds to them.
 */
export async function finishIdentityChange(
  stores: Work['stores'],
  userId: number,
  commit: (request: IdentityRequest, write: (changes: Work['changes']) => void) => Promise<void>,
): Promise<void> {
  const due = await stores.users.identityCopiesDue(userId);
  if (!due) return;
  const { user, request } = due;
  const ids = await stores.members.organizationIdsOf(userId);
  const current = JSON.stringify(audited(identityOf(user)));
  const { memberships } = await stores.authentication.above(userId, ids);
  for (const membership of memberships) {
    if (JSON.stringify(audited(membership.identity)) === current) continue;
    await commit(request, (changes) => {
      copyToMembership({ stores, changes, now: request.at }, membership, user, {});
      stores.users.requireUnchanged(changes, user);
    });
  }
  await commit(request, (changes) => stores.users.identityCopied(changes, user));
}
