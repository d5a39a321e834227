import { expect, test } from 'vitest';
import { handler as rollUp } from '../../../functions/jobs/consumption-rollup.ts';
import { apiUnderTest } from '../../support/api-under-test.ts';
import { aCredential, aMember, anOrganization, signedIn, somebody } from '../../support/people-and-organizations.ts';

const path = '/clients/v1/organization-admin/dashboard/collect-metrics';
const { call } = await apiUnderTest();

test('a new organization has the figures of its one owner', async () => {
  const owner = await somebody();
  const organization = await anOrganization(owner);
  const answer = await call({ method: 'GET', path, headers: await aCredential(organization, owner) });
  expect(answer).toMatchObject({
    status: 200,
    body: { status: 'success', message: 'Metrics collected successfully.' },
  });
  expect(answer.body.data).toEqual({
    members: { total: 1, active: 1, verified: 1, locked: 0, pending_invitations: 0 },
    storage: { bytes_limit: null, bytes_used: 0 },
    api_calls: { today: 0, this_month: 0 },
    sign_ins: { last_24_hours: { succeeded: 0, failed: 0 } },
    wallet: { balance: 0, sms_points: 0 },
    children: { total: 0 },
    collected_at: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
  });
});

test('members count by what they are: active, verified, locked, limited', async () => {
  const owner = await somebody();
  const organization = await anOrganization(owner);
  await aMember(organization, await somebody({ isLocked: true }), ['VIEWER'], { bytesLimit: 10, bytesUsed: 3 });
  await aMember(organization, await somebody({ isVerified: false }), ['ADMIN'], { bytesLimit: 5, bytesUsed: 4 });
  await aMember(organization, await somebody(), ['CONTRIBUTOR'], { isActive: false, bytesLimit: 7 });
  const headers = await aCredential(organization, owner);
  const figures = async () => (await call({ method: 'GET', path, headers })).body.data;
  expect(await figures()).toMatchObject({
    members: { total: 4, active: 2, verified: 3, locked: 1 },
    storage: { bytes_limit: null, bytes_used: 7 },
  });
  const limits = { method: 'PUT', path: `/clients/v1/organization-admin/users/${owner.id}/limits/update`, headers };
  await call({ ...limits, body: { bytes_limit: 100 } });
  expect((await figures()).storage).toEqual({ bytes_limit: 122, bytes_used: 7 });
});

test('limits that come to more than can be counted exactly are told, and harm nothing', async () => {
  const owner = await somebody();
  const organization = await anOrganization(owner);
  const member = await somebody();
  await aMember(organization, member, ['CONTRIBUTOR']);
  const headers = await aCredential(organization, owner);
  for (const { id } of [owner, member]) {
    const limits = { method: 'PUT', path: `/clients/v1/organization-admin/users/${id}/limits/update`, headers };
    expect((await call({ ...limits, body: { bytes_limit: Number.MAX_SAFE_INTEGER } })).status).toBe(200);
  }
  const answer = await call({ method: 'GET', path, headers });
  expect(answer.status, answer.text).toBe(200);
  expect(answer.body.data.storage).toEqual({ bytes_limit: 2 * Number.MAX_SAFE_INTEGER, bytes_used: 0 });
});

test('calls and sign-ins are what the rollup has counted', async () => {
  const owner = await somebody();
  const organization = await anOrganization(owner);
  const headers = await aCredential(organization, owner);
  const session = await signedIn(owner);
  for (let at = 0; at < 3; at += 1) await call({ method: 'GET', path: `/orgs/${organization.id}`, headers: session });
  const login = { method: 'POST', path: '/auth/login', body: { email: owner.email, password: 'not the password' } };
  expect((await call(login)).status).toBe(401);
  await rollUp({});
  expect((await call({ method: 'GET', path, headers })).body.data).toMatchObject({
    api_calls: { today: 3, this_month: 3 },
    sign_ins: { last_24_hours: { succeeded: 0, failed: 1 } },
  });
});

test('takes metrics:read, and changes nothing', async () => {
  const owner = await somebody();
  const organization = await anOrganization(owner);
  const viewer = await somebody();
  await aMember(organization, viewer, ['VIEWER']);
  expect((await call({ method: 'GET', path, headers: await aCredential(organization, viewer) })).status).toBe(403);
});
