import { beforeAll, expect, test } from 'vitest';
import { bearer } from '../support/http-client.ts';
import { newAddress, once, openWalk, walkersPassword as password, type Walk } from '../support/walk.ts';

let walk: Walk;
beforeAll(async () => {
  walk = await openWalk();
});

/** A person who is homed in the walk's organization, signed in. */
async function newPerson(first_name: string) {
  const email = newAddress();
  const person = { first_name, last_name: 'Walker', email, password, confirm_password: password };
  const asked = walk.asKey({ ...person, role: 'organization_user' });
  await walk.take('organization-admin-member-create', {}, asked);
  const { body } = await walk.take('auth-session-login', {}, { body: { email, password } });
  return { id: body.user.id, headers: bearer(body.access_token) };
}

test('an account is made, listed, read, renamed and deleted', async () => {
  const headers = once();
  const made = await walk.take(
    'accounts-account-create',
    {},
    walk.asOwner({ headers, body: { organization_name: 'A' } }),
  );
  const named = { organization_id: made.body.id };
  const listed = await walk.take('accounts-account-list', {}, walk.asOwner());
  expect(listed.body.map(({ id }: { id: number }) => id)).toContain(made.body.id);
  await walk.take('accounts-account-read', named, walk.asOwner());
  await walk.take('accounts-account-role', named, walk.asOwner());
  await walk.take('accounts-account-summary', named, walk.asOwner());
  // Twice: what changes nothing still has to find the organization writable.
  const body = { id: made.body.id, organization_name: 'B' };
  for (const sent of [{ body }, { body }]) await walk.take('accounts-account-update', {}, walk.asOwner(sent));
  await walk.take('accounts-account-delete', named, walk.asOwner());
});

test('users are added, listed in every order, changed and removed, and leave', async () => {
  const organization_id = await walk.newOrganization('Users');
  const named = { organization_id };
  const [first, second, third] = [await newPerson('First'), await newPerson('Second'), await newPerson('Third')];
  for (const { id } of [first, second, third]) {
    const body = { user_ids: [id], role: 'OWNER', is_active: true };
    await walk.take('accounts-user-add', named, walk.asOwner({ headers: once(), body }));
  }
  for (const order of ['created_on', 'name', 'email', 'role']) {
    const { body } = await walk.take('accounts-user-list', named, walk.asOwner(), `?sort_by=${order}`);
    expect(body.total_elements).toBe(4);
  }

  // Each time the longest-standing owner goes, and the next one is shown.
  await walk.take('accounts-account-leave', named, walk.asOwner());
  for (const role of ['ADMIN', 'OWNER']) {
    const body = { user_ids: [first.id], role, is_active: true };
    await walk.take('accounts-user-update', named, { headers: second.headers, body });
  }
  await walk.take('accounts-user-remove', { ...named, user_ids: second.id }, { headers: first.headers });
  await walk.take('accounts-account-leave-by-get', named, { headers: first.headers });
});

test('the users of a large account are counted, and any page of them is found', async () => {
  const size = 60;
  const before = (await walk.take('accounts-user-list', {}, walk.asOwner())).body.total_elements;
  const missing = Math.max(0, 260 - before);
  const waiting = Array.from({ length: missing }, (_, at) => `Walker ${at}`);
  const clients = Array.from({ length: 6 }, async () => {
    for (let first_name = waiting.pop(); first_name; first_name = waiting.pop()) {
      const person = { first_name, last_name: 'Many', email: newAddress(), password, confirm_password: password };
      await walk.take('organization-admin-member-create', {}, walk.asKey({ ...person, role: 'organization_user' }));
    }
  });
  await Promise.all(clients);
  const pages = Math.ceil(260 / size);
  for (const sort of ['created_on', 'name', 'email', 'role']) {
    const ids = new Set<string>();
    for (let page = 0; page < pages; page += 1) {
      const query = `?sort_by=${sort}&page_size=${size}&page_number=${page}`;
      const { body } = await walk.take('accounts-user-list', {}, walk.asOwner(), query);
      expect(body.total_elements).toBe(before + missing);
      for (const { id } of body.content) ids.add(id);
    }
    expect(ids.size, sort).toBe(Math.min(before + missing, pages * size));
  }
}, 300_000);

test('no endpoint of the dialect is left out', () => {
  expect(walk.leftOut('accounts')).toEqual([]);
});
