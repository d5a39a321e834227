import type { TenantScope } from '../access/tenant.ts';
import { invalidField } from '../errors.ts';
import { toOrgName } from '../identifiers.ts';
import { pathOf } from '../organization/path.ts';
import { minuteMilliseconds, type Timestamp } from '../timestamp.ts';
import { askedEmail } from '../user/user.ts';
import type { Work } from '../work.ts';
import type { AuditPage, AuditQuery } from './audit-entry.ts';

/** How far the clocks of two machines may be apart. */
const clockSkewMilliseconds = minuteMilliseconds;

/** What to look for in the audit trail. Without times: everything. */
export interface AuditSearch extends Omit<AuditQuery, 'start' | 'end' | 'admins'> {
  readonly start: Timestamp | undefined;
  readonly end: Timestamp | undefined;
  readonly admin: string | undefined;
}

/**
 * A page of what was changed in the organization and in all below it, newest first. A page can be shorter than asked
 * for, even empty, and still have a next one, where a filter finds little.
 * @throws `invalid_request` naming `start` when it is after `end`, or `org_id` when that is not here
 */
export async function readAuditTrail(work: Work, scope: TenantScope, search: AuditSearch): Promise<AuditPage> {
  const latest = work.now + clockSkewMilliseconds;
  const { start, end = latest, admin, ...rest } = search;
  if (start !== undefined && start > end) throw invalidField('start', 'Must not be after the end.');
  if (rest.organizationId !== undefined) await requireHere(work, scope, rest.organizationId);
  return work.stores.audit.trail(scope, {
    ...rest,
    start: Math.max(start ?? 0, scope.organization.createdAt - clockSkewMilliseconds),
    end: Math.min(end, latest),
    admins: admin === undefined ? undefined : [admin, askedEmail(admin)],
  });
}

/** Only of what stands here does the filter say that it exists. */
async function requireHere({ stores }: Work, scope: TenantScope, id: number): Promise<void> {
  if (id === scope.organizationId) return;
  const read = stores.organizations.getManyEvenIfDeleted;
  const [organization] = await read([id]);
  const path = organization ? await pathOf(organization, read) : [];
  if (!path.some((above) => above.id === scope.organizationId)) {
    throw invalidField('org_id', `There is no organization ${toOrgName(id)} here.`);
  }
}
