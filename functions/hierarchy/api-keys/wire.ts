import * as z from 'zod/mini';
import { permissions } from '../../../shared/domain/access/permissions.ts';
import type { Credential } from '../../../shared/domain/credential/credential.ts';
import type { CredentialSecrets } from '../../../shared/domain/credential/make-credential.ts';
import { type Timestamp, toIso } from '../../../shared/domain/timestamp.ts';
import { identifier } from '../../../shared/http/fields.ts';

/** The path of one API key. */
export const ApiKeyPath = z.object({ key_id: identifier('credential') });

/** An API key, without anything secret. `last_used_at` is precise to the hour. */
export const ApiKey = z.object({
  id: z.string(),
  name: z.string(),
  permissions: z.array(z.enum(permissions)),
  created_at: z.iso.datetime(),
  expires_at: z.nullable(z.iso.datetime()),
  last_used_at: z.nullable(z.iso.datetime()),
});

/** An API key with its secret, in the three spellings that are shown once. */
export const MadeApiKey = z.extend(ApiKey, {
  client_id: z.string(),
  client_secret: z.string(),
  api_key: z.string(),
});

export function toApiKey(credential: Credential, lastUsedAt: Timestamp | null): z.output<typeof ApiKey> {
  return {
    id: String(credential.id),
    name: credential.name,
    permissions: [...credential.permissions],
    created_at: toIso(credential.createdAt),
    expires_at: isoOrNull(credential.expiresAt),
    last_used_at: isoOrNull(lastUsedAt),
  };
}

export function toMadeApiKey(
  credential: Credential,
  lastUsedAt: Timestamp | null,
  { clientId, clientSecret, apiKey }: CredentialSecrets,
): z.output<typeof MadeApiKey> {
  return {
    ...toApiKey(credential, lastUsedAt),
    client_id: clientId,
    client_secret: clientSecret,
    api_key: apiKey,
  };
}

const isoOrNull = (moment: Timestamp | null) => (moment === null ? null : toIso(moment));
