import type { TenantScope } from '../access/tenant.ts';
import { invalidField } from '../errors.ts';
import { dayMilliseconds, minuteMilliseconds, type Timestamp } from '../timestamp.ts';
import { askedEmail } from '../user/user.ts';
import type { Work } from '../work.ts';
import { type AccessLogPage, type AccessLogQuery, accessEntryLifeDays } from './access-entry.ts';

/** How far the clocks of two machines may be apart. */
const clockSkewMilliseconds = minuteMilliseconds;

/** What to look for in the access log. Without times: everything that is kept. */
export interface AccessLogSearch extends Omit<AccessLogQuery, 'start' | 'end' | 'users'> {
  readonly start: Timestamp | undefined;
  readonly end: Timestamp | undefined;
  /** An email address in any spelling, or a credential's name. */
  readonly user: string | undefined;
}

/**
 * A page of the organization's access log, newest first. A page can be shorter than asked for, even empty, and still
 * have a next one, where a filter finds little.
 * @throws `invalid_request` naming `start` when it is after `end`
 */
export async function readAccessLog(
  { stores, now }: Work,
  scope: TenantScope,
  search: AccessLogSearch,
): Promise<AccessLogPage> {
  const { start, end = now + clockSkewMilliseconds, user, ...rest } = search;
  if (start !== undefined && start > end) throw invalidField('start', 'Must not be after the end.');
  const kept = now - accessEntryLifeDays * dayMilliseconds;
  const born = scope.organization.createdAt - clockSkewMilliseconds;
  return stores.accessLog.list(scope, scope.organization.logShards, {
    ...rest,
    start: Math.max(start ?? 0, kept, born),
    end: Math.min(end, now + clockSkewMilliseconds),
    users: user === undefined ? undefined : [user, askedEmail(user)],
  });
}
