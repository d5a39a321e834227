import type { Caller } from '../access/caller.ts';
import type { Membership } from '../member/membership.ts';
import { ownOrganizationIds } from '../member/own-organization-ids.ts';
import type { Work } from '../work.ts';
import type { Organization } from './organization.ts';

/** An organization that somebody is a member of, or that a credential belongs to, and as what. */
export interface OwnOrganization extends Pick<Membership, 'roles' | 'isActive'> {
  readonly organization: Organization;
}

/**
 * All organizations that the caller is a member of, by name, without a limit; access that is only inherited is no
 * membership. With a credential its own organization alone, also where its maker has only inherited roles there.
 */
export async function listOwnOrganizations(work: Work, caller: Caller): Promise<OwnOrganization[]> {
  const ids = await ownOrganizationIds(work, caller);
  const { organizations, memberships } = await work.stores.authentication.above(caller.user.id, ids);
  const membershipOf = new Map(memberships.map((membership) => [membership.organizationId, membership]));
  return organizations
    .filter(({ deletedAt }) => deletedAt === null)
    .flatMap((organization) => {
      const membership = membershipOf.get(organization.id);
      if (membership) return [{ organization, roles: membership.roles, isActive: membership.isActive }];
      return caller.kind === 'credential' ? [{ organization, roles: caller.makerRoles, isActive: true }] : [];
    })
    .sort(byName);
}

const folded = (text: string) => text.normalize('NFKC').toLowerCase();

function byName({ organization: one }: OwnOrganization, { organization: other }: OwnOrganization): number {
  const [nameOfOne, nameOfOther] = [folded(one.name), folded(other.name)];
  if (nameOfOne === nameOfOther) return one.id - other.id;
  return nameOfOne < nameOfOther ? -1 : 1;
}
