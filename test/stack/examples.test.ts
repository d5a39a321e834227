import { randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import { readRegistry } from '../../infra/endpoint-registry.ts';
import { openApiDocument } from '../../infra/openapi/openapi-document.ts';
import { type ApiDocument, operationsOf } from '../../infra/reference/operations.ts';
import { openExampleRecorder } from '../support/example-recorder.ts';
import { eventually, stackUnderTest } from '../support/stack-under-test.ts';

/**
 * The examples of the reference: every operation called once for real, in a story that is easy to follow. What was sent
 * and answered is what the reference shows (`npm run examples` writes it).
 */
test('the examples of the reference are what the product answers', async () => {
  const stack = await stackUnderTest();
  const recorder = openExampleRecorder(stack.url);
  const addressOf = (name: string) => `${name}-${randomUUID()}@example.com`;
  const mailed = async (address: string, subject: RegExp, ...known: readonly string[]) =>
    eventually(async () => {
      const mails = (await stack.mails()).filter((mail) => mail.to.includes(address) && subject.test(mail.text));
      const tokens = mails.flatMap(({ text }) => /^Token: (\S+)$/m.exec(text)?.[1] ?? []);
      return tokens.find((token) => !known.includes(token));
    });
  const anybody = recorder.as();

  // Ada registers and signs in.
  const email = addressOf('ada');
  const password = 'Analytical-Engine-1843';
  await anybody('auth.registration.create', {
    body: { email, password, first_name: 'Ada', last_name: 'King' },
  });
  await anybody('auth.registration.verify', { body: { token: await mailed(email, /./) } });
  const signedIn = await anybody('auth.session.login', { body: { email, password } });
  const refreshed = await anybody('auth.session.refresh', { body: { refresh_token: signedIn.body.refresh_token } });
  const ada = recorder.as(refreshed.body.access_token);
  await ada('auth.me.update', { body: { last_name: 'Lovelace' } });

  // She makes an organization and shows it to the world.
  const made = await ada('platform.organization.create', { body: { name: 'Acme', countryCode: 'GB' } });
  const organizationId = made.body.id;
  const { body: accounts } = await ada('accounts.account.list');
  const organization_id = accounts[0]?.id ?? 0;
  const org_id = `org-${organization_id}`;
  const { etag } = await ada('platform.organization.read', { path: { organizationId } });
  await ada(
    'platform.organization.update',
    { path: { organizationId }, body: { name: 'Acme Limited' } },
    { ifMatch: etag },
  );
  const pixel = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mNk+A8AAQUBAScY42YAAAAASUVORK5CYII=';
  const file = new Blob([Buffer.from(pixel, 'base64')], { type: 'image/png' });
  await ada('platform.avatar.upload', { path: { organization: organizationId }, body: { file } });
  await ada('platform.role.list', { path: { organizationId } });
  await ada('auth.me.read');

  // Grace is invited and accepts; others are invited after her.
  const graceAddress = addressOf('grace');
  await ada('platform.invitation.create', {
    path: { organizationId },
    body: { email: graceAddress, name: 'Grace Hopper', roles: [3] },
  });
  const inviteToken = await mailed(graceAddress, /./);
  await anybody('platform.invitation.read', { path: { inviteToken } });
  await anybody('platform.invitation.accept', {
    path: { inviteToken },
    body: { password, password_confirmation: password },
  });
  const joanAddress = addressOf('joan');
  const many = await ada('platform.invitation.create_many', {
    path: { organizationId },
    body: {
      invitations: [
        { email: joanAddress, name: 'Joan Clarke', roles: [4] },
        { email: graceAddress, name: 'Grace Hopper', roles: [3] },
      ],
    },
  });
  const invitationId = many.body.data[0]?.id ?? '';
  await ada('platform.invitation.list', { path: { organizationId }, query: { status: 'accepted' } });
  const replaced = await mailed(joanAddress, /./);
  await ada('platform.invitation.resend', { path: { organizationId, invitationId } });
  await mailed(joanAddress, /./, replaced);
  await ada('platform.invitation.revoke', { path: { organizationId, invitationId } });

  // Members have roles and workspaces.
  const members = await ada('platform.member.list', { path: { organizationId }, query: { page: 1, per_page: 15 } });
  const memberId = members.body.data.find((member) => member.email === graceAddress)?.id ?? 0;
  const workspace = await ada('platform.workspace.create', {
    path: { organizationId },
    body: { name: 'Research', description: 'What comes next' },
  });
  const workspaceId = workspace.body.data.id;
  await ada('platform.workspace.list', { path: { organizationId } });
  await ada('platform.workspace.read', { path: { organizationId, workspaceId } });
  await ada('platform.workspace.update', {
    path: { organizationId, workspaceId },
    body: { name: 'Research and development' },
  });
  await ada('platform.member.update', {
    path: { organizationId, memberId },
    body: { roles: [2], workspaces: [workspaceId] },
  });

  // The operator fills the wallet and charges it.
  const operator = await anybody('auth.session.login', { body: stack.platformAdmin });
  const administrator = recorder.as(operator.body.access_token);
  await administrator('platform.wallet.credit', {
    path: { organization: organizationId },
    body: { amount: 10_000, reason: 'Invoice 1843' },
  });
  await administrator('platform.wallet.charge', {
    path: { organization: organizationId },
    body: { amount: 1_000, service: 'sms', sms_point: 100, reason: 'Monthly SMS package' },
  });
  await ada('platform.wallet.read', { path: { organizationId } });
  await ada('platform.wallet.transactions', { path: { organizationId }, query: { per_page: 1 } });

  // The organization as a hierarchy.
  const read = await ada('hierarchy.organization.read', { path: { org_id } });
  await ada(
    'hierarchy.organization.update',
    { path: { org_id }, body: { customizations: { branding_color: '#3d49c4' } } },
    { ifMatch: read.etag },
  );
  await ada('hierarchy.customizations.replace', {
    path: { org_id },
    body: {
      customizations: { theme: 'dark', branding_color: '#3d49c4', logo_url: 'https://acme.example.com/logo.png' },
    },
  });
  await ada('hierarchy.customizations.read', { path: { org_id } });
  await ada('hierarchy.tags.replace', { path: { org_id }, body: { tags: ['customer', 'europe'] } });
  await ada('hierarchy.tags.read', { path: { org_id } });
  const child = await ada('hierarchy.child.create', { path: { org_id }, body: { name: 'Acme Scotland' } });
  await ada('hierarchy.child.list', { path: { org_id }, query: { page: 1, limit: 25 } });

  // A program calls with a service account.
  const key = await ada('hierarchy.api_key.create', { path: { org_id }, body: { name: 'Nightly import' } });
  const { client_id, client_secret } = key.body;
  const program = recorder.as({ clientId: client_id, clientSecret: client_secret });
  await program('organization-admin.organization.read');
  const domain = `acme-${randomUUID()}.example.com`;
  await program('organization-admin.organization.update', { body: { domain, contact: 'office@example.com' } });
  const jeanAddress = addressOf('jean');
  const jean = await program('organization-admin.member.create', {
    body: {
      first_name: 'Jean',
      last_name: 'Bartik',
      email: jeanAddress,
      password,
      confirm_password: password,
      role: 'organization_user',
    },
  });
  const user = jean.body.data.id;
  await program('organization-admin.member.list', { query: { page: 1, limit: 10 } });
  await program('organization-admin.member.search', { query: { email: 'jean' } });
  const jeanRead = await program('organization-admin.member.read', { path: { user } });
  await program(
    'organization-admin.member.update',
    { path: { user }, body: { middle_name: 'Jennings', is_verified: true } },
    { ifMatch: jeanRead.etag },
  );
  await program('organization-admin.member.limit', { path: { user }, body: { bytes_limit: 5_368_709_120 } });
  await program('hierarchy.usage_event.create', {
    path: { org_id },
    body: {
      events: [
        {
          id: 'upload-1843',
          meter: 'storage_bytes',
          quantity: 1_048_576,
          timestamp: new Date().toISOString(),
          user_id: user,
        },
        { id: 'print-1', meter: 'pages', quantity: 12, timestamp: new Date().toISOString() },
      ],
    },
  });
  await ada('hierarchy.api_key.list', { path: { org_id } });
  const key_id = key.body.id;
  await ada('hierarchy.api_key.rotate', { path: { org_id, key_id }, body: { overlap_seconds: 3_600 } });

  // Accounts and the users in them.
  const account = await ada('accounts.account.create', { body: { organization_name: 'Acme Wales' } });
  const wales = { organization_id: account.body.id };
  await ada('accounts.account.update', { body: { id: account.body.id, organization_name: 'Acme Cymru' } });
  await ada('accounts.account.read', { path: { organization_id } });
  await ada('accounts.account.role', { path: { organization_id } });
  await ada('accounts.user.list', {
    path: { organization_id },
    query: { page_number: 0, page_size: 25, sort_by: 'name', sort_ascending: true },
  });
  const jeanSession = await anybody('auth.session.login', { body: { email: jeanAddress, password } });
  const user_ids = [jeanSession.body.user.id];
  await ada('accounts.user.add', { path: wales, body: { user_ids, role: 'VIEWER', is_active: true } });
  await ada('accounts.user.update', { path: wales, body: { user_ids, role: 'OWNER', is_active: true } });
  await ada('accounts.account.leave', { path: wales });
  const graceSession = await anybody('auth.session.login', { body: { email: graceAddress, password } });
  await recorder.as(jeanSession.body.access_token)('accounts.account.delete', { path: wales });
  await recorder.as(graceSession.body.access_token)('accounts.account.leave_by_get', { path: { organization_id } });

  // What was done is logged, counted and audited.
  await ada('hierarchy.access_log.list', {
    path: { org_id },
    query: { limit: 2, status: 'SUCCESS', user: jeanAddress },
  });
  await ada('hierarchy.children_audit.list', { path: { org_id }, query: { limit: 1, entity: 'customizations' } });
  await stack.runJob('consumption-rollup');
  await ada('hierarchy.consumption.read', { path: { org_id } });
  await ada('accounts.account.summary', { path: { organization_id } });
  await program('organization-admin.metrics.collect');

  // Some of it ends.
  await ada('platform.workspace.delete', { path: { organizationId, workspaceId } });
  await ada('accounts.user.add', {
    path: { organization_id: child.body.id },
    body: { user_ids, role: 'VIEWER', is_active: true },
  });
  await ada('accounts.user.remove', { path: { organization_id: child.body.id, user_ids: String(user_ids[0]) } });
  await program('organization-admin.member.remove', { path: { userID: user } });
  const joining = addressOf('mary');
  await ada('platform.invitation.create', { path: { organizationId }, body: { email: joining, roles: [5] } });
  await anybody('platform.invitation.accept', {
    path: { inviteToken: await mailed(joining, /./) },
    body: { password, password_confirmation: password },
  });
  const later = await ada('platform.member.list', { path: { organizationId } });
  const leaving = later.body.data.find((member) => member.email === joining)?.id ?? 0;
  await ada('platform.member.delete', { path: { organizationId, memberId: leaving } });
  await ada('hierarchy.organization.delete', { path: { org_id: child.body.id } });
  await administrator('platform.organization.restore', { path: { organization: child.body.id } });
  await ada('hierarchy.api_key.delete', { path: { org_id, key_id } });

  // Ada changes how she signs in, and signs out.
  const changed = 'Difference-Engine-1822';
  await ada('auth.password.change', { body: { current_password: password, password: changed } });
  await ada('auth.email.change', { body: { email: addressOf('ada.lovelace'), password: changed } });
  await anybody('auth.password.forgot', { body: { email } });
  await anybody('auth.password.reset', { body: { token: await mailed(email, /password/i), password } });
  const last = await anybody('auth.session.login', { body: { email, password } });
  await recorder.as(last.body.access_token)('auth.session.logout');
  await anybody('auth.health.read');
  await anybody('auth.openapi.read');

  const document = openApiDocument(await readRegistry(), '') as unknown as ApiDocument;
  const operations = operationsOf(document).flatMap((dialect) => dialect.operations);
  const examples = recorder.examples();
  expect(Object.keys(examples)).toEqual(operations.map(({ id }) => id).sort());
  // An emulated cloud counts what it has done in its own way.
  if (process.env.TENANTRY_REHEARSED !== undefined) return;
  await expect(`${JSON.stringify(examples, null, 2)}\n`).toMatchFileSnapshot('../../infra/reference/examples.json');
}, 180_000);
