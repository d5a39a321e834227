import type { Credential } from '../credential/credential.ts';
import type { Membership } from '../member/membership.ts';
import type { Organization } from '../organization/organization.ts';
import type { Session } from '../session/session.ts';
import type { User } from '../user/user.ts';
import type { Caller } from './caller.ts';
import type { IdempotencyKey, IdempotencyRecord } from './idempotency-key.ts';
import type { CountedRequests } from './rate-limits.ts';

/** Which items one authentication needs; all of them come in a single read. */
export interface AuthenticationQuestion {
  readonly userId: number;
  readonly sessionId?: number;
  readonly credential?: { readonly organizationId: number; readonly id: number };
  /** The organization that the request names. */
  readonly organizationId?: number | undefined;
  readonly idempotencyKey?: IdempotencyKey | undefined;
}

export interface AuthenticationAnswer {
  readonly user: User | undefined;
  readonly session: Session | undefined;
  readonly credential: Credential | undefined;
  /** The organization that the credential belongs to. */
  readonly credentialOrganization: Organization | undefined;
  readonly credentialMembership: Membership | undefined;
  readonly organization: Organization | undefined;
  readonly membership: Membership | undefined;
  readonly idempotencyRecord: IdempotencyRecord | undefined;
  /** How often the session or the credential has called, as far as it was told. */
  readonly countedRequests: CountedRequests | undefined;
}

export interface AuthenticationStore {
  load(question: AuthenticationQuestion): Promise<AuthenticationAnswer>;
  /** Adds requests to those that are counted of the caller's session or credential. @param known as it was read */
  countRequests(caller: Caller, requests: CountedRequests, known: CountedRequests | undefined): Promise<void>;
  /** The memberships of one user in these organizations, without those that do not exist. */
  memberships(userId: number, organizationIds: readonly number[]): Promise<Membership[]>;
  /** These organizations, deleted ones too, without those that do not exist. */
  organizations(ids: readonly number[]): Promise<Organization[]>;
  /** Both in one read. */
  above(
    userId: number,
    organizationIds: readonly number[],
  ): Promise<{ organizations: Organization[]; memberships: Membership[] }>;
}
