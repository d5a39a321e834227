import type { AttemptStore } from '../domain/attempts/attempt-store.ts';
import { secondMilliseconds } from '../domain/timestamp.ts';
import { keyOf, timeToLive } from './table.ts';
import type { TableClient } from './table-client.ts';

const attemptsKey = (subject: string) => keyOf('attempts', { subject });

/**
 * One item for each address, known or not: how many attempts of the present window were begun and how many failed.
 * Beginning one is a conditional write, so twenty at once are still counted one by one.
 */
export function attemptStore(table: TableClient): AttemptStore {
  return {
    async reserve(subject, now, { failuresMax, windowMilliseconds }) {
      const opened = {
        kind: 'attempts',
        begun: 1,
        failed: 0,
        windowEndsAt: now + windowMilliseconds,
        expiresAt: timeToLive(now + windowMilliseconds),
      };
      // Most often no window is open, and the first attempt opens one.
      const isReserved =
        (await table.updateIf(attemptsKey(subject), { set: opened }, [
          { field: 'windowEndsAt', is: 'absentOrBelow', value: now, otherwise: 'retry' },
        ])) ||
        (await table.updateIf(attemptsKey(subject), { add: { begun: 1 } }, [
          { field: 'windowEndsAt', is: 'atLeast', value: now, otherwise: 'retry' },
          { field: 'begun', is: 'below', value: failuresMax, otherwise: 'retry' },
        ]));
      if (isReserved) return { outcome: 'reserved' };
      const [item] = await table.get([attemptsKey(subject)]);
      if (!item || Number(item.failed) < failuresMax) return { outcome: 'busy' };
      const wait = Math.max(0, Number(item.windowEndsAt) - now);
      return { outcome: 'exhausted', retryAfterSeconds: Math.max(1, Math.ceil(wait / secondMilliseconds)) };
    },

    async noteFailure(subject) {
      await table.update(attemptsKey(subject), { add: { failed: 1 } });
    },

    async reset(subject) {
      // Where nothing is counted it stays so: an item that is made here would have no end.
      await table.updateIf(attemptsKey(subject), { set: { begun: 0, failed: 0, windowEndsAt: 0 } }, [
        { field: 'pk', is: 'present', otherwise: 'retry' },
      ]);
    },
  };
}
