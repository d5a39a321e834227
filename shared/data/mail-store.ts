import type { MailStore } from '../domain/stores.ts';
import { dayMilliseconds, dayOf } from '../domain/timestamp.ts';
import { activeOrganizationItem } from './access-log-store.ts';
import { timeToLive } from './session-store.ts';
import { keyOf } from './table.ts';
import { transactionOf } from './transaction.ts';

/** How long it is kept which mails were taken: as long as the access log. */
const mailRecordLifeDays = 400;

export function mailStore(): MailStore {
  return {
    record(changes, { organizationId }, mailId, now) {
      const transaction = transactionOf(changes);
      transaction.put({
        ...keyOf('mailRecord', { organization: organizationId, day: dayOf(now), mail: mailId }),
        kind: 'mailRecord',
        takenAt: now,
        expiresAt: timeToLive(now + mailRecordLifeDays * dayMilliseconds),
      });
      transaction.put(activeOrganizationItem(organizationId, now));
    },
  };
}
