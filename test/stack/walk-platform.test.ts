import { beforeAll, expect, test } from 'vitest';
import { bearer } from '../support/http-client.ts';
import { newAddress, once, openWalk, walkersPassword as password, type Walk } from '../support/walk.ts';

let walk: Walk;
beforeAll(async () => {
  walk = await openWalk();
});

test('an organization is made, read and changed, and shows its avatar', async () => {
  const made = { headers: once(), body: { name: 'Acme', countryCode: 'GB' } };
  await walk.take('platform-organization-create', {}, walk.asOwner(made));
  await walk.take('platform-organization-read', {}, walk.asOwner());
  for (const body of [{ name: 'Acme' }, { name: 'Acme' }])
    await walk.take('platform-organization-update', {}, walk.asOwner({ body }));
  await walk.take('platform-role-list', {}, walk.asOwner());
  const pixel = Buffer.from(
    'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mNk+A8AAQUBAScY42YAAAAASUVORK5CYII=',
    'base64',
  );
  // The last one is another image, which the first has to give way to.
  for (const image of [pixel, pixel, Buffer.concat([pixel, Buffer.of(0)])]) {
    const body = new FormData();
    body.append('file', new Blob([image], { type: 'image/png' }), 'avatar.png');
    await walk.take('platform-avatar-upload', {}, walk.asOwner({ body }));
  }
  const { removed } = JSON.parse(await walk.stack.runJob('purge-avatars', { olderThanSeconds: 0 }));
  expect(removed).toBeGreaterThan(0);
});

test('somebody is invited, accepts, gets another role and a workspace, and is removed', async () => {
  const email = newAddress();
  const invitation = walk.asOwner({ headers: once(), body: { email, name: 'Kay McNulty', roles: [1] } });
  await walk.take('platform-invitation-create', {}, invitation);
  const first = await walk.mailedToken(email);
  await walk.take('platform-invitation-create', {}, walk.asOwner({ body: { email, roles: [1] } }));
  const inviteToken = await walk.mailedToken(email, first);
  await walk.take('platform-invitation-read', { inviteToken });
  const body = { password, password_confirmation: password };
  await walk.take('platform-invitation-accept', { inviteToken }, { body });

  // Somebody who has an account already, and says so with its password.
  const elsewhere = await walk.newOrganization('Elsewhere');
  const invited = walk.asOwner({ body: { email, roles: [3] } });
  const { body: made } = await walk.take('platform-invitation-create', { organizationId: elsewhere }, invited);
  const later = { organizationId: elsewhere, invitationId: made.data.id };
  await walk.take('platform-invitation-list', { organizationId: elsewhere }, walk.asOwner());
  const second = await walk.mailedToken(email, first, inviteToken);
  await walk.take('platform-invitation-resend', later, walk.asOwner());
  const third = await walk.mailedToken(email, first, inviteToken, second);
  await walk.take('platform-invitation-accept', { inviteToken: third }, { body: { password } });
  for (const query of ['?status=accepted', '?status=expired'])
    await walk.take('platform-invitation-list', { organizationId: elsewhere }, walk.asOwner(), query);
  const unwanted = await walk.take('platform-invitation-create', {}, walk.asOwner({ body: { email: newAddress() } }));
  await walk.take('platform-invitation-revoke', { invitationId: unwanted.body.data.id }, walk.asOwner());

  const workspace = await walk.take(
    'platform-workspace-create',
    {},
    walk.asOwner({ headers: once(), body: { name: email } }),
  );
  const workspaceId = workspace.body.data.id;
  await walk.take('platform-workspace-list', {}, walk.asOwner());
  await walk.take('platform-workspace-read', { workspaceId }, walk.asOwner());
  const { body: members } = await walk.take('platform-member-list', {}, walk.asOwner(), '?per_page=100');
  const memberId = members.data.find((member: { email: string }) => member.email === email).id;
  const changed = { workspaces: [workspaceId], roles: [2] };
  await walk.take('platform-member-update', { memberId }, walk.asOwner({ body: changed }));
  await walk.take('platform-workspace-update', { workspaceId }, walk.asOwner({ body: { name: `${email} again` } }));
  await walk.take('platform-workspace-delete', { workspaceId }, walk.asOwner());
  await walk.take('platform-member-delete', { memberId }, walk.asOwner());
});

test('many are invited at once, whoever of them can be', async () => {
  const organizationId = await walk.newOrganization('Crowd');
  // Somebody new, and somebody who has an account.
  for (const email of [newAddress(), walk.owner.email, walk.stack.platformAdmin.email]) {
    const sent = walk.asOwner({ headers: once(), body: { invitations: [{ email, roles: [3] }] } });
    await walk.take('platform-invitation-create-many', { organizationId }, sent);
  }
});

test('a deleted organization comes back, below its parent too', async () => {
  const parent = await walk.newOrganization('Bethany');
  const { body } = await walk.take('hierarchy-child-create', { org_id: parent }, walk.asOwner({ body: { name: 'L' } }));
  const named = { org_id: body.id };
  const below = await walk.take('hierarchy-child-create', named, walk.asOwner({ body: { name: 'M' } }));
  await walk.take('hierarchy-organization-delete', { org_id: below.body.id }, walk.asOwner());
  await walk.take('platform-organization-restore', { organization: below.body.id }, walk.asAdministrator());
});

test('a wallet is filled, charged and read', async () => {
  const credit = { amount: 100, reason: 'Welcome' };
  await walk.take('platform-wallet-credit', {}, { headers: { ...walk.administrator, ...once() }, body: credit });
  const charge = { amount: 40, service: 'sms', sms_point: 5 };
  await walk.take('platform-wallet-charge', {}, { headers: { ...walk.administrator, ...once() }, body: charge });
  expect((await walk.take('platform-wallet-read', {}, walk.asOwner())).body.data).toEqual({
    balance: 60,
    smsPoints: 5,
  });
  expect((await walk.take('platform-wallet-transactions', {}, walk.asOwner())).body.data.length).toBe(2);
});

test('owners follow one another', async () => {
  const headed = await walk.newOrganization('Headed');
  const base = { headers: await walk.newKey(headed, walk.owner.headers) };
  const makeOwner = async (first_name: string) => {
    const email = newAddress();
    const person = { first_name, last_name: 'Owner', email, password, confirm_password: password };
    const made = await walk.take(
      'organization-admin-member-create',
      {},
      {
        ...base,
        body: { ...person, role: 'organization_owner' },
      },
    );
    const { body } = await walk.take('auth-session-login', {}, { body: { email, password } });
    const headers = bearer(body.access_token);
    return { id: made.body.data.id, headers, key: await walk.newKey(headed, headers) };
  };
  const memberIdOf = async (first_name: string) => {
    const { body } = await walk.take('platform-member-list', { organizationId: headed }, walk.asAdministrator());
    return body.data.find(({ name }: { name: string }) => name.startsWith(first_name)).id;
  };
  const [second, third] = [await makeOwner('Second'), await makeOwner('Third')];
  const { body: me } = await walk.take('auth-me-read', {}, walk.asOwner());
  await walk.take('organization-admin-member-remove', { userID: String(me.user.id) }, { headers: second.key });

  const lock = (is_locked: boolean) =>
    walk.take('organization-admin-member-update', { user: second.id }, { headers: third.key, body: { is_locked } });
  const remove = (is_deleted: boolean) =>
    walk.take('organization-admin-member-update', { user: second.id }, { headers: third.key, body: { is_deleted } });
  for (const change of [lock, remove]) for (const value of [true, false]) await change(value);

  const named = { organizationId: headed, memberId: await memberIdOf('Third') };
  for (const roles of [[2], [1]])
    await walk.take('platform-member-update', named, walk.asAdministrator({ workspaces: [], roles }));
  const longest = { organizationId: headed, memberId: await memberIdOf('Second') };
  for (const roles of [[2], [1]])
    await walk.take('platform-member-update', longest, walk.asAdministrator({ workspaces: [], roles }));
  await walk.take('platform-member-delete', named, walk.asAdministrator());
});

test('no endpoint of the dialect is left out', () => {
  expect(walk.leftOut('platform')).toEqual([]);
});
