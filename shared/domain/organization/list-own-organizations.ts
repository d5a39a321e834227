import type { Caller } from '../access/caller.ts';
import { inParallel } from '../in-parallel.ts';
import type { Membership } from '../member/membership.ts';
import { ownOrganizationIds } from '../member/own-organization-ids.ts';
import type { Work } from '../work.ts';
import type { Organization } from './organization.ts';

/** How many organizations are read at a time, each with its membership, and how often side by side. */
const readSize = 50;
const readsAtOnce = 4;

/** An organization that somebody is a member of, or that a credential belongs to, and as what. */
export interface OwnOrganization extends Pick<Membership, 'roles' | 'isActive'> {
  readonly organization: OrganizationLine;
}

/** What a list tells of an organization. */
export type OrganizationLine = Pick<Organization, 'id' | 'name' | 'status' | 'parentId' | 'createdAt'>;

/**
 * All organizations that the caller is a member of, by name; access that is only inherited is no membership. With a
 * credential its own organization alone, also where its maker has only inherited roles there.
 */
export async function listOwnOrganizations(work: Work, caller: Caller): Promise<OwnOrganization[]> {
  const ids = await ownOrganizationIds(work, caller);
  const parts: OwnOrganization[][] = [];
  const starts = Array.from({ length: Math.ceil(ids.length / readSize) }, (_, at) => at * readSize);
  await inParallel(starts, readsAtOnce, async (from) => {
    parts.push(await readOwn(work, caller, ids.slice(from, from + readSize)));
  });
  return parts.flat().sort(byName);
}

/** Of each no more than its line is kept: all customizations of thousands are more than a function's memory. */
async function readOwn(work: Work, caller: Caller, ids: readonly number[]): Promise<OwnOrganization[]> {
  const { organizations, memberships } = await work.stores.authentication.above(caller.user.id, ids);
  const membershipOf = new Map(memberships.map((membership) => [membership.organizationId, membership]));
  return organizations
    .filter(({ deletedAt }) => deletedAt === null)
    .flatMap(({ id, name, status, parentId, createdAt }) => {
      const organization = { id, name, status, parentId, createdAt };
      const membership = membershipOf.get(id);
      if (membership) return [{ organization, roles: membership.roles, isActive: membership.isActive }];
      return caller.kind === 'credential' ? [{ organization, roles: caller.makerRoles, isActive: true }] : [];
    });
}

const folded = (text: string) => text.normalize('NFKC').toLowerCase();

function byName({ organization: one }: OwnOrganization, { organization: other }: OwnOrganization): number {
  const [nameOfOne, nameOfOther] = [folded(one.name), folded(other.name)];
  if (nameOfOne === nameOfOther) return one.id - other.id;
  return nameOfOne < nameOfOther ? -1 : 1;
}
