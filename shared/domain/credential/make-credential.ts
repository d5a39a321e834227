import { mayCreateOrganizations } from '../access/caller.ts';
import { type Permission, permissions, rolePermissions } from '../access/permissions.ts';
import { permissionsOf } from '../access/roles.ts';
import type { TenantScope } from '../access/tenant.ts';
import { hashSecret, secretBytesOf, writeToken } from '../access/tokens.ts';
import { DomainError, invalidField } from '../errors.ts';
import { requireWritable } from '../organization/require-writable.ts';
import { type Timestamp, toIso } from '../timestamp.ts';
import type { Work } from '../work.ts';
import type { Credential } from './credential.ts';

/** What a new API key is made of. */
export interface NewCredential {
  readonly name: string;
  /** Undefined: all that the caller may pass on, but `organization:create`. */
  readonly permissions: readonly Permission[] | undefined;
  readonly expiresAt: Timestamp | null;
}

/** The one secret of a credential in its three spellings. Shown once, stored nowhere. */
export interface CredentialSecrets {
  readonly clientId: string;
  readonly clientSecret: string;
  readonly apiKey: string;
}

/**
 * Makes an API key that acts for the caller in this organization.
 * @throws `membership_required` for a platform administrator without a role here, `forbidden` when it would hold a
 * permission that the caller lacks, `invalid_request` when it would have expired already, `limit_reached`
 */
export function makeCredential(
  work: Work,
  scope: TenantScope,
  wanted: NewCredential,
): { credential: Credential; secrets: CredentialSecrets } {
  const { stores, changes, now } = work;
  if (scope.roles.length === 0) throw new DomainError('membership_required');
  if (wanted.expiresAt !== null && wanted.expiresAt <= now) throw invalidField('expires_at', 'Must be in the future.');
  const given = wanted.permissions ?? rolePermissions.filter((permission) => grantableBy(scope).has(permission));
  requireHeld(given, grantableBy(scope));
  const secret = work.randomBytes(secretBytesOf('ak'));
  const credential: Credential = {
    id: work.newId(),
    organizationId: scope.organizationId,
    makerId: scope.caller.user.id,
    name: wanted.name,
    permissions: permissions.filter((permission) => given.includes(permission)),
    secretHash: hashSecret(secret),
    previousSecretHash: null,
    previousSecretExpiresAt: null,
    expiresAt: wanted.expiresAt,
    createdAt: now,
  };
  stores.credentials.create(changes, scope, credential);
  stores.organizations.change(changes, scope, { add: { credentials: 1 } });
  requireWritable(work, scope);
  changes.audit({
    organizationId: scope.organizationId,
    action: 'insert',
    entity: 'credential',
    entityId: String(credential.id),
    oldData: null,
    newData: auditedFields(credential),
  });
  return { credential, secrets: spellSecret(credential, secret) };
}

/** @throws `forbidden` unless all that is wanted is held: nobody passes on what they lack. */
export function requireHeld(wanted: readonly Permission[], held: ReadonlySet<Permission>): void {
  const missing = wanted.filter((permission) => !held.has(permission));
  if (missing.length > 0) {
    throw new DomainError('forbidden', { message: `You lack ${missing.join(', ')} here, which the key would hold.` });
  }
}

/** What the caller holds here. */
export function heldBy({ caller, permissions: held }: TenantScope): ReadonlySet<Permission> {
  return mayCreateOrganizations(caller) ? new Set([...held, 'organization:create']) : held;
}

/** What the caller can pass on to a key of their own: a platform administrator's powers are not among it. */
function grantableBy(scope: TenantScope): ReadonlySet<Permission> {
  if (scope.caller.kind === 'credential') return heldBy(scope);
  return new Set([...permissionsOf(scope.roles), 'organization:create']);
}

/** The spellings of a credential's secret. */
export function spellSecret({ id, organizationId, makerId }: Credential, secret: Buffer): CredentialSecrets {
  const ids = [organizationId, id, makerId];
  return {
    clientId: writeToken('id', { ids, secret: Buffer.alloc(0) }),
    clientSecret: writeToken('sk', { ids: [], secret }),
    apiKey: writeToken('ak', { ids, secret }),
  };
}

/** What the audit trail tells of a credential: nothing of its secret. */
export function auditedFields({ name, permissions: held, expiresAt }: Credential): Record<string, unknown> {
  return { name, permissions: held, expires_at: expiresAt === null ? null : toIso(expiresAt) };
}
