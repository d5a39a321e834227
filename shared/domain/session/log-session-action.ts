import { type AccessEntry, noOrganization, shardsOfNoOrganization } from '../access-log/access-entry.ts';
import { logShardsAtFirst } from '../access-log/log-shards.ts';
import type { Work } from '../work.ts';

/** A sign-in, refresh or sign-out, and the request that it came with. */
export interface SessionAction {
  readonly action: 'LOGIN' | 'TOKEN_REFRESH' | 'LOGOUT';
  readonly status: AccessEntry['status'];
  readonly request: Pick<AccessEntry, 'method' | 'path'>;
  readonly email: string;
  /** Undefined where nobody has the address. */
  readonly userId: number | undefined;
  /** Of which the person is a member. */
  readonly organizationIds: readonly number[];
}

/**
 * Writes the action into the access log of every organization that the person is a member of, deleted ones too: they may
 * be restored. Durable when it returns. Where there is no such organization, or no such person, as many writes happen,
 * and go to `noOrganization`: the time tells nobody whether an address is known.
 *
 * The organizations are not read: each spreads its log over as many partitions at least as are written to here, and
 * few actions are about sessions.
 */
export async function logSessionAction(
  { stores, requestId, now, ip }: Work,
  { action, status, request: { method, path }, email, userId, organizationIds }: SessionAction,
): Promise<void> {
  const ids = organizationIds.length > 0 ? organizationIds : [noOrganization];
  await stores.accessLog.append(
    ids.map((organizationId) => ({
      entry: {
        id: requestId,
        organizationId,
        timestamp: now,
        user: email,
        userId: userId ?? null,
        action,
        status,
        ip,
        method,
        path,
        requestId,
      },
      shards: organizationId === noOrganization ? shardsOfNoOrganization : logShardsAtFirst,
    })),
  );
}
