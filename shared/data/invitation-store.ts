import type { Tenant } from '../domain/access/tenant.ts';
import type { Changes } from '../domain/changes.ts';
import { DomainError } from '../domain/errors.ts';
import { momentOf } from '../domain/identifiers.ts';
import { type Invitation, isUnansweredStatus, listOf } from '../domain/invitation/invitation.ts';
import { invitationStep } from '../domain/invitation/invitation-steps.ts';
import type { InvitationStore } from '../domain/invitation/invitation-store.ts';
import { dayMilliseconds, dayOf, secondMilliseconds, type Timestamp } from '../domain/timestamp.ts';
import { putDueMail, settleDueMail } from './due-mail-store.ts';
import { readInvitation } from './items.ts';
import { listedInvitationKey, unansweredInvitationKey } from './order-keys.ts';
import { keyOf, timeToLive } from './table.ts';
import type { TableClient } from './table-client.ts';
import { type Rule, transactionOf } from './transaction.ts';

export const invitationKey = (organization: number, invitation: number) =>
  keyOf('invitation', { organization, invitation });
const addressKey = (organization: number, email: string) => keyOf('invitedAddress', { organization, email });

/**
 * The attributes of an invitation as stored: `expiresAt` is the table's time to live, so the invitation's own end is
 * stored under another name; `mailDue` is there only while a mail is due, which is what calls the mailer.
 */
function attributes({ expiresAt, mailDue, ...rest }: Invitation): Record<string, unknown> {
  return {
    ...rest,
    validUntil: expiresAt,
    ...(mailDue === null ? {} : { mailDue }),
    ...(isUnansweredStatus(rest.status)
      ? { joiningKey: unansweredInvitationKey(rest.status, expiresAt, rest.id) }
      : {}),
    nameKey: listedInvitationKey(listOf(rest.status), rest.id),
  };
}

const quotaKey = ({ organizationId: organization }: Tenant, now: Timestamp) =>
  keyOf('invitationQuota', { organization, day: dayOf(now) });

/** What is left of the day of `now`, in whole seconds. */
function secondsLeftOfDay(now: Timestamp): number {
  return Math.ceil((dayMilliseconds - (now % dayMilliseconds)) / secondMilliseconds);
}

export function invitationStore(table: TableClient): InvitationStore {
  async function get(organizationId: number, id: number) {
    const [item] = await table.get([invitationKey(organizationId, id)]);
    return item && readInvitation(item);
  }
  async function findByEmails({ organizationId }: Tenant, emails: readonly string[]) {
    const addresses = await table.get(emails.map((email) => addressKey(organizationId, email)));
    const ids = addresses.map((address) => address && Number(address.invitationId));
    const wanted = ids.filter((id) => id !== undefined);
    const items = await table.get(wanted.map((id) => invitationKey(organizationId, id)));
    return ids.map((id) => {
      const item = id === undefined ? undefined : items[wanted.indexOf(id)];
      return item && readInvitation(item);
    });
  }
  function countOfDay(
    changes: Changes,
    tenant: Tenant,
    now: Timestamp,
    { count, atMost, otherwise }: { count: number; atMost: number; otherwise: Rule['otherwise'] },
  ): void {
    const day = dayOf(now);
    transactionOf(changes).update(
      quotaKey(tenant, now),
      {
        add: { invited: count },
        set: { kind: 'invitationQuota', expiresAt: timeToLive(Date.parse(day) + 2 * dayMilliseconds) },
      },
      [{ field: 'invited', is: 'absentOrBelow', value: atMost - count + 1, otherwise }],
    );
  }
  /** Counts an invitation among those of the day on which it was made. */
  function countListed(changes: Changes, organization: number, id: number, add: Record<string, number>): void {
    transactionOf(changes).update(keyOf('invitationDay', { organization, day: dayOf(momentOf(id)) }), {
      set: { kind: 'invitationDay' },
      add,
    });
  }
  return {
    get: (tenant, id) => get(tenant.organizationId, id),

    async findByEmail(tenant, email) {
      const [invitation] = await findByEmails(tenant, [email]);
      return invitation;
    },

    findByEmails,

    create(changes, tenant, invitation, lapsed) {
      const transaction = transactionOf(changes);
      const { id, organizationId, createdAt } = invitation;
      putDueMail(changes, { kind: 'invitation', organizationId, id }, createdAt);
      countListed(changes, tenant.organizationId, id, { [listOf(invitation.status)]: 1 });
      transaction.put(
        { ...invitationKey(tenant.organizationId, invitation.id), kind: 'invitation', ...attributes(invitation) },
        [{ field: 'pk', is: 'absent', otherwise: 'retry' }],
      );
      transaction.put(
        { ...addressKey(tenant.organizationId, invitation.email), kind: 'invitedAddress', invitationId: invitation.id },
        lapsed
          ? [{ field: 'invitationId', is: 'equal', value: lapsed.id, otherwise: 'retry' }]
          : [{ field: 'pk', is: 'absent', otherwise: 'retry' }],
      );
    },

    move(changes, tenant, invitation, step, now, otherwise, set = {}) {
      const mail = { kind: 'invitation', organizationId: invitation.organizationId, id: invitation.id } as const;
      if (step === 'renew') putDueMail(changes, mail, now);
      if (step === 'send') settleDueMail(changes, mail);
      const { from, to, time } = invitationStep(step);
      const [left, joined] = [listOf(invitation.status), listOf(to)];
      if (left !== joined) {
        countListed(changes, tenant.organizationId, invitation.id, { [left]: -1, [joined]: 1 });
      }
      const [was, is] = [attributes(invitation), attributes({ ...invitation, ...set, status: to })];
      const names = Object.keys({ ...was, ...is });
      const differs = names.filter((name) => JSON.stringify(was[name]) !== JSON.stringify(is[name]));
      const rules: Rule[] = [
        { field: 'status', is: 'oneOf', values: from, otherwise },
        { field: 'mailNumber', is: 'equal', value: invitation.mailNumber, otherwise },
        { field: 'tokenHash', is: 'equal', value: invitation.tokenHash, otherwise },
      ];
      if (time === 'left') rules.push({ field: 'validUntil', is: 'atLeast', value: now + 1, otherwise });
      if (time === 'over') rules.push({ field: 'validUntil', is: 'atMost', value: now, otherwise });
      transactionOf(changes).update(
        invitationKey(tenant.organizationId, invitation.id),
        {
          // The status is written though it may be the same: an update has to change something.
          set: {
            ...Object.fromEntries(differs.filter((name) => name in is).map((name) => [name, is[name]])),
            status: to,
          },
          remove: differs.filter((name) => !(name in is)),
        },
        rules,
      );
    },

    release(changes, tenant, invitation) {
      transactionOf(changes).delete(addressKey(tenant.organizationId, invitation.email), [
        { field: 'invitationId', is: 'equal', value: invitation.id, otherwise: 'retry' },
      ]);
    },

    countAgainstQuota(changes, tenant, now, perDayMax) {
      const otherwise = () => new DomainError('invitation_quota_reached', { retryAfterSeconds: secondsLeftOfDay(now) });
      countOfDay(changes, tenant, now, { count: 1, atMost: perDayMax, otherwise });
    },

    async quotaLeft(tenant, now, perDayMax) {
      const [item] = await table.get([quotaKey(tenant, now)]);
      return Math.max(0, perDayMax - Number(item?.invited ?? 0));
    },

    takeFromQuota(changes, tenant, now, perDayMax, count) {
      countOfDay(changes, tenant, now, { count, atMost: perDayMax, otherwise: 'retry' });
    },
  };
}
