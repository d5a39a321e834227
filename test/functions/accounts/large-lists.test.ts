import { afterAll, beforeAll, expect, test } from 'vitest';
import { memberOrders } from '../../../shared/data/order-keys.ts';
import type { Organization } from '../../../shared/domain/organization/organization.ts';
import { changeIdentity, type IdentityChange } from '../../../shared/domain/user/change-identity.ts';
import { runInBackground } from '../../support/all-services.ts';
import { apiUnderTest } from '../../support/api-under-test.ts';
import { addMembersInBulk } from '../../support/bulk-members.ts';
import { type CallRecorder, recordCalls } from '../../support/call-recorder.ts';
import { measurePage } from '../../support/measured-pages.ts';
import { aMember, anOrganization, signedIn, somebody } from '../../support/people-and-organizations.ts';

const { call } = await apiUnderTest();
let recorder: CallRecorder;

beforeAll(async () => {
  recorder = recordCalls();
});
afterAll(async () => {
  recorder.stop();
});

async function anOwnersOrganization(): Promise<{ organization: Organization; headers: Record<string, string> }> {
  const owner = await somebody();
  return { organization: await anOrganization(owner), headers: await signedIn(owner) };
}

test('a page is there after one round trip at the front and the back, and after two anywhere else', async () => {
  const { organization, headers } = await anOwnersOrganization();
  await addMembersInBulk(organization, 1_999, { withPeople: false });
  const size = 25;
  const last = 2_000 / size - 1;
  for (const order of memberOrders) {
    const ids = new Map<string, number[]>();
    for (const descending of [false, true]) {
      for (const [number, roundTrips] of [
        [0, 1],
        [10, 2],
        [last >> 1, 2],
        [last - 10, 2],
        [last, 1],
      ] as const) {
        const of = { organizationId: organization.id, order, descending, number, size };
        const page = await measurePage(call, recorder, headers, of);
        const name = `${order} ${descending ? 'down' : 'up'}, page ${number}`;
        expect(page.answer.status, page.answer.text).toBe(200);
        expect(page.answer.body.total_elements).toBe(2_000);
        expect(page.answer.body.content, name).toHaveLength(size);
        expect(page.roundTrips, name).toBe(roundTrips);
        expect(page.readUnits, name).toBeLessThanOrEqual(20);
        ids.set(
          `${descending} ${number}`,
          page.answer.body.content.map(({ id }: { id: number }) => id),
        );
      }
    }
    // Each page of one direction is one of the other's, turned round.
    for (const number of [0, 10, last - 10, last]) {
      expect(ids.get(`true ${number}`)).toEqual(ids.get(`false ${last - number}`)?.toReversed());
    }
  }
}, 180_000);

test('a page far behind the end is empty, in a large list and in a small one', async () => {
  const { organization, headers } = await anOwnersOrganization();
  const path = `/organizations/${organization.id}/users?page_number=40`;
  const answer = await call({ method: 'GET', path, headers });
  expect(answer.body).toMatchObject({ content: [], total_elements: 1 });
  await addMembersInBulk(organization, 300, { withPeople: false });
  expect((await call({ method: 'GET', path, headers })).body).toMatchObject({ content: [], total_elements: 301 });
}, 60_000);

test('whoever may not see the list sees nothing of what was looked up for them', async () => {
  const { organization } = await anOwnersOrganization();
  const path = `/organizations/${organization.id}/users?page_number=8`;
  const stranger = await signedIn(await somebody());
  expect((await call({ method: 'GET', path, headers: stranger })).status).toBe(404);
  const { authorization } = stranger;
  const forged = { authorization: `${authorization.slice(0, -4)}AAAA` };
  expect((await call({ method: 'GET', path, headers: forged })).status).toBe(401);
});

test('who takes another name, and who is deleted, moves in every counted list at once', async () => {
  const user = await somebody({ firstName: 'Zoe', lastName: 'Zimmer' });
  const all = [await anOwnersOrganization(), await anOwnersOrganization(), await anOwnersOrganization()];
  for (const { organization } of all) {
    await aMember(organization, user, ['VIEWER']);
    await addMembersInBulk(organization, 298, { withPeople: false });
  }
  const rename = (to: IdentityChange) =>
    runInBackground('test', async (work) => {
      const present = await work.stores.users.get(user.id);
      if (present) await changeIdentity(work, present, to);
    });
  // From the page in the middle, which is looked up: the first place there is another one afterwards.
  const middle = async ({ organization, headers }: (typeof all)[number]) => {
    const of = { organizationId: organization.id, order: 'name', descending: false, number: 5, size: 25 } as const;
    const { answer } = await measurePage(call, recorder, headers, of);
    return answer.body;
  };
  const before = await Promise.all(all.map(middle));
  await rename({ firstName: 'Aaron', lastName: 'Aalto' });
  for (const [at, each] of all.entries()) {
    const { content, total_elements } = await middle(each);
    expect(total_elements).toBe(300);
    expect(content.slice(1)).toEqual(before[at].content.slice(0, -1));
  }
  await rename({ deletedAt: Date.now() });
  for (const [at, each] of all.entries()) {
    const { content, total_elements } = await middle(each);
    expect(total_elements).toBe(299);
    expect(content).toEqual(before[at].content);
  }
}, 120_000);
