import type { Invitation } from '../domain/invitation/invitation.ts';
import type { InvitationStore } from '../domain/stores.ts';
import { dayMilliseconds } from '../domain/timestamp.ts';
import { readInvitation } from './items.ts';
import { timeToLive } from './session-store.ts';
import { keyOf } from './table.ts';
import type { TableClient } from './table-client.ts';
import { transactionOf } from './transaction.ts';

const invitationKey = (organization: number, invitation: number) => keyOf('invitation', { organization, invitation });
const addressKey = (organization: number, email: string) => keyOf('invitedAddress', { organization, email });

/** `expiresAt` is the table's time to live, so the invitation's own end is stored under another name. */
function stored<Fields extends Partial<Invitation>>({
  expiresAt,
  mailDue,
  ...fields
}: Fields): Record<string, unknown> {
  return {
    ...fields,
    ...(expiresAt === undefined ? {} : { validUntil: expiresAt }),
    ...(mailDue === undefined || mailDue === null ? {} : { mailDue }),
  };
}

export function invitationStore(table: TableClient): InvitationStore {
  async function get(organizationId: number, id: number) {
    const [item] = await table.get([invitationKey(organizationId, id)]);
    return item && readInvitation(item);
  }
  return {
    get: (tenant, id) => get(tenant.organizationId, id),

    async findByEmail(tenant, email) {
      const [address] = await table.get([addressKey(tenant.organizationId, email)]);
      return address && get(tenant.organizationId, Number(address.invitationId));
    },

    create(changes, tenant, invitation) {
      const transaction = transactionOf(changes);
      transaction.put(
        { ...invitationKey(tenant.organizationId, invitation.id), kind: 'invitation', ...stored(invitation) },
        [{ field: 'pk', is: 'absent', otherwise: 'retry' }],
      );
      transaction.put(
        { ...addressKey(tenant.organizationId, invitation.email), kind: 'invitedAddress', invitationId: invitation.id },
        [{ field: 'pk', is: 'absent', otherwise: 'retry' }],
      );
    },

    change(changes, tenant, invitation, set, otherwise, from) {
      transactionOf(changes).update(
        invitationKey(tenant.organizationId, invitation.id),
        { set: stored(set), remove: set.mailDue === null ? ['mailDue'] : [] },
        [
          { field: 'status', is: 'oneOf', values: from ?? [invitation.status], otherwise },
          { field: 'mailNumber', is: 'equal', value: invitation.mailNumber, otherwise },
          { field: 'tokenHash', is: 'equal', value: invitation.tokenHash, otherwise },
        ],
      );
    },

    release(changes, tenant, invitation) {
      transactionOf(changes).delete(addressKey(tenant.organizationId, invitation.email), [
        { field: 'invitationId', is: 'equal', value: invitation.id, otherwise: 'retry' },
      ]);
    },

    countAgainstQuota(changes, tenant, day, perDayMax) {
      transactionOf(changes).update(
        keyOf('invitationQuota', { organization: tenant.organizationId, day }),
        {
          add: { invited: 1 },
          set: { kind: 'invitationQuota', expiresAt: timeToLive(Date.parse(day) + 2 * dayMilliseconds) },
        },
        [{ field: 'invited', is: 'absentOrBelow', value: perDayMax, otherwise: 'invitation_quota_reached' }],
      );
    },
  };
}
