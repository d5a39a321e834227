import type { TenantScope } from '../access/tenant.ts';
import { hashSecret, secretBytesOf } from '../access/tokens.ts';
import { DomainError } from '../errors.ts';
import { requireWritable } from '../organization/require-writable.ts';
import { secondMilliseconds, toIso } from '../timestamp.ts';
import type { Work } from '../work.ts';
import type { Credential } from './credential.ts';
import { type CredentialSecrets, heldBy, requireHeld, spellSecret } from './make-credential.ts';

/** An overlap lasts a day at most. */
export const overlapSecondsMax = 86_400;

/**
 * Gives an API key another secret. The one that it had works for `overlapSeconds` more; one that was replaced before
 * is dead. Whoever it acts for, its permissions and its expiry stay.
 * @throws `credential_not_found`; `forbidden` where the key holds a permission that the caller lacks
 */
export async function rotateCredential(
  work: Work,
  scope: TenantScope,
  { id, overlapSeconds }: { readonly id: number; readonly overlapSeconds: number },
): Promise<{ credential: Credential; secrets: CredentialSecrets }> {
  const { stores, changes, now } = work;
  const before = await stores.credentials.get(scope, id);
  if (!before) throw new DomainError('credential_not_found');
  requireHeld(before.permissions, heldBy(scope));
  const secret = work.randomBytes(secretBytesOf('ak'));
  const overlaps = overlapSeconds > 0;
  const credential: Credential = {
    ...before,
    secretHash: hashSecret(secret),
    previousSecretHash: overlaps ? before.secretHash : null,
    previousSecretExpiresAt: overlaps ? now + overlapSeconds * secondMilliseconds : null,
  };
  stores.credentials.rotate(changes, scope, before, credential);
  requireWritable(work, scope);
  changes.audit({
    organizationId: scope.organizationId,
    action: 'update',
    entity: 'credential',
    entityId: String(id),
    oldData: {},
    newData: { rotated_at: toIso(now), overlap_seconds: overlapSeconds },
  });
  return { credential, secrets: spellSecret(credential, secret) };
}
