import { isPlatformAdministrator } from '../access/caller.ts';
import type { TenantScope } from '../access/tenant.ts';
import { DomainError, invalidField } from '../errors.ts';
import type { Wish } from '../wish.ts';
import type { Organization, OrganizationStatus } from './organization.ts';

/**
 * What a wish makes of the status. Members move between `active` and `inactive`; into `suspended` and out of it only a
 * platform administrator does. A reason belongs to its status: it goes when another status comes without one.
 *
 * @returns what to set, and whether this is the change that an organization takes though it is not active
 * @throws `forbidden`; `organization_not_active` for any other change of an organization that is not;
 * `invalid_request` where `active` is left without a reason
 */
export function changeStatus(
  scope: TenantScope,
  { status, statusReason }: Wish<{ status: OrganizationStatus; statusReason: string }>,
): { set: Wish<Pick<Organization, 'status' | 'statusReason'>>; evenIfInactive: boolean } {
  const present = scope.organization.status;
  const isAdministrator = isPlatformAdministrator(scope.caller);
  const moves = status !== undefined && status !== present;
  if (moves && (status === 'suspended' || present === 'suspended') && !isAdministrator) {
    throw new DomainError('forbidden', { message: 'Only a platform administrator suspends, or ends a suspension.' });
  }
  const isChangeBack = moves && status === 'active';
  if (present !== 'active' && !isChangeBack && !isAdministrator) throw new DomainError('organization_not_active');
  if (moves && present === 'active' && statusReason === undefined) {
    throw invalidField('statusReason', 'A reason is required when the organization stops being active.');
  }
  if (moves) return { set: { status, statusReason: statusReason ?? null }, evenIfInactive: isChangeBack };
  return { set: { status, statusReason }, evenIfInactive: false };
}
