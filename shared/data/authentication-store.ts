import type { AuthenticationStore, IdempotencyKey } from '../domain/stores.ts';
import { credentialKey } from './credential-store.ts';
import { readCredential, readIdempotencyRecord, readMembership, readSession, readUser } from './items.ts';
import { membershipKey } from './member-store.ts';
import { readLiveOrganization } from './organization-store.ts';
import { sessionKey } from './session-store.ts';
import { type ItemKey, keyOf } from './table.ts';
import type { TableClient } from './table-client.ts';

export const idempotencyKey = ({ owner, endpoint, keyHash }: IdempotencyKey) =>
  keyOf('idempotencyRecord', { owner, endpoint, key: keyHash });

export function authenticationStore(table: TableClient): AuthenticationStore {
  return {
    async load({ userId, sessionId, credential, organizationId, idempotencyKey: key }) {
      const wanted: Record<string, ItemKey> = { user: keyOf('user', { user: userId }) };
      if (sessionId !== undefined) wanted.session = sessionKey(userId, sessionId);
      if (credential) {
        wanted.credential = credentialKey(credential.organizationId, credential.id);
        wanted.credentialOrganization = keyOf('organization', { organization: credential.organizationId });
        wanted.credentialMembership = membershipKey(credential.organizationId, userId);
      }
      if (organizationId !== undefined) {
        wanted.organization = keyOf('organization', { organization: organizationId });
        wanted.membership = membershipKey(organizationId, userId);
      }
      if (key) wanted.record = idempotencyKey(key);
      const names = Object.keys(wanted);
      const items = await table.get(Object.values(wanted));
      const item = (name: string) => items[names.indexOf(name)];
      const read = <Thing>(name: string, reader: (item: unknown) => Thing): Thing | undefined => {
        const found = item(name);
        return found && reader(found);
      };
      return {
        user: read('user', readUser),
        session: read('session', readSession),
        credential: read('credential', readCredential),
        credentialOrganization: readLiveOrganization(item('credentialOrganization')),
        credentialMembership: read('credentialMembership', readMembership),
        organization: readLiveOrganization(item('organization')),
        membership: read('membership', readMembership),
        idempotencyRecord: read('record', readIdempotencyRecord),
      };
    },

    async memberships(userId, organizationIds) {
      const items = await table.get(organizationIds.map((organization) => membershipKey(organization, userId)));
      return items.filter((item) => item !== undefined).map(readMembership);
    },
  };
}
