/**
 * Every way in which Tenantry says no: the closed catalogue. A code is the machine-readable word of the answer; the
 * sentence beside it is what a person reads when the place that raises it has nothing more precise to say. How a
 * code looks over HTTP is each dialect's business (`shared/dialects`).
 */
export const domainErrors = {
  // What was sent cannot be understood.
  invalid_request: 'The request is not valid.',
  payload_too_large: 'The request body is too large.',
  unsupported_media_type: 'The content type of the request is not supported here.',
  ambiguous_credentials: 'Present one credential, not several.',
  idempotency_key_reused: 'This Idempotency-Key was used with another request body.',
  precondition_failed: 'The resource has changed since the version named in If-Match.',

  // Who is asking, and whether they may.
  unauthorized: 'A valid credential is required.',
  wrong_password: 'The password is wrong.',
  forbidden: 'You do not have the permission that this takes.',
  membership_inactive: 'Your membership in this organization is deactivated.',
  membership_required: 'Only a member of the organization can do this.',
  organization_not_active: 'The organization is not active: it can be read, not changed.',
  identity_managed_elsewhere: 'The identity of this user is managed by another organization.',
  registration_closed: 'Registration is closed here.',
  too_many_attempts: 'Too many failed attempts. Try again later.',
  rate_limited: 'Too many requests. Try again later.',

  // What is not there, or must look as if it were not.
  route_not_found: 'There is no such endpoint.',
  organization_not_found: 'There is no such organization.',
  member_not_found: 'There is no such member.',
  user_not_found: 'There is no such user.',
  invitation_not_found: 'There is no such invitation.',
  credential_not_found: 'There is no such API key.',
  workspace_not_found: 'There is no such workspace.',
  invitation_gone: 'This invitation can no longer be used.',
  link_gone: 'This link can no longer be used.',

  // What the state of things forbids.
  already_member: 'This person is a member already.',
  already_made: 'This credential was made already; its secret is shown once only.',
  email_taken: 'This email address belongs to a user already.',
  domain_taken: 'This domain belongs to another organization.',
  workspace_name_taken: 'A workspace of this name exists already.',
  last_owner: 'An organization needs at least one active owner.',
  has_children: 'The organization has child organizations.',
  hierarchy_cycle: 'An organization cannot be placed below itself.',
  hierarchy_too_deep: 'A hierarchy has at most 10 levels.',
  not_deleted: 'The organization is not deleted.',
  parent_deleted: 'The parent of the organization is deleted.',
  limit_reached: 'There are as many of these already as there may be.',
  insufficient_balance: 'The balance of the wallet is not enough.',
  invitation_quota_reached: 'The organization has sent as many invitations today as it may.',
  invitation_not_pending: 'The invitation is not pending any more.',

  // What is our own fault.
  internal: 'An unexpected error occurred.',
  unavailable: 'The service is busy. Try again in a moment.',
} as const;

/** The machine-readable word of a refusal. */
export type DomainErrorCode = keyof typeof domainErrors;

/** One invalid field: a path such as `events.0.quantity`, and what is wrong with it, for a person. */
export interface FieldError {
  readonly field: string;
  readonly message: string;
}

/** What a refusal may carry beside its code. */
export interface DomainErrorDetails {
  /** A sentence for a person, in place of the catalogue's. */
  readonly message?: string;
  /** The invalid fields, for `invalid_request`. */
  readonly fields?: readonly FieldError[];
  /** When trying again makes sense, in whole seconds. */
  readonly retryAfterSeconds?: number;
  readonly cause?: unknown;
}

/** A refusal of the domain: a code of the closed catalogue and what a caller needs to understand it. */
export class DomainError extends Error {
  readonly code: DomainErrorCode;
  readonly fields: readonly FieldError[];
  readonly retryAfterSeconds: number | undefined;

  constructor(code: DomainErrorCode, details: DomainErrorDetails = {}) {
    super(details.message ?? domainErrors[code], details.cause === undefined ? undefined : { cause: details.cause });
    this.name = 'DomainError';
    this.code = code;
    this.fields = details.fields ?? [];
    this.retryAfterSeconds = details.retryAfterSeconds;
  }
}

/** An `invalid_request` about one field. */
export function invalidField(field: string, message: string): DomainError {
  return new DomainError('invalid_request', { fields: [{ field, message }] });
}
