import type { OrganizationCounters } from '../organization/organization.ts';
import type { Membership } from './membership.ts';

/** The counters of an organization that its memberships make. */
type MemberCounters = Omit<OrganizationCounters, 'openInvitations' | 'workspaces' | 'credentials' | 'children'>;

const nothing: MemberCounters = {
  members: 0,
  activeMembers: 0,
  verifiedMembers: 0,
  lockedMembers: 0,
  activeOwners: 0,
  bytesUsed: 0,
  bytesLimit: 0,
  unlimitedMembers: 0,
};

/** What one membership adds to the counters of its organization. That of a deleted person adds nothing. */
export function countersOf(membership: Membership | undefined): MemberCounters {
  if (!membership || membership.identity.isDeleted) return nothing;
  const { identity, isActive, roles, bytesLimit, bytesUsed } = membership;
  const canAct = isActive && !identity.isLocked;
  return {
    members: 1,
    activeMembers: canAct ? 1 : 0,
    verifiedMembers: identity.isVerified ? 1 : 0,
    lockedMembers: identity.isLocked ? 1 : 0,
    activeOwners: canAct && roles.includes('OWNER') ? 1 : 0,
    bytesUsed,
    bytesLimit: bytesLimit ?? 0,
    unlimitedMembers: bytesLimit === null ? 1 : 0,
  };
}

/** What has to be added to the counters when a membership changes; undefined stands for none. Empty if nothing has. */
export function memberCountersChange(
  before: Membership | undefined,
  after: Membership | undefined,
): Partial<Record<keyof OrganizationCounters, number>> {
  const [was, is] = [countersOf(before), countersOf(after)];
  const names = Object.keys(nothing) as (keyof MemberCounters)[];
  return Object.fromEntries(names.filter((name) => is[name] !== was[name]).map((name) => [name, is[name] - was[name]]));
}
