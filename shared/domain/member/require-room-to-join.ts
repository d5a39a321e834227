import { DomainError } from '../errors.ts';
import { hasRoomUncounted, organizationsMax, type User } from '../user/user.ts';
import type { Work } from '../work.ts';

/**
 * Counts the organizations of those who may be members of as many as anybody may be. That nobody joins another
 * meanwhile is a rule of the write.
 * @throws `limit_reached` naming them
 */
export async function requireRoomToJoin({ stores }: Work, users: readonly User[]): Promise<void> {
  const full = await Promise.all(
    users
      .filter((user) => !hasRoomUncounted(user))
      .map(async ({ id }) => ((await stores.members.organizationIdsOf(id)).length < organizationsMax ? [] : [id])),
  );
  const ids = full.flat();
  if (ids.length === 0) return;
  const message = `A person can be a member of at most 10,000 organizations. There is no room for: ${ids.join(', ')}.`;
  throw new DomainError('limit_reached', { message });
}
