import type { AuthenticationStore } from '../domain/access/authentication-store.ts';
import type { IdempotencyKey } from '../domain/access/idempotency-key.ts';
import { credentialKey } from './credential-store.ts';
import {
  readCredential,
  readIdempotencyRecord,
  readMembership,
  readOrganization,
  readSession,
  readUser,
} from './items.ts';
import { noteListsCounted } from './list-changes.ts';
import { membershipKey } from './member-store.ts';
import { organizationKey, readLiveOrganization } from './organization-store.ts';
import { addRequests, countedRequestsOf } from './request-counts.ts';
import { sessionKey } from './session-store.ts';
import { type ItemKey, keyOf, timeToLive } from './table.ts';
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
        wanted.credentialOrganization = organizationKey(credential.organizationId);
        wanted.credentialMembership = membershipKey(credential.organizationId, userId);
      }
      if (organizationId !== undefined) {
        wanted.organization = organizationKey(organizationId);
        wanted.membership = membershipKey(organizationId, userId);
      }
      if (key) wanted.record = idempotencyKey(key);
      const names = Object.keys(wanted);
      const items = await table.get(Object.values(wanted));
      const item = (name: string) => items[names.indexOf(name)];
      const isKept = key !== undefined && Number(item('record')?.expiresAt) >= timeToLive(key.at);
      noteListsCounted(table, item('organization'));
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
        idempotencyRecord: isKept ? read('record', readIdempotencyRecord) : undefined,
        countedRequests: countedRequestsOf(item('session') ?? item('credential')),
      };
    },

    countRequests(caller, requests, known) {
      const key =
        caller.kind === 'session'
          ? sessionKey(caller.user.id, caller.session.id)
          : credentialKey(caller.credential.organizationId, caller.credential.id);
      return addRequests(table, key, requests, known);
    },

    async memberships(userId, organizationIds) {
      const items = await table.get(organizationIds.map((organization) => membershipKey(organization, userId)));
      return items.filter((item) => item !== undefined).map(readMembership);
    },

    async organizations(ids) {
      const items = await table.get(ids.map(organizationKey));
      return items.filter((item) => item !== undefined).map(readOrganization);
    },

    async above(userId, organizationIds) {
      const keys = [...organizationIds.map(organizationKey), ...organizationIds.map((id) => membershipKey(id, userId))];
      const items = await table.get(keys);
      for (const item of items.slice(0, organizationIds.length)) noteListsCounted(table, item);
      const there = (item: Record<string, unknown> | undefined) => item !== undefined;
      return {
        organizations: items.slice(0, organizationIds.length).filter(there).map(readOrganization),
        memberships: items.slice(organizationIds.length).filter(there).map(readMembership),
      };
    },
  };
}
