import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import * as mailer from '../../../functions/streams/mailer.ts';
import { readRegistry } from '../../../infra/endpoint-registry.ts';
import { permissions } from '../../../shared/domain/access/permissions.ts';
import type { Organization } from '../../../shared/domain/organization/organization.ts';
import type { User } from '../../../shared/domain/user/user.ts';
import { isPublic } from '../../../shared/http/define-endpoint.ts';
import { apiUnderTest } from '../../support/api-under-test.ts';
import { fieldsOf } from '../../support/bad-values.ts';
import { bytesOf, codeOf, harmlessRequest, routeOf } from '../../support/every-endpoint.ts';
import type { ApiAnswer } from '../../support/in-process-api.ts';
import { anInvitation } from '../../support/invitations.ts';
import { type MailInbox, openMailInbox } from '../../support/mail-inbox.ts';
import { aCredential, aMember, anOrganization, signedIn, somebody } from '../../support/people-and-organizations.ts';
import { openTableStream } from '../../support/table-stream.ts';

/** The holes that products of this kind have had, each by its name. What is proved for every endpoint stands elsewhere. */

type Headers = Record<string, string>;

const adminPath = '/clients/v1/organization-admin';
const password = 'Correct-Horse-7';

const { table, call } = await apiUnderTest({ withStream: true });
let inbox: MailInbox;
let owner: User;
let organization: Organization;
let asOwner: Headers;
beforeAll(async () => {
  inbox = await openMailInbox();
  owner = await somebody();
  organization = await anOrganization(owner);
  asOwner = await signedIn(owner);
});
afterAll(async () => {
  await inbox?.stop();
});

const send = (method: string, path: string, headers: Headers, body?: unknown) =>
  call({ method, path, headers, ...(body === undefined ? {} : { body }) });
const rolesOf = async (user: User, { id }: Organization = organization) => {
  const { body } = await send('GET', `/api/organizations/${id}/members?per_page=100`, asOwner);
  return body.data
    .find((member: { id: number }) => member.id === user.id)
    ?.roles.map(({ id: role }: { id: number }) => role);
};

describe('invitation takeover', () => {
  test('the token of an address with an account makes nobody else a member, and changes nothing of the account', async () => {
    const [invited, thief] = [await somebody(), await somebody()];
    const { token } = await anInvitation(organization, invited.email, ['ADMIN']);
    const accept = `/api/organizations/invite/${token}/accept`;
    expect((await send('POST', accept, await signedIn(thief), {})).status).toBe(401);
    const proof = { password, password_confirmation: password };
    expect((await send('POST', accept, await signedIn(thief), proof)).status).toBe(401);
    expect(codeOf(await send('POST', accept, {}, proof))).toBe('wrong_password');
    expect(codeOf(await send('POST', '/auth/login', {}, { email: invited.email, password }))).toBe('unauthorized');
    expect([await rolesOf(invited), await rolesOf(thief)]).toEqual([undefined, undefined]);
  });
});

describe('role escalation by a delegate', () => {
  let delegate: User;
  let asDelegate: Headers;
  beforeAll(async () => {
    delegate = await somebody();
    await aMember(organization, delegate, ['ADMIN']);
    asDelegate = await signedIn(delegate);
  });

  test('an ADMIN makes nobody an OWNER, not even themselves, in any dialect', async () => {
    const friend = await somebody({ homeOrganizationId: organization.id });
    const { invitation } = await anInvitation(organization, 'as-owner@example.com', ['OWNER']);
    const own = `/api/organizations/${organization.id}`;
    const key = await aCredential(organization, delegate);
    const person = {
      first_name: 'A',
      last_name: 'B',
      email: 'friend@example.com',
      password,
      confirm_password: password,
    };
    for (const attempt of [
      send('PUT', `${own}/members/${delegate.id}`, asDelegate, { workspaces: [], roles: [1, 2] }),
      send('PUT', `/organizations/${organization.id}/users`, asDelegate, {
        is_active: true,
        role: 'OWNER',
        user_ids: [delegate.id],
      }),
      send('POST', `/organizations/${organization.id}/users`, asDelegate, {
        is_active: true,
        role: 'OWNER',
        user_ids: [friend.id],
      }),
      send('POST', `${own}/invite`, asDelegate, { email: friend.email, roles: [1] }),
      send('POST', `${own}/invitations/${invitation.id}/resend`, asDelegate),
      send('POST', `${adminPath}/members/create`, key, { ...person, role: 'organization_owner' }),
    ]) {
      expect(codeOf(await attempt)).toBe('forbidden');
    }
    expect(await rolesOf(delegate)).toEqual([2]);
  });

  test('an ADMIN becomes no OWNER by moving the organization below their own, and takes it from no OWNER above', async () => {
    const child = await anOrganization(owner, { parent: organization });
    await aMember(child, delegate, ['ADMIN']);
    const own = await anOrganization(delegate);
    const key = await aCredential(child, delegate);
    const narrow = await aCredential(child, owner, ['organization:update', 'children:create']);
    for (const parent of [own.id, null]) {
      for (const attempt of [
        send('PATCH', `/orgs/${child.id}`, asDelegate, { parent_org_id: parent }),
        send('PUT', `${adminPath}/organization/update`, key, { parent_id: parent }),
      ]) {
        expect(codeOf(await attempt)).toBe('forbidden');
      }
    }
    expect((await send('DELETE', `/orgs/${child.id}`, asDelegate)).status).toBe(403);
    const shown = await send('GET', `/orgs/${child.id}`, asOwner);
    expect(shown.body.parent_org_id).toBe(`org-${organization.id}`);
    // What changes nothing may be said by whoever may change the rest.
    const same = { name: 'Renamed', parent_org_id: organization.id };
    expect((await send('PATCH', `/orgs/${child.id}`, asDelegate, same)).status).toBe(200);
    // Who is an OWNER above may, whatever they are here, and so may what acts for an OWNER, with no more than the contract
    // asks for.
    const both = await somebody();
    await aMember(organization, both, ['OWNER']);
    const grandchild = await anOrganization(delegate, { parent: child });
    await aMember(grandchild, both, ['ADMIN']);
    expect((await send('PATCH', `/orgs/${grandchild.id}`, await signedIn(both), { parent_org_id: null })).status).toBe(
      200,
    );
    expect((await send('PUT', `${adminPath}/organization/update`, narrow, { parent_id: null })).status).toBe(200);
  });

  test('a key with members:write and credentials:write gives neither a role nor a key that holds more', async () => {
    const narrow = await aCredential(organization, owner, ['members:write', 'credentials:write', 'invitations:write']);
    const wide = await send('POST', `/orgs/${organization.id}/api_keys`, asOwner, { name: 'Wide' });
    const helper = await somebody();
    await aMember(organization, helper, ['VIEWER']);
    for (const attempt of [
      send('PUT', `/api/organizations/${organization.id}/members/${helper.id}`, narrow, { workspaces: [], roles: [2] }),
      send('POST', `/api/organizations/${organization.id}/invite`, narrow, { email: 'x@example.com', roles: [5] }),
      send('POST', `/orgs/${organization.id}/api_keys`, narrow, { name: 'More', permissions: ['organization:delete'] }),
      send('POST', `/orgs/${organization.id}/api_keys/${wide.body.id}/rotate`, narrow, {}),
    ]) {
      expect(codeOf(await attempt)).toBe('forbidden');
    }
    expect(await rolesOf(helper)).toEqual([5]);
  });
});

describe('a key outliving its maker', () => {
  test.each<[string, (maker: User) => Promise<ApiAnswer>]>([
    ['is removed', ({ id }) => send('DELETE', `/organizations/${organization.id}/users/${id}`, asOwner)],
    [
      'is deactivated',
      ({ id }) =>
        send('PUT', `/organizations/${organization.id}/users`, asOwner, {
          is_active: false,
          role: 'ADMIN',
          user_ids: [id],
        }),
    ],
    ['leaves', async (maker) => send('POST', `/organizations/${organization.id}/leave`, await signedIn(maker))],
    [
      'is locked',
      async ({ id }) =>
        send('PUT', `${adminPath}/members/${id}/update`, await aCredential(organization, owner), { is_locked: true }),
    ],
    [
      'is deleted',
      async ({ id }) =>
        send('PUT', `${adminPath}/members/${id}/update`, await aCredential(organization, owner), { is_deleted: true }),
    ],
  ])('dies with the maker, who %s', async (_, end) => {
    const maker = await somebody({ homeOrganizationId: organization.id });
    await aMember(organization, maker, ['ADMIN']);
    const key = await aCredential(organization, maker);
    expect((await send('GET', `/orgs/${organization.id}`, key)).status).toBe(200);
    const ended = await end(maker);
    expect(ended.status, ended.text).toBeLessThan(300);
    expect((await send('GET', `/orgs/${organization.id}`, key)).status).toBe(401);
  });
});

test('background jobs without a tenant: a record that lies leads to what is stored, and to nothing else', async () => {
  const victim = await anOrganization(await somebody(), { name: 'Victim' });
  const stream = await openTableStream(table);
  const { invitation } = await anInvitation(organization, 'really-invited@example.com', ['VIEWER'], {
    status: 'pending',
    mailDue: 1,
    tokenHash: null,
    sentAt: null,
  });
  const [record] = (await stream.next(mailer)).filter(
    ({ dynamodb }) => dynamodb?.NewImage?.email?.S === invitation.email,
  );
  const { NewImage: image = {}, ...dynamodb } = record?.dynamodb ?? {};
  const lies = [
    { ...image, email: { S: 'liar@example.com' } },
    { ...image, organizationId: { N: String(victim.id) }, email: { S: 'liar@example.com' } },
  ];
  await mailer.handler({ Records: lies.map((NewImage) => ({ ...record, dynamodb: { ...dynamodb, NewImage } })) });
  expect(await inbox.mailsTo('liar@example.com')).toEqual([]);
  const mails = await inbox.mailsTo('really-invited@example.com');
  expect(mails.length).toBeGreaterThan(0);
  for (const { body } of mails) expect(body.text).not.toContain('Victim');
});

test('roles kept after removal: who comes back has what they are given now, and nothing of before', async () => {
  const person = await somebody({ homeOrganizationId: organization.id });
  const workspace = await send('POST', `/api/organizations/${organization.id}/workspaces`, asOwner, { name: 'Kept?' });
  const users = `/organizations/${organization.id}/users`;
  await send('POST', users, asOwner, { is_active: true, role: 'ADMIN', user_ids: [person.id] });
  const member = `/api/organizations/${organization.id}/members/${person.id}`;
  const assigned = await send('PUT', member, asOwner, { workspaces: [workspace.body.data.id], roles: [2, 4] });
  expect(assigned.body.data.workspaces).toHaveLength(1);
  const session = await signedIn(person);
  expect((await send('DELETE', member, asOwner)).status).toBe(200);
  expect((await send('GET', `/orgs/${organization.id}`, session)).status).toBe(404);
  await send('POST', users, asOwner, { is_active: true, role: 'VIEWER', user_ids: [person.id] });
  expect(await rolesOf(person)).toEqual([5]);
  const { body } = await send('GET', `/api/organizations/${organization.id}/members?per_page=100`, session);
  expect(body.data.find(({ id }: { id: number }) => id === person.id).workspaces).toEqual([]);
  expect(codeOf(await send('PATCH', `/orgs/${organization.id}`, session, { name: 'Mine' }))).toBe('forbidden');
});

test('self-verification: nobody says of themselves that their address is confirmed', async () => {
  const person = await somebody({ isVerified: false, homeOrganizationId: organization.id });
  await aMember(organization, person, ['ADMIN']);
  const session = await signedIn(person);
  for (const field of ['is_verified', 'isVerified', 'email', 'platform_admin']) {
    const answer = await send('PATCH', '/auth/me', session, { [field]: true });
    expect([answer.status, fieldsOf(answer)]).toEqual([400, [field]]);
  }
  const { token } = await anInvitation(await anOrganization(await somebody()), person.email);
  expect((await send('POST', `/api/organizations/invite/${token}/accept`, session, {})).status).toBe(200);
  expect((await send('GET', '/auth/me', session)).body.user.is_verified).toBe(false);
});

describe('enumeration', () => {
  test('by token preview: one changed character, another organization’s id and a token of nobody are alike', async () => {
    const { token } = await anInvitation(organization, 'previewed@example.com');
    const { token: ofAnother } = await anInvitation(await anOrganization(await somebody()), 'previewed@example.com');
    const spliced = ofAnother.slice(0, 12) + token.slice(12);
    const flipped = token.slice(0, -1) + (token.endsWith('A') ? 'B' : 'A');
    const answers = await Promise.all(
      [flipped, spliced, 'it_nothing'].map(async (odd) =>
        bytesOf(await send('GET', `/api/organizations/invite/${odd}`, {}), [odd]),
      ),
    );
    expect(answers[0]).toMatchObject({ status: 404 });
    for (const answer of answers) expect(answer).toEqual(answers[0]);
  });

  test('by id: adding a stranger and adding nobody are refused in the same words', async () => {
    const stranger = await somebody();
    const add = async (id: number) =>
      bytesOf(
        await send('POST', `/organizations/${organization.id}/users`, asOwner, {
          is_active: true,
          role: 'VIEWER',
          user_ids: [id],
        }),
        [id],
      );
    const never = stranger.id - 4096 * 1000;
    expect(await add(stranger.id)).toEqual(await add(never));
  });
});

test('identity takeover through a second organization: who adds somebody cannot become them', async () => {
  const home = await anOrganization(await somebody());
  const person = await somebody({ homeOrganizationId: home.id });
  await aMember(organization, person, ['VIEWER']);
  const key = await aCredential(organization, owner);
  const before = await send('GET', `${adminPath}/members/${person.id}/read`, key);
  for (const change of [
    { email: 'thief@example.com' },
    { password },
    { is_verified: true },
    { is_locked: true },
    { is_deleted: true },
    { first_name: 'Somebody', last_name: 'Else' },
  ]) {
    expect(codeOf(await send('PUT', `${adminPath}/members/${person.id}/update`, key, change))).toBe(
      'identity_managed_elsewhere',
    );
  }
  expect((await send('GET', `${adminPath}/members/${person.id}/read`, key)).body.data).toEqual(before.body.data);
  expect((await send('GET', '/auth/me', await signedIn(person))).body.user.email).toBe(person.email);
});

test('identity takeover from below: an ADMIN of the home does not become its OWNER, wherever that role comes from', async () => {
  const home = await anOrganization(await somebody(), { parent: organization });
  const person = await somebody({ homeOrganizationId: home.id });
  await aMember(home, person, ['VIEWER']);
  await aMember(organization, person, ['OWNER']);
  const delegate = await somebody();
  await aMember(home, delegate, ['ADMIN']);
  const update = async (maker: User, change: object) =>
    send('PUT', `${adminPath}/members/${person.id}/update`, await aCredential(home, maker), change);
  for (const change of [{ password }, { email: 'thief@example.com' }, { is_locked: true }, { is_deleted: true }]) {
    expect(codeOf(await update(delegate, change))).toBe('forbidden');
  }
  expect((await update(owner, { first_name: 'Grace' })).status).toBe(200);
});

test('Unicode doubles of an address: what folds to one address is one, and what only looks like it is refused', async () => {
  const key = await aCredential(organization, owner);
  const make = (email: string) =>
    send('POST', `${adminPath}/members/create`, key, {
      first_name: 'A',
      last_name: 'B',
      email,
      password,
      confirm_password: password,
      role: 'organization_viewer',
    });
  const first = await make('maria.ﬁsch@example.com');
  expect(first.body.data.email).toBe('maria.fisch@example.com');
  const codes = await Promise.all(
    [
      'MARIA.FISCH@EXAMPLE.COM',
      'ｍａｒｉａ.fisch@example.com',
      'maria.fisch＠example.com',
      'ᵐaria.fisch@example.com',
      'maria.fiſch@example.com',
    ].map(async (double) => codeOf(await make(double))),
  );
  expect(codes).toEqual(['email_taken', 'email_taken', 'email_taken', 'email_taken', 'email_taken']);
  // A letter of another script, a full stop of another script.
  for (const lookalike of ['mаria.fisch@example.com', 'maria.fisch@example。com']) {
    expect(fieldsOf(await make(lookalike))).toEqual(['email']);
  }
  const { body } = await send('POST', '/auth/login', {}, { email: 'maria.fisch@example.com', password });
  expect(body.user.email).toBe('maria.fisch@example.com');
});

describe('mass assignment', async () => {
  const { endpoints } = await readRegistry();
  const privileged = [
    ...['id', 'role', 'roles', 'permissions', 'platform_admin', 'isPlatformAdministrator', 'is_verified', 'is_locked'],
    ...['is_deleted', 'home_organization_id', 'organization_id', 'owner', 'ownerId', 'status', 'balance', 'sms_points'],
    ...['created_at', 'version', 'pk', 'sk', '__proto__', 'constructor'],
  ];
  const withBody = endpoints.map(({ endpoint }) => endpoint).filter(({ request }) => request.body);
  test.each(withBody.map((endpoint) => [routeOf(endpoint), endpoint] as const))('%s', async (_, endpoint) => {
    const administrator = await somebody({ isPlatformAdministrator: true });
    await aMember(organization, administrator, ['OWNER']);
    const needsKey = endpoint.dialect.credentials === 'organization-credential';
    const headers = needsKey
      ? await aCredential(organization, owner, permissions)
      : isPublic(endpoint.permission)
        ? {}
        : await signedIn(administrator);
    const { shape } = (endpoint.request.body as unknown as { def: { shape?: object } }).def;
    const declared = Object.keys(shape ?? {});
    const stray = privileged.filter((name) => !declared.includes(name));
    const request = harmlessRequest(endpoint, organization.id);
    const json = stray.map((name) => `${JSON.stringify(name)}:1`).join(',');
    const id = endpoint.organizationFrom ? `"id":${organization.id},` : '';
    const answer = await call({
      ...request,
      headers: { ...headers, 'content-type': 'application/json' },
      body: `{${id}${json}}`,
    });
    expect(answer.status, answer.text).toBe(400);
    if (shape) expect(fieldsOf(answer)).toEqual(expect.arrayContaining(stray));
  });
});
