import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { handler as rollup } from '../../functions/jobs/consumption-rollup.ts';
import * as followUps from '../../functions/streams/follow-ups.ts';
import * as mailer from '../../functions/streams/mailer.ts';
import { tenantWithoutCaller } from '../../shared/domain/access/tenant.ts';
import { rollupShards } from '../../shared/domain/consumption/rollup-lists.ts';
import type { Organization } from '../../shared/domain/organization/organization.ts';
import { changeIdentity } from '../../shared/domain/user/change-identity.ts';
import type { User } from '../../shared/domain/user/user.ts';
import { runInBackground, services } from '../support/all-services.ts';
import { faultyApiUnderTest } from '../support/api-under-test.ts';
import { auditTrailOf } from '../support/audit-trail.ts';
import { extentOf, isLong } from '../support/extent.ts';
import { disturbs, passingFaults } from '../support/faulty-engine.ts';
import { anInvitation } from '../support/invitations.ts';
import { type MailInbox, openMailInbox, tokenIn } from '../support/mail-inbox.ts';
import { aMember, anOrganization, signedIn, somebody } from '../support/people-and-organizations.ts';
import { storedItems } from '../support/stored-items.ts';
import { type ConsumerModule, openTableStream, type TableStream } from '../support/table-stream.ts';
import { watched } from '../support/watched-mailer.ts';

/**
 * What follows from a request meets throttles, faults of the service, lost answers and cut connections: once with each
 * call, where the client tries again, and for longer than it tries, where the function fails and is run again. In the end
 * each effect is there once.
 */

/** With which of the faults it begins: with each in the longer run. */
const turns = isLong ? [...passingFaults.keys()] : [1];
/** Who is disturbed for longer has been disturbed with each try before. */
const ways = extentOf({ share: [true], whole: [false, true] });
const cases = ways.flatMap((isLonger) =>
  turns.map((first) => ({
    how: isLonger ? 'for longer than the client tries' : 'once with each call',
    first,
    isLonger,
  })),
);

const { table, engine, call } = await faultyApiUnderTest({ withStream: true });
let inbox: MailInbox;
let owner: User;
let headers: Record<string, string>;
beforeAll(async () => {
  inbox = await openMailInbox();
  owner = await somebody();
  headers = await signedIn(owner);
});
afterEach(works);
afterAll(async () => {
  await inbox?.stop();
});

function works(): void {
  engine.decide = () => undefined;
}

/** Does it until it does not fail any more. Answers how often it has failed. */
async function untilDone(work: () => Promise<unknown>): Promise<number> {
  for (let failures = 0; failures < 20; failures += 1) {
    const [{ status }] = await Promise.allSettled([work()]);
    if (status === 'fulfilled') return failures;
  }
  throw new Error('It never comes to its end.');
}

/** As Lambda does: the records again, until none has failed; then those that follow from them. */
async function deliver(consumer: ConsumerModule, stream: TableStream): Promise<number> {
  let failures = 0;
  for (let records = await stream.next(consumer); records.length > 0; records = await stream.next(consumer)) {
    const of = { Records: records };
    failures += await untilDone(async () => {
      const { batchItemFailures } = await consumer.handler(of);
      if (batchItemFailures.length > 0) throw new Error(`${batchItemFailures.length} records have failed.`);
    });
  }
  return failures;
}

const send = async (method: string, path: string, body?: unknown) => {
  const answer = await call({ method, path, headers, ...(body === undefined ? {} : { body }) });
  expect(answer.status, answer.text).toBeLessThan(300);
  return answer.body;
};

describe.each(cases)('disturbed $how, from fault $first on,', ({ first, isLonger }) => {
  /** The client tries four times. */
  const disturb = () => disturbs(engine, { first, ofEachOperation: isLonger ? 5 : undefined });

  test('the mailer sends one mail a run, none that is not due, one token works, and the mail counts once', async () => {
    const organization = await anOrganization(owner);
    const stream = await openTableStream(table);
    const due = { status: 'pending', mailDue: 1, tokenHash: null, sentAt: null } as const;
    const email = `invited-${organization.id}@example.com`;
    const { invitation } = await anInvitation(organization, email, ['VIEWER'], due);
    const watchedMailer = watched(mailer, table, inbox, invitation);
    disturb();
    const failures = await deliver(watchedMailer, stream);
    works();
    expect(failures > 0).toBe(isLonger);
    const mails = await inbox.mailsTo(email);
    for (const { sent, wasDue } of watchedMailer.runs) expect(sent).toBeLessThanOrEqual(wasDue ? 1 : 0);
    const statuses = await Promise.all(
      mails.map(
        async (mail) => (await call({ method: 'GET', path: `/api/organizations/invite/${tokenIn(mail)}` })).status,
      ),
    );
    expect(statuses.toSorted()).toEqual([200, ...statuses.slice(1).map(() => 410)]);
    expect((await send('GET', `/api/organizations/${organization.id}/invitations`)).data).toMatchObject([
      { email, status: 'sent' },
    ]);
    const items = await storedItems();
    expect(items.filter(({ kind }) => kind === 'dueMail')).toEqual([]);
    const counted = items.filter(({ kind, pk }) => kind === 'mailRecord' && String(pk).includes(`${organization.id}`));
    expect(counted).toHaveLength(1);
  }, 120_000);

  test('the follow-ups show a change above, carry a name and finish a deletion, each once', async () => {
    const root = await anOrganization(owner);
    const child = await anOrganization(owner, { parent: root });
    const top = await anOrganization(owner, { parent: root });
    const below = await anOrganization(owner, { parent: top });
    // More memberships than the transaction of a change of name takes.
    const person = await somebody();
    const memberOf: Organization[] = [];
    for (let at = 0; at < 13; at += 1) {
      const organization = await anOrganization(owner);
      await aMember(organization, person, ['VIEWER']);
      memberOf.push(organization);
    }
    const stream = await openTableStream(table);
    await send('PATCH', `/orgs/${child.id}`, { name: 'Renamed' });
    await send('DELETE', `/orgs/${top.id}?cascade=true`);
    const [present = person] = await services().stores.users.getMany([person.id]);
    await runInBackground('test', (work) => changeIdentity(work, present, { firstName: 'Zoe' }));
    disturb();
    await deliver(followUps, stream);
    works();

    const shown = await send('GET', `/orgs/${root.id}/children_audit?limit=1000`);
    const of = (organization: Organization) =>
      shown
        .filter(({ org_id: id }: { org_id: string }) => id === `org-${organization.id}`)
        .map(({ entity, action }: { entity: string; action: string }) => `${entity} ${action}`);
    expect(of(child)).toEqual(['organization update']);
    for (const deleted of [top, below]) {
      expect(of(deleted)).toEqual(['organization delete']);
      expect((await call({ method: 'GET', path: `/orgs/${deleted.id}`, headers })).status).toBe(404);
    }
    for (const organization of memberOf) {
      const membership = await services().stores.members.get(tenantWithoutCaller(organization.id), person.id);
      expect(membership?.identity.firstName).toBe('Zoe');
      expect(await auditTrailOf(organization)).toMatchObject([
        { entity: 'member', action: 'update', newData: { first_name: 'Zoe' } },
      ]);
    }
    const items = await storedItems();
    expect(items.filter((item) => item.kind === 'unfinishedDeletion' || item.copiesDue !== undefined)).toEqual([]);
  }, 120_000);

  test('the rollup counts everything once', async () => {
    const organization = await anOrganization(owner);
    const part = { part: organization.id % rollupShards, parts: rollupShards };
    const stream = await openTableStream(table);
    await anInvitation(organization, `counted-${organization.id}@example.com`, ['VIEWER'], {
      status: 'pending',
      mailDue: 1,
    });
    await deliver(mailer, stream);
    const event = { meter: 'sms_points', timestamp: new Date().toISOString() };
    await send('POST', `/orgs/${organization.id}/usage_events`, {
      events: [3, 4].map((quantity) => ({ ...event, id: `event-${quantity}`, quantity })),
    });
    for (let at = 0; at < 3; at += 1) await send('GET', `/orgs/${organization.id}`);
    disturb();
    const failures = await untilDone(() => rollup(part));
    works();
    expect(failures > 0).toBe(isLonger);
    const figures = { api_calls: 4, sms_points_used: 7, emails_sent: 1, active_members: 1 };
    const path = `/orgs/${organization.id}/consumption`;
    const { as_of: asOf, ...counted } = await send('GET', path);
    expect(counted).toMatchObject(figures);
    await rollup(part);
    expect(await send('GET', path)).toMatchObject({ ...figures, api_calls: 5 });
    expect(asOf).not.toBeNull();
  }, 120_000);
});
