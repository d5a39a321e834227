import { randomUUID } from 'node:crypto';
import { beforeAll, expect, test } from 'vitest';
import { newAddress, once, openWalk, walkersPassword as password, type Walk } from '../support/walk.ts';

let walk: Walk;
beforeAll(async () => {
  walk = await openWalk();
});

test('the organization is read and changed', async () => {
  await walk.take('organization-admin-organization-read', {}, walk.asKey());
  await walk.take('organization-admin-metrics-collect', {}, walk.asKey());
  const domain = `${randomUUID()}.example.com`;
  for (const body of [{ domain }, { domain }, { domain: null }])
    await walk.take('organization-admin-organization-update', {}, walk.asKey(body));
});

test('a member is made, found, changed, limited and removed', async () => {
  const email = newAddress();
  const person = { first_name: 'Jean', last_name: 'Bartik', email, password, confirm_password: password };
  const made = await walk.take(
    'organization-admin-member-create',
    {},
    {
      headers: { ...walk.key, ...once() },
      body: { ...person, role: 'organization_owner' },
    },
  );
  const user = made.body.data.id;
  expect((await walk.take('organization-admin-member-list', {}, walk.asKey())).body.data.meta.total).toBeGreaterThan(2);
  await walk.take('organization-admin-member-list', {}, walk.asKey(), '?page=8');
  await walk.take('organization-admin-member-search', {}, walk.asKey(), `?email=${encodeURIComponent(email)}`);
  await walk.take('organization-admin-member-read', { user }, walk.asKey());
  const changes = [{ first_name: 'Betty' }, { email: newAddress() }, { is_locked: true }, { is_locked: false }];
  for (const body of changes) await walk.take('organization-admin-member-update', { user }, walk.asKey(body));
  for (const body of [{ bytes_limit: 1024 }, { bytes_limit: 1024 }])
    await walk.take('organization-admin-member-limit', { user }, walk.asKey(body));
  await walk.take('organization-admin-member-remove', { userID: user }, walk.asKey());
});

test('no endpoint of the dialect is left out', () => {
  expect(walk.leftOut('organization-admin')).toEqual([]);
});
