import { beforeAll, expect, test } from 'vitest';
import { toHex24, toUuid } from '../../shared/domain/identifiers.ts';
import type { Organization } from '../../shared/domain/organization/organization.ts';
import type { User } from '../../shared/domain/user/user.ts';
import { apiUnderTest } from '../support/api-under-test.ts';
import type { ApiAnswer } from '../support/in-process-api.ts';
import { anInvitation } from '../support/invitations.ts';
import { aMember, anOrganization, signedIn, somebody } from '../support/people-and-organizations.ts';
import { storedItems } from '../support/stored-items.ts';

const { call } = await apiUnderTest();
let owner: User;
let organization: Organization;
let headers: Record<string, string>;
beforeAll(async () => {
  owner = await somebody();
  organization = await anOrganization(owner);
  headers = await signedIn(owner);
});

const passwords = ['First-Horse-11', 'Second-Horse-22', 'Third-Horse-33', 'Fourth-Horse-44'] as const;

async function send(method: string, path: string, body?: unknown, as = headers): Promise<ApiAnswer> {
  const answer = await call({ method, path, headers: as, ...(body === undefined ? {} : { body }) });
  expect(answer.status, `${method} ${path}: ${answer.text}`).toBeLessThan(300);
  return answer;
}

/** Everything that takes, makes or changes something secret. Answers the secrets that were told. */
async function everythingSecret(): Promise<string[]> {
  const { body: made } = await send('POST', `/orgs/${organization.id}/api_keys`, { name: 'Key' });
  const { body: rotated } = await send('POST', `/orgs/${organization.id}/api_keys/${made.id}/rotate`, {
    overlap_seconds: 60,
  });
  const key = { 'x-api-key': rotated.api_key };
  const members = '/clients/v1/organization-admin/members';
  const email = 'secretive@example.com';
  const password = { password: passwords[0], confirm_password: passwords[0] };
  const person = { first_name: 'Ann', last_name: 'Other', email, ...password, role: 'organization_user' };
  await send('POST', `${members}/create`, person, key);
  const created = (await storedItems()).find((item) => item.kind === 'user' && item.email === email);
  const member = toHex24('user', Number(created?.id));
  await send('PUT', `${members}/${member}/update`, { password: passwords[1] }, key);
  await send('PUT', `${members}/${member}/update`, { email: 'other@example.com' }, key);
  const session = (await send('POST', '/auth/login', { email: 'other@example.com', password: passwords[1] }, {})).body;
  const renewed = (await send('POST', '/auth/refresh', { refresh_token: session.refresh_token }, {})).body;
  const bearer = { authorization: `Bearer ${renewed.access_token}` };
  await send('POST', '/auth/password/change', { current_password: passwords[1], password: passwords[2] }, bearer);
  const { token } = await anInvitation(organization, 'invited@example.com');
  const chosen = { password: passwords[3], password_confirmation: passwords[3] };
  await send('POST', `/api/organizations/invite/${token}/accept`, chosen, {});
  const invitations = `/api/organizations/${toUuid('organization', organization.id)}`;
  const invited = await send('POST', `${invitations}/invite`, { email: 'next@example.com' });
  await send('POST', `${invitations}/invitations/${invited.body.data.id}/resend`);
  await send('DELETE', `/orgs/${organization.id}/api_keys/${made.id}`);
  const told = [made, rotated].flatMap(({ client_secret, api_key }) => [client_secret, api_key]);
  return [...told, session.access_token, session.refresh_token, renewed.access_token, renewed.refresh_token, token];
}

/** Every hash that the table holds or, of what was deleted, held. */
const hashesIn = (items: readonly Record<string, unknown>[]) =>
  items.flatMap((item) =>
    Object.entries(item)
      .filter(([name]) => /hash(es)?$/i.test(name))
      .flatMap(([, value]) => [value].flat())
      .filter((value): value is string => typeof value === 'string' && value !== ''),
  );

test('neither the audit trail nor the access log knows anything secret, nor its hash', async () => {
  const member = await somebody();
  await aMember(organization, member, ['VIEWER']);
  const told = await everythingSecret();
  const items = await storedItems();
  const logs = items.filter(({ kind }) => kind === 'auditEntry' || kind === 'accessEntry');
  const entries = logs.map((item) => JSON.stringify(item));
  expect(logs.filter(({ kind }) => kind === 'auditEntry').length).toBeGreaterThan(8);
  // A token without the prefix that says what it is, and without its checksum.
  const secrets = [...told.map((token) => token.slice(3, -8)), ...passwords, ...hashesIn(items), '$argon2'];
  expect(secrets.length).toBeGreaterThan(20);
  for (const secret of secrets) {
    expect(secret.length).toBeGreaterThan(6);
    expect(entries.filter((entry) => entry.includes(secret))).toEqual([]);
  }
});
