import { type AccessEntry, noOrganization, shardsOfNoOrganization } from '../access-log/access-entry.ts';
import type { Work } from '../work.ts';

/** A sign-in, refresh or sign-out, and the request that it came with. */
export interface SessionAction {
  readonly action: 'LOGIN' | 'TOKEN_REFRESH' | 'LOGOUT';
  readonly status: AccessEntry['status'];
  readonly request: Pick<AccessEntry, 'method' | 'path'>;
  readonly email: string;
  /** Undefined where nobody has the address. */
  readonly userId: number | undefined;
  /** Of which the person is a member, where that was read already. */
  readonly organizationIds?: readonly number[];
}

/** Nobody: reading this user's organizations takes as long as reading somebody's. */
const nobody = 0;

/**
 * Writes the action into the access log of every organization that the person is a member of. Durable when it returns.
 * Where there is no such organization, or no such person, the same reads and as many writes happen, and go to
 * `noOrganization`: the time tells nobody whether an address is known.
 */
export async function logSessionAction(
  work: Work,
  { action, status, request: { method, path }, email, userId, organizationIds }: SessionAction,
): Promise<void> {
  const { members, organizations, accessLog } = work.stores;
  const ids = organizationIds ?? (await members.organizationIdsOf(userId ?? nobody));
  const found = await organizations.getMany(ids.length > 0 ? ids : [noOrganization]);
  const logs = found.length > 0 ? found : [{ id: noOrganization, logShards: shardsOfNoOrganization }];
  await accessLog.append(
    logs.map(({ id, logShards }) => ({
      entry: {
        id: work.requestId,
        organizationId: id,
        timestamp: work.now,
        user: email,
        userId: userId ?? null,
        action,
        status,
        ip: work.ip,
        method,
        path,
        requestId: work.requestId,
      },
      shards: logShards,
    })),
  );
}
