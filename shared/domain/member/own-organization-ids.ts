import type { Caller } from '../access/caller.ts';
import type { Work } from '../work.ts';

/** The ids of all organizations that the caller is a member of; with a credential its own alone. */
export async function ownOrganizationIds({ stores }: Work, caller: Caller): Promise<readonly number[]> {
  if (caller.kind === 'credential') return [caller.credential.organizationId];
  return caller.organizationIds ?? stores.members.organizationIdsOf(caller.user.id);
}
