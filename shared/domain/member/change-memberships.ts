import type { Tenant } from '../access/tenant.ts';
import { changedFields } from '../audit/changed-fields.ts';
import type { Organization, OrganizationCounters } from '../organization/organization.ts';
import type { User } from '../user/user.ts';
import type { Work } from '../work.ts';
import { memberCountersChange } from './member-counters.ts';
import type { Membership } from './membership.ts';
import { requireRoomToJoin } from './require-room-to-join.ts';

/** One membership as it was read and as it is to be: somebody joins, changes or leaves. */
export type MembershipStep =
  | {
      readonly before: undefined;
      readonly after: Membership;
      readonly user: User;
      /** What is said where somebody became a member meanwhile; by default `already_member`. */
      readonly ifMember?: 'retry';
    }
  | { readonly before: Membership; readonly after: Membership | undefined };

/**
 * The one place that changes who is a member of an organization and as what: the memberships, what they count, the
 * owner who is shown, and the audit trail. Refuses with `last_owner` in the write where no active owner would be left,
 * with `already_member`, and with `limit_reached` for somebody who is a member of as many as may be; a membership that
 * has changed since it was read begins the request anew. Whether the caller may do it, and whether the organization takes
 * changes (`requireWritable`), is settled outside.
 *
 * @param organization As it was read.
 * @param steps Each about another person.
 */
export async function changeMemberships(
  work: Work,
  tenant: Tenant,
  organization: Organization,
  steps: readonly MembershipStep[],
): Promise<void> {
  const { stores, changes } = work;
  const add: Partial<Record<keyof OrganizationCounters, number>> = {};
  await requireRoomToJoin(
    work,
    steps.flatMap((step) => (step.before === undefined ? [step.user] : [])),
  );
  for (const step of steps) {
    const { before, after } = step;
    if (step.before === undefined) stores.members.add(changes, step.after, step.user, step.ifMember);
    else if (step.after === undefined) stores.members.remove(changes, step.before);
    else stores.members.update(changes, step.before, step.after);
    for (const [name, by] of Object.entries(memberCountersChange(before, after))) {
      const counter = name as keyof OrganizationCounters;
      add[counter] = (add[counter] ?? 0) + by;
    }
    changes.audit({
      organizationId: organization.id,
      action: before === undefined ? 'insert' : after === undefined ? 'delete' : 'update',
      entity: 'member',
      entityId: String((step.before ?? step.after).userId),
      ...changedFields(before && audited(before), after && audited(after)),
    });
  }
  const ownerId = await ownerAfter(work, tenant, organization, steps);
  if (ownerId === undefined && Object.values(add).every((by) => by === 0)) return;
  stores.organizations.change(changes, tenant, {
    add,
    keepsOwners: (add.activeOwners ?? 0) < 0,
    ...(ownerId === undefined ? {} : { set: { ownerId }, fromOwner: organization.ownerId }),
  });
}

/** The owner to be shown after somebody stops being one, or where the one who is shown was deleted; else undefined. */
async function ownerAfter(
  { stores, changes }: Work,
  tenant: Tenant,
  organization: Organization,
  steps: readonly MembershipStep[],
): Promise<number | undefined> {
  const leaving = new Set(steps.filter(isOwnerLost).map(({ before }) => before?.userId));
  if (leaving.size === 0) return await ownerAfterNone(stores, tenant, organization, steps);
  // Also when another owner is shown: the condition on the one who is keeps two requests from each picking the other's.
  if (!leaving.has(organization.ownerId)) return organization.ownerId;
  const successor = longestStanding((await stores.members.owners(tenant)).filter(({ userId }) => !leaving.has(userId)));
  if (successor) {
    if (!steps.some(({ before }) => before?.userId === successor.userId)) {
      stores.members.requireUnchanged(changes, successor);
    }
    return successor.userId;
  }
  return steps.find((step) => step.after?.roles.includes('OWNER'))?.after?.userId ?? organization.ownerId;
}

/** Whom to show where the last owner was deleted while the organization was, and somebody becomes one now. */
async function ownerAfterNone(
  stores: Work['stores'],
  tenant: Tenant,
  { ownerId, counters }: Organization,
  steps: readonly MembershipStep[],
): Promise<number | undefined> {
  if (counters.activeOwners > 0) return undefined;
  const owners = steps.flatMap(({ after }) => (after?.roles.includes('OWNER') ? [after] : []));
  if (owners.length === 0 || (await stores.members.get(tenant, ownerId))) return undefined;
  return longestStanding(owners)?.userId;
}

function isOwnerLost({ before, after }: MembershipStep): boolean {
  return (before?.roles.includes('OWNER') ?? false) && !(after?.roles.includes('OWNER') ?? false);
}

/** Who of several members joined first; the id breaks ties. */
export function longestStanding(members: readonly Membership[]): Membership | undefined {
  return [...members].sort((one, other) => one.joinedAt - other.joinedAt || one.userId - other.userId)[0];
}

function audited(membership: Membership): Record<string, unknown> {
  const { identity, roles, isActive, workspaces, bytesLimit } = membership;
  return { email: identity.email, roles, is_active: isActive, workspaces, bytes_limit: bytesLimit };
}
