import type { Tenant } from '../access/tenant.ts';
import type { Changes } from '../changes.ts';
import type { Timestamp } from '../timestamp.ts';
import type { Credential } from './credential.ts';

export interface CredentialStore {
  /** Newest last, with the hour of the last use. */
  list(tenant: Tenant): Promise<{ credential: Credential; lastUsedAt: Timestamp | null }[]>;
  create(changes: Changes, tenant: Tenant, credential: Credential): void;
  /** Replaces the secrets of a credential as read; one that was changed or deleted meanwhile begins the request anew. */
  rotate(changes: Changes, tenant: Tenant, before: Credential, after: Credential): void;
  /** `credential_not_found` where there is none. */
  delete(changes: Changes, tenant: Tenant, id: number): void;
  get(tenant: Tenant, id: number): Promise<Credential | undefined>;
  /** The hour of the last use. */
  lastUsedAt(tenant: Tenant, id: number): Promise<Timestamp | null>;
}
