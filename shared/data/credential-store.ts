import type { CredentialStore } from '../domain/credential/credential-store.ts';
import type { Timestamp } from '../domain/timestamp.ts';
import { credentialAttributes, readCredential } from './items.ts';
import { keyOf, partitionOf, sortKeyPrefixOf } from './table.ts';
import type { TableClient } from './table-client.ts';
import { transactionOf } from './transaction.ts';

export const credentialKey = (organization: number, credential: number) =>
  keyOf('credential', { organization, credential });

export function credentialStore(table: TableClient): CredentialStore {
  return {
    async get(tenant, id) {
      const [item] = await table.get([credentialKey(tenant.organizationId, id)]);
      return item && readCredential(item);
    },

    async lastUsedAt({ organizationId }, id) {
      const [item] = await table.get([keyOf('credentialUse', { organization: organizationId, credential: id })]);
      return item ? Number(item.lastUsedAt) : null;
    },

    async list(tenant) {
      const credentials = [];
      const uses = new Map<number, Timestamp>();
      for await (const item of table.queryAll({
        partition: partitionOf('credential', { organization: tenant.organizationId }),
        beginsWith: sortKeyPrefixOf('credential'),
      })) {
        if (item.kind === 'credentialUse') uses.set(Number(item.credentialId), Number(item.lastUsedAt));
        else credentials.push(readCredential(item));
      }
      return credentials.map((credential) => ({ credential, lastUsedAt: uses.get(credential.id) ?? null }));
    },

    create(changes, tenant, credential) {
      transactionOf(changes).put(
        { ...credentialKey(tenant.organizationId, credential.id), ...credentialAttributes(credential) },
        [{ field: 'pk', is: 'absent', otherwise: 'retry' }],
      );
    },

    rotate(changes, tenant, before, { secretHash, previousSecretHash, previousSecretExpiresAt }) {
      transactionOf(changes).update(
        credentialKey(tenant.organizationId, before.id),
        { set: { secretHash, previousSecretHash, previousSecretExpiresAt } },
        [{ field: 'secretHash', is: 'equal', value: before.secretHash, otherwise: 'retry' }],
      );
    },

    delete(changes, tenant, id) {
      const transaction = transactionOf(changes);
      transaction.delete(credentialKey(tenant.organizationId, id), [
        { field: 'pk', is: 'present', otherwise: 'credential_not_found' },
      ]);
      transaction.delete(keyOf('credentialUse', { organization: tenant.organizationId, credential: id }));
    },
  };
}
