import { afterAll, beforeAll, expect, test } from 'vitest';
import * as followUps from '../../../functions/streams/follow-ups.ts';
import { memberOrders } from '../../../shared/data/order-keys.ts';
import type { User } from '../../../shared/domain/user/user.ts';
import { services } from '../../support/all-services.ts';
import { apiUnderTest } from '../../support/api-under-test.ts';
import { personOf, userItems } from '../../support/bulk-members.ts';
import { type CallRecorder, recordCalls } from '../../support/call-recorder.ts';
import { extentOf, isLong } from '../../support/extent.ts';
import { measurePage } from '../../support/measured-pages.ts';
import { anOrganization, signedIn, somebody } from '../../support/people-and-organizations.ts';
import { openTableStream } from '../../support/table-stream.ts';

/** How many members twenty clients add at once: a thousand in the longer run. */
const addedAtOnce = isLong ? 1_000 : extentOf({ share: 120, whole: 240 });

const { table, call } = await apiUnderTest({ withStream: true });
let recorder: CallRecorder;

beforeAll(async () => {
  recorder = recordCalls();
});
afterAll(async () => {
  recorder.stop();
});

test(`of ${addedAtOnce} members whom twenty clients add at once none is lost, and the lists are exact`, async () => {
  const owner = await somebody();
  const [organization, headers] = [await anOrganization(owner), await signedIn(owner)];
  const stream = await openTableStream(table);
  const people = Array.from({ length: addedAtOnce }, (_, at): User => personOf(organization, at, Date.now()));
  await services().table.putAll(people.flatMap(userItems));
  const waiting = [...people];
  const clients = Array.from({ length: 20 }, async () => {
    for (let user = waiting.pop(); user; user = waiting.pop()) {
      const body = { user_ids: [user.id], role: 'VIEWER', is_active: true };
      const answer = await call({ method: 'POST', path: `/organizations/${organization.id}/users`, headers, body });
      expect(answer.status, answer.text).toBe(200);
    }
  });
  let isOver = false;
  const keeping = (async () => {
    while (!isOver) {
      await stream.deliver(followUps);
      await new Promise((resolve) => setTimeout(resolve, 1_000));
    }
    return stream.deliver(followUps);
  })();
  await Promise.all(clients);
  isOver = true;
  expect(await keeping, 'records that failed').toBe(0);
  const expected = new Set([...people.map(({ id }) => id), organization.ownerId]);
  for (const order of memberOrders) {
    const listed: number[] = [];
    for (let number = 0; number * 100 <= addedAtOnce; number += 1) {
      const of = { organizationId: organization.id, order, descending: false, number, size: 100 };
      const { answer } = await measurePage(call, recorder, headers, of);
      expect(answer.body.total_elements).toBe(addedAtOnce + 1);
      listed.push(...answer.body.content.map(({ id }: { id: number }) => id));
    }
    expect(listed, order).toHaveLength(addedAtOnce + 1);
    expect(new Set(listed), order).toEqual(expected);
  }
}, 300_000);
