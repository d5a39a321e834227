import type { Caller } from '../access/caller.ts';
import type { Membership } from '../member/membership.ts';
import { ownOrganizationIds } from '../member/own-organization-ids.ts';
import type { Work } from '../work.ts';
import type { Organization } from './organization.ts';

/** An organization that somebody is a member of. */
export interface OwnOrganization {
  readonly organization: Organization;
  readonly membership: Membership;
}

/**
 * All organizations that the caller is a member of, by name, without a limit; with a credential its own organization
 * alone. Access that is only inherited is no membership.
 */
export async function listOwnOrganizations(work: Work, caller: Caller): Promise<OwnOrganization[]> {
  const ids = await ownOrganizationIds(work, caller);
  const { organizations, memberships } = await work.stores.authentication.above(caller.user.id, ids);
  const membershipOf = new Map(memberships.map((membership) => [membership.organizationId, membership]));
  return organizations
    .flatMap((organization) => {
      const membership = organization.deletedAt === null ? membershipOf.get(organization.id) : undefined;
      return membership ? [{ organization, membership }] : [];
    })
    .sort(byName);
}

const folded = (text: string) => text.normalize('NFKC').toLowerCase();

function byName({ organization: one }: OwnOrganization, { organization: other }: OwnOrganization): number {
  const [nameOfOne, nameOfOther] = [folded(one.name), folded(other.name)];
  if (nameOfOne === nameOfOther) return one.id - other.id;
  return nameOfOne < nameOfOther ? -1 : 1;
}
