import { tenantWithoutCaller } from '../access/tenant.ts';
import { changedFields } from '../audit/changed-fields.ts';
import { DomainError } from '../errors.ts';
import { longestStanding } from '../member/change-memberships.ts';
import { memberCountersChange } from '../member/member-counters.ts';
import { identityOf, type MemberIdentity, type Membership } from '../member/membership.ts';
import type { Organization } from '../organization/organization.ts';
import type { OrganizationChange } from '../organization/organization-store.ts';
import type { Work } from '../work.ts';
import type { IdentityRequest } from './identity-request.ts';
import type { User } from './user.ts';

/** At most so many memberships change in the transaction of the user: each takes up to ten of its hundred actions. */
const copiesAtOnceMax = 9;

/** Under which rule an organization loses an active owner. */
type OwnerRule = Pick<OrganizationChange, 'keepsOwners' | 'isDeleted'>;

/**
 * Gives the memberships of a person who is changing their copy of who they are, in the transaction of `work`, and notes
 * on the user that the rest of them are due where there are too many for it.
 * @param before The user as read.
 * @throws `last_owner`
 */
export async function copyToMemberships(
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
