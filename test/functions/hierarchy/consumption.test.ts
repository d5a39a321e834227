import { randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import { handler as rollup } from '../../../functions/jobs/consumption-rollup.ts';
import { tenantWithoutCaller } from '../../../shared/domain/access/tenant.ts';
import type { Organization } from '../../../shared/domain/organization/organization.ts';
import { monthOf } from '../../../shared/domain/timestamp.ts';
import type { User } from '../../../shared/domain/user/user.ts';
import { services } from '../../support/all-services.ts';
import { apiUnderTest } from '../../support/api-under-test.ts';
import { aCredential, aMember, anOrganization, signedIn, somebody } from '../../support/people-and-organizations.ts';

type Headers = Record<string, string>;

const { call } = await apiUnderTest();
let owner: User;
let asOwner: Headers;

beforeAll(async () => {
  owner = await somebody();
  asOwner = await signedIn(owner);
});

const get = (path: string, headers: Headers = asOwner) => call({ method: 'GET', path, headers });
const read = (organization: Organization, query = '', headers = asOwner) =>
  get(`/orgs/org-${organization.id}/consumption${query}`, headers);
const visit = async (organization: Organization, times: number, headers = asOwner) => {
  for (let at = 0; at < times; at += 1) await get(`/orgs/${organization.id}`, headers);
};
const month = monthOf(Date.now());

/** Has usage recorded that happens now. */
async function report({ id }: Organization, rows: readonly object[]): Promise<void> {
  const timestamp = new Date().toISOString();
  const events = rows.map((row) => ({ id: randomUUID(), timestamp, ...row }));
  const answer = await call({ method: 'POST', path: `/orgs/${id}/usage_events`, headers: asOwner, body: { events } });
  expect(answer.status, answer.text).toBe(200);
  for (const { status } of answer.body.results) expect(status).toBe('accepted');
}

describe('consumption', () => {
  it('is nothing before the first rollup has counted', async () => {
    const organization = await anOrganization(owner);
    await visit(organization, 2);
    const answer = await read(organization);
    expect(answer.status, answer.text).toBe(200);
    expect(answer.body).toEqual({
      org_id: `org-${organization.id}`,
      month,
      api_calls: 0,
      storage_used: 0,
      emails_sent: 0,
      sms_points_used: 0,
      wallet_charged: 0,
      active_members: 0,
      meters: {},
      adjustments: [],
      as_of: null,
    });
  });

  it('counts, once rolled up, exactly the entries of the access log, and whose they were', async () => {
    const organization = await anOrganization(owner);
    const [viewer, stranger] = [await somebody(), await somebody()];
    await aMember(organization, viewer, ['VIEWER']);
    await visit(organization, 3);
    await visit(organization, 2, await aCredential(organization, owner));
    await visit(organization, 4, await signedIn(viewer));
    await visit(organization, 2, await signedIn(stranger));
    await read(organization, '', await signedIn(viewer));
    await services().stores.accessLog.append([
      {
        entry: {
          id: 'sign-in',
          organizationId: organization.id,
          timestamp: Date.now(),
          user: viewer.email,
          userId: viewer.id,
          action: 'LOGIN',
          status: 'SUCCESS',
          ip: '',
          method: 'POST',
          path: '/auth/login',
          requestId: '',
        },
        shards: 1,
      },
    ]);
    const before = Date.now();
    const summary = await rollup({});
    expect(summary).toEqual({
      organizations: expect.any(Number),
      hours: expect.any(Number),
      entries: expect.any(Number),
      asOf: expect.any(String),
      milliseconds: expect.any(Number),
    });
    expect(summary.entries).toBeGreaterThanOrEqual(13);
    const log = await get(`/orgs/${organization.id}/access_log?limit=1000&end=${summary.asOf}`);
    const calls = log.body.filter(({ action }: { action: string }) => action !== 'LOGIN').length;
    const { body } = await read(organization);
    expect(body).toMatchObject({ api_calls: calls, active_members: 2, as_of: summary.asOf });
    expect(calls).toBe(12);
    expect(Date.parse(body.as_of)).toBeGreaterThanOrEqual(before);
    await Promise.all([rollup({}), rollup({}), rollup(undefined)]);
    const again = (await read(organization)).body;
    // Beside the first calls: the reading of the log and the two of the figures.
    expect(again).toMatchObject({ api_calls: calls + 2, active_members: 2 });
  });

  it('can be counted in parts, which together are everything, and further back', async () => {
    const organizations = await Promise.all(Array.from({ length: 6 }, () => anOrganization(owner)));
    for (const organization of organizations) await visit(organization, 2);
    const parts = await Promise.all([0, 1, 2].map((part) => rollup({ part, parts: 3 })));
    expect(parts.reduce((sum, { organizations: some }) => sum + some, 0)).toBeGreaterThanOrEqual(6);
    for (const organization of organizations) expect((await read(organization)).body.api_calls).toBe(2);
    const again = await rollup({ lookBackHours: 48 });
    expect(again.entries).toBeGreaterThanOrEqual(18);
    for (const organization of organizations) expect((await read(organization)).body.api_calls).toBe(3);
    await expect(rollup({ part: -1 })).rejects.toThrow();
    await expect(rollup({ lookBackHours: 0 })).rejects.toThrow();
  });

  it('says of an organization in which nothing happens up to when that is certain', async () => {
    const quiet = await anOrganization(await somebody());
    await rollup({});
    const administrator = await somebody({ isPlatformAdministrator: true });
    const { body } = await read(quiet, '', await signedIn(administrator));
    expect(body).toMatchObject({ api_calls: 0, as_of: expect.stringMatching(/Z$/) });
  });

  it("sums the subtree's own figures", async () => {
    const root = await anOrganization(owner, { name: 'Root' });
    const child = await anOrganization(owner, { name: 'Child', parent: root });
    const grandchild = await anOrganization(owner, { name: 'Grandchild', parent: child });
    const sibling = await anOrganization(owner, { name: 'Sibling', parent: root });
    for (const [at, organization] of [root, child, grandchild, sibling].entries()) await visit(organization, at + 1);
    const tenant = tenantWithoutCaller(grandchild.id);
    const changes = services().openChanges({ email: '', credentialId: null });
    services().stores.consumption.recordMail(changes, tenant, { id: 'mail', takenAt: Date.now() });
    await services().commit(changes, { requestId: 'mail', ip: '', now: Date.now() });
    await rollup({});
    expect((await read(root, '?include_children=true')).body).toMatchObject({
      org_id: `org-${root.id}`,
      api_calls: 10,
      active_members: 4,
      emails_sent: 1,
      as_of: expect.any(String),
    });
    expect((await read(child, '?include_children=true')).body).toMatchObject({ api_calls: 5, active_members: 2 });
    expect((await read(root, '?include_children=false')).body).toMatchObject({ api_calls: 1, active_members: 1 });
  });

  it('counts on beyond what can be counted exactly', async () => {
    const organization = await anOrganization(owner);
    const member = await somebody();
    await aMember(organization, member, ['CONTRIBUTOR']);
    const quantity = Number.MAX_SAFE_INTEGER;
    await report(organization, [
      { meter: 'sms_points', quantity },
      { meter: 'sms_points', quantity },
      { meter: 'storage_bytes', quantity, user_id: owner.id },
      { meter: 'storage_bytes', quantity, user_id: member.id },
    ]);
    await rollup({});
    expect((await read(organization)).body).toMatchObject({
      sms_points_used: 2 * quantity,
      storage_used: (2 * quantity) / 1e9,
    });
  });

  it('tells a thousand meters apart, and adds up the others', async () => {
    const organization = await anOrganization(owner);
    const meterAt = (at: number) => `${'😀'.repeat(60)}${at}`;
    for (let from = 1_000; from < 3_000; from += 100) {
      await report(
        organization,
        Array.from({ length: 100 }, (_, at) => ({ meter: meterAt(from + at), quantity: 2 })),
      );
    }
    await rollup({});
    const { meters } = (await read(organization)).body;
    expect(Object.keys(meters)).toHaveLength(1_000);
    expect(meters).toMatchObject({ [meterAt(1_000)]: 2, '(others)': 2 * 1_001 });
    await rollup({});
    expect((await read(organization)).body.meters).toEqual(meters);
  });

  it('takes a month that is over and none that is yet to come', async () => {
    const organization = await anOrganization(owner);
    expect((await read(organization, '?month=2020-02')).body).toMatchObject({ month: '2020-02', api_calls: 0 });
    expect((await read(organization, `?month=${month}`)).status).toBe(200);
    const future = await read(organization, '?month=2099-01');
    expect(future.status).toBe(400);
    expect(future.body).toMatchObject({ error: 'invalid_request', fields: { month: expect.any(String) } });
  });

  it.each([
    ['month=2026', 'month'],
    ['month=2026-13', 'month'],
    ['month=2026-1', 'month'],
    ['month=2026-01-01', 'month'],
    ['month=', 'month'],
    ['include_children=yes', 'include_children'],
    ['include_children=', 'include_children'],
  ])('refuses %s, naming %s', async (query, field) => {
    const answer = await read(await anOrganization(owner), `?${query}`);
    expect(answer.status).toBe(400);
    expect(answer.body).toMatchObject({ code: 400, error: 'invalid_request', fields: { [field]: expect.any(String) } });
  });

  it('needs consumption:read', async () => {
    const organization = await anOrganization(owner);
    const [accountant, viewer] = [await somebody(), await somebody()];
    await aMember(organization, accountant, ['ACCOUNTING']);
    await aMember(organization, viewer, ['VIEWER']);
    expect((await read(organization, '', await signedIn(accountant))).status).toBe(200);
    expect((await read(organization, '', await signedIn(viewer))).status).toBe(403);
    expect((await read(organization, '', await signedIn(await somebody()))).status).toBe(404);
    expect((await read(organization, '', {})).status).toBe(401);
  });
});
