import { randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import { bearer, send, serviceAccount } from '../support/http-client.ts';
import { eventually, stackUnderTest } from '../support/stack-under-test.ts';

test('from an empty stack to a member who is seen in every dialect, logged and counted', async () => {
  const stack = await stackUnderTest();
  const { url, platformAdmin } = stack;
  const email = `ada-${randomUUID()}@example.com`;
  const password = 'Analytical-Engine-1843';

  const signedIn = await send('POST', `${url}/auth/login`, { body: platformAdmin });
  expect(signedIn.status, signedIn.text).toBe(200);
  const admin = bearer(signedIn.body.access_token);

  const made = await send('POST', `${url}/api/organizations`, {
    headers: admin,
    body: { name: 'Acme', countryCode: 'GB' },
  });
  expect(made.status, made.text).toBe(201);
  const organization = made.body.id;

  const invited = await send('POST', `${url}/api/organizations/${organization}/invite`, {
    headers: admin,
    body: { email, name: 'Ada Lovelace', roles: [1] },
  });
  expect(invited.status, invited.text).toBe(200);

  const mail = await eventually(async () => (await stack.mails()).find((sent) => sent.to.includes(email)));
  const token = /it_[\w-]+/.exec(mail.text)?.[0] ?? '';
  expect(token).not.toBe('');
  const looked = await send('GET', `${url}/api/organizations/invite/${token}`);
  expect(looked.body.data).toMatchObject({ organizationName: 'Acme', email, accountExists: false });

  const accepted = await send('POST', `${url}/api/organizations/invite/${token}/accept`, {
    body: { password, password_confirmation: password },
  });
  expect(accepted.status, accepted.text).toBe(200);
  expect(accepted.body).toMatchObject({ success: true, message: 'Password set successfully.' });

  const member = await send('POST', `${url}/auth/login`, { body: { email, password } });
  expect(member.status, member.text).toBe(200);
  const ada = bearer(member.body.access_token);

  const [accounts, platform, hierarchy] = await Promise.all([
    send('GET', `${url}/organizations`, { headers: ada }),
    send('GET', `${url}/api/organizations/${organization}`, { headers: ada }),
    send('GET', `${url}/orgs/${organization}`, { headers: ada }),
  ]);
  expect(accounts.body).toMatchObject([{ organization_name: 'Acme', role: 'OWNER', is_active: true }]);
  expect(platform.body).toMatchObject({ id: organization, name: 'Acme', status: 'active', type: 'root' });
  expect(hierarchy.body).toMatchObject({ id: `org-${accounts.body[0].id}`, name: 'Acme', parent_org_id: null });

  const key = await send('POST', `${url}/orgs/${organization}/api_keys`, { headers: ada, body: { name: 'story' } });
  expect(key.status, key.text).toBe(201);
  const service = serviceAccount(key.body);
  const base = `${url}/clients/v1/organization-admin`;
  const read = await send('GET', `${base}/organization/read`, { headers: service });
  expect(read.body.data).toMatchObject({ name: 'Acme', status: 'active' });
  const members = await send('GET', `${base}/members/list`, { headers: service });
  expect(members.body.data.meta.total).toBe(2);
  expect(members.body.data.members).toContainEqual(
    expect.objectContaining({ email, first_name: 'Ada', last_name: 'Lovelace', role: 'organization_owner' }),
  );

  const log = await send('GET', `${url}/orgs/${organization}/access_log?limit=1000`, { headers: ada });
  expect(log.body).toContainEqual(expect.objectContaining({ user: email, action: 'LOGIN', status: 'SUCCESS' }));

  await stack.runJob('consumption-rollup');
  const [consumption, entries] = [
    await send('GET', `${url}/orgs/${organization}/consumption`, { headers: ada }),
    await send('GET', `${url}/orgs/${organization}/access_log?limit=1000`, { headers: ada }),
  ];
  // The two reads above came after the run: the entry of the first is all that the run has not seen.
  const asOf = Date.parse(consumption.body.as_of);
  const counted = entries.body.filter(
    (entry: { action: string; timestamp: string }) =>
      !['LOGIN', 'LOGOUT', 'TOKEN_REFRESH'].includes(entry.action) && Date.parse(entry.timestamp) < asOf,
  );
  expect(consumption.body.api_calls).toBe(counted.length);
  expect(consumption.body.api_calls).toBeGreaterThan(5);
  expect(consumption.body.emails_sent).toBe(1);
});
