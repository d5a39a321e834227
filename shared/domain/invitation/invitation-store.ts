import type { Tenant } from '../access/tenant.ts';
import type { Changes } from '../changes.ts';
import type { DomainErrorCode } from '../errors.ts';
import type { Timestamp } from '../timestamp.ts';
import type { Invitation } from './invitation.ts';
import type { InvitationStep } from './invitation-steps.ts';

export interface InvitationStore {
  get(tenant: Tenant, id: number): Promise<Invitation | undefined>;
  /** The invitation that holds an address: it is open, or its time ran out and nobody has invited anew since. */
  findByEmail(tenant: Tenant, email: string): Promise<Invitation | undefined>;
  /** The same for many, in their order. */
  findByEmails(tenant: Tenant, emails: readonly string[]): Promise<(Invitation | undefined)[]>;
  /**
   * A new invitation with a claim on its address; in the place of `lapsed` where that one held it. Another holder begins
   * the request anew.
   */
  create(changes: Changes, tenant: Tenant, invitation: Invitation, lapsed?: Invitation): void;
  /**
   * Takes a step (`invitationSteps`) with an invitation as it was read: one whose state, mail or token have changed
   * since is refused with `otherwise`. `set` is what changes beside the status.
   */
  move(
    changes: Changes,
    tenant: Tenant,
    invitation: Invitation,
    step: InvitationStep,
    now: Timestamp,
    otherwise: DomainErrorCode | 'retry',
    set?: Partial<Omit<Invitation, 'id' | 'organizationId' | 'email' | 'status'>>,
  ): void;
  /** Frees the address for another invitation. */
  release(changes: Changes, tenant: Tenant, invitation: Invitation): void;
  /** Counts an invitation of the day of `now`; `invitation_quota_reached` above the limit. */
  countAgainstQuota(changes: Changes, tenant: Tenant, now: Timestamp, perDayMax: number): void;
  /** How many of the day of `now` are left. */
  quotaLeft(tenant: Tenant, now: Timestamp, perDayMax: number): Promise<number>;
  /** Counts as many as were left a moment ago, or fewer; where they are not left any more, begins anew. */
  takeFromQuota(changes: Changes, tenant: Tenant, now: Timestamp, perDayMax: number, count: number): void;
}
