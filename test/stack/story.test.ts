import { randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import { apiClient } from '../support/http-client.ts';
import { eventually, stackUnderTest } from '../support/stack-under-test.ts';

test('from an empty stack to a member who is seen in every dialect, logged and counted', async () => {
  const stack = await stackUnderTest();
  const { url, platformAdmin } = stack;
  const email = `ada-${randomUUID()}@example.com`;
  const password = 'Analytical-Engine-1843';
  const anybody = apiClient(url);

  const signedIn = await anybody('auth.session.login', { body: platformAdmin });
  const admin = apiClient(url, signedIn.body.access_token);
  const made = await admin('platform.organization.create', { body: { name: 'Acme', countryCode: 'GB' } });
  const organization = { org_id: made.body.id };
  const organizationId = made.body.id;
  await admin('platform.invitation.create', {
    path: { organizationId },
    body: { email, name: 'Ada Lovelace', roles: [1] },
  });

  const mail = await eventually(async () => (await stack.mails()).find((sent) => sent.to.includes(email)));
  const inviteToken = /it_[\w-]+/.exec(mail.text)?.[0] ?? '';
  expect(inviteToken).not.toBe('');
  const looked = await anybody('platform.invitation.read', { path: { inviteToken } });
  expect(looked.body.data).toMatchObject({ organizationName: 'Acme', email, accountExists: false });
  const accepted = await anybody('platform.invitation.accept', {
    path: { inviteToken },
    body: { password, password_confirmation: password },
  });
  expect(accepted.body).toMatchObject({ success: true, message: 'Password set successfully.' });

  const member = await anybody('auth.session.login', { body: { email, password } });
  const ada = apiClient(url, member.body.access_token);
  const [accounts, platform, hierarchy] = await Promise.all([
    ada('accounts.account.list'),
    ada('platform.organization.read', { path: { organizationId } }),
    ada('hierarchy.organization.read', { path: organization }),
  ]);
  expect(accounts.body).toMatchObject([{ organization_name: 'Acme', role: 'OWNER', is_active: true }]);
  expect(platform.body).toMatchObject({ id: organizationId, name: 'Acme', status: 'active', type: 'root' });
  expect(hierarchy.body).toMatchObject({ id: `org-${accounts.body[0]?.id}`, name: 'Acme', parent_org_id: null });

  const key = await ada('hierarchy.api_key.create', { path: organization, body: { name: 'story' } });
  const service = apiClient(url, { clientId: key.body.client_id, clientSecret: key.body.client_secret });
  const read = await service('organization-admin.organization.read');
  expect(read.body.data).toMatchObject({ name: 'Acme', status: 'active' });
  const members = await service('organization-admin.member.list');
  expect(members.body.data.meta.total).toBe(2);
  expect(members.body.data.members).toContainEqual(
    expect.objectContaining({ email, first_name: 'Ada', last_name: 'Lovelace', role: 'organization_owner' }),
  );

  const log = await ada('hierarchy.access_log.list', { path: organization, query: { limit: 1000 } });
  expect(log.body).toContainEqual(expect.objectContaining({ user: email, action: 'LOGIN', status: 'SUCCESS' }));

  await stack.runJob('consumption-rollup');
  const consumption = await ada('hierarchy.consumption.read', { path: organization });
  const entries = await ada('hierarchy.access_log.list', { path: organization, query: { limit: 1000 } });
  // The two reads above came after the run: the entry of the first is all that the run has not seen.
  const asOf = Date.parse(consumption.body.as_of ?? '');
  const counted = entries.body.filter(
    ({ action, timestamp }) => !['LOGIN', 'LOGOUT', 'TOKEN_REFRESH'].includes(action) && Date.parse(timestamp) < asOf,
  );
  expect(consumption.body.api_calls).toBe(counted.length);
  expect(consumption.body.api_calls).toBeGreaterThan(5);
  expect(consumption.body.emails_sent).toBe(1);
});
