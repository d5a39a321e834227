import { beforeAll, describe, expect, test } from 'vitest';
import { tenantWithoutCaller } from '../../../shared/domain/access/tenant.ts';
import { readIdentifier, toHex24, toUuid } from '../../../shared/domain/identifiers.ts';
import type { Organization } from '../../../shared/domain/organization/organization.ts';
import type { User } from '../../../shared/domain/user/user.ts';
import { services } from '../../support/all-services.ts';
import { apiUnderTest } from '../../support/api-under-test.ts';
import type { ApiAnswer } from '../../support/in-process-api.ts';
import { anInvitation, mintedToken } from '../../support/invitations.ts';
import { aCredential, aMember, anOrganization, signedIn, somebody } from '../../support/people-and-organizations.ts';

const { call } = await apiUnderTest();
let owner: User;
let organization: Organization;
let headers: Record<string, string>;

beforeAll(async () => {
  owner = await somebody({ firstName: 'Olga', lastName: 'Owner' });
  organization = await anOrganization(owner);
  headers = { ...(await signedIn(owner)) };
});

const inviteTo = (to: Organization, body: unknown, as: Record<string, string> = headers) =>
  call({ method: 'POST', path: `/api/organizations/${toUuid('organization', to.id)}/invite`, headers: as, body });
const invite = (body: unknown, as: Record<string, string> = headers) => inviteTo(organization, body, as);

function idOf(answer: ApiAnswer): number {
  const read = readIdentifier('invitation', answer.body.data.id);
  if (typeof read !== 'object') throw new Error(answer.text);
  return read.id;
}

const stored = (invitationId: number, of = organization) =>
  services().stores.invitations.get(tenantWithoutCaller(of.id), invitationId);
const openInvitations = async (of: Organization) =>
  (await services().stores.organizations.get(of.id))?.counters.openInvitations;

describe('POST /api/organizations/{organizationId}/invite', () => {
  test('stores the invitation pending, for seven days, without any token, and shows it', async () => {
    const answer = await invite({ email: 'Ivy.Invited@Example.com', name: 'Ivy van Invited', roles: [5, 3, 5] });
    expect(answer).toMatchObject({
      status: 200,
      body: {
        success: true,
        message: 'Invitation sent successfully.',
        data: {
          email: 'ivy.invited@example.com',
          name: 'Ivy van Invited',
          roles: [3, 5],
          status: 'pending',
          invitedBy: toUuid('user', owner.id),
          sentAt: null,
        },
      },
    });
    const { createdAt, expiresAt } = answer.body.data;
    expect(Date.parse(expiresAt) - Date.parse(createdAt)).toBe(7 * 24 * 60 * 60 * 1000);
    expect(await stored(idOf(answer))).toMatchObject({
      status: 'pending',
      tokenHash: null,
      mailNumber: 1,
      mailDue: 1,
      firstName: 'Ivy van',
      lastName: 'Invited',
      roles: ['CONTRIBUTOR', 'VIEWER'],
    });
  });

  test('gives the role of a contributor and a name from the address where none is said', async () => {
    const answer = await invite({ email: 'just.me@example.com' });
    expect(answer.body.data).toMatchObject({ name: 'just.me', roles: [3] });
    expect(await stored(idOf(answer))).toMatchObject({ firstName: 'just.me', lastName: '' });
  });

  test.each([
    ['email missing', { name: 'A' }, 'email'],
    ['email null', { email: null }, 'email'],
    ['email no address', { email: 'not-an-address' }, 'email'],
    ['email a number', { email: 7 }, 'email'],
    ['email too long', { email: `${'a'.repeat(250)}@example.com` }, 'email'],
    ['email with a line break', { email: 'a@example.com\r\nBcc: b@example.com' }, 'email'],
    ['name null', { email: 'a@example.com', name: null }, 'name'],
    ['name empty', { email: 'a@example.com', name: ' ' }, 'name'],
    ['name of 201 characters', { email: 'a@example.com', name: 'n'.repeat(201) }, 'name'],
    ['name with a line break', { email: 'a@example.com', name: 'A\r\nB' }, 'name'],
    ['roles null', { email: 'a@example.com', roles: null }, 'roles'],
    ['roles no list', { email: 'a@example.com', roles: 3 }, 'roles'],
    ['no role', { email: 'a@example.com', roles: [] }, 'roles'],
    ['51 roles', { email: 'a@example.com', roles: Array(51).fill(3) }, 'roles'],
    ['an unknown role', { email: 'a@example.com', roles: [3, 99] }, 'roles.1'],
    ['a role that is no integer', { email: 'a@example.com', roles: [1.5] }, 'roles.0'],
    ['a role that is a text', { email: 'a@example.com', roles: ['OWNER'] }, 'roles.0'],
    ['an unknown field', { email: 'a@example.com', status: 'accepted' }, 'status'],
  ])('refuses %s, naming the field', async (_, body, field) => {
    const answer = await invite(body);
    expect(answer).toMatchObject({ status: 400, body: { code: 'invalid_request' } });
    expect(Object.keys(answer.body.errors)).toEqual([field]);
  });

  test('names an unknown role by its value', async () => {
    const answer = await invite({ email: 'a@example.com', roles: [99] });
    expect(answer.body.errors['roles.0']).toEqual(['There is no role 99.']);
  });

  test('inviting again keeps the invitation, changes what is said anew, and kills the old token at once', async () => {
    const before = await openInvitations(organization);
    const first = await invite({ email: 'again@example.com', roles: [3] });
    const token = await mintedToken(organization.id, idOf(first));
    const look = () => call({ method: 'GET', path: `/api/organizations/invite/${token}` });
    expect(await look()).toMatchObject({ status: 200 });

    const second = await invite({ email: 'AGAIN@example.com', name: 'Now Named', roles: [5] });
    expect(second).toMatchObject({
      status: 200,
      body: { data: { id: first.body.data.id, roles: [5], name: 'Now Named' } },
    });
    expect(await look()).toMatchObject({ status: 410, body: { code: 'invitation_gone' } });
    expect(await stored(idOf(first))).toMatchObject({ status: 'pending', mailNumber: 2, mailDue: 2, tokenHash: null });
    expect(await openInvitations(organization)).toBe((before ?? 0) + 1);
  });

  test('an invitation whose time is over is left behind, and a new one begins', async () => {
    const of = await anOrganization(owner);
    const over = { createdAt: Date.now() - 9e8, expiresAt: Date.now() - 1000 };
    const { invitation, token } = await anInvitation(of, 'late@example.com', ['VIEWER'], over);
    expect(await openInvitations(of)).toBe(1);
    const answer = await inviteTo(of, { email: 'late@example.com' });
    expect(answer.status).toBe(200);
    expect(idOf(answer)).not.toBe(invitation.id);
    expect(await stored(invitation.id, of)).toMatchObject({ status: 'expired' });
    expect(await stored(idOf(answer), of)).toMatchObject({ status: 'pending', mailDue: 1 });
    expect(await openInvitations(of)).toBe(1);
    expect(await call({ method: 'GET', path: `/api/organizations/invite/${token}` })).toMatchObject({ status: 410 });
  });

  test('a member already is 409, however the address is spelled', async () => {
    const member = await somebody();
    await aMember(organization, member, ['VIEWER']);
    const answer = await invite({ email: member.email.toUpperCase() });
    expect(answer).toMatchObject({ status: 409, body: { code: 'already_member' } });
  });

  test('who was deleted is a member still, and is restored instead', async () => {
    const person = await somebody({ homeOrganizationId: organization.id });
    await aMember(organization, person, ['VIEWER']);
    const key = await aCredential(organization, owner);
    const path = `/clients/v1/organization-admin/members/${toHex24('user', person.id)}/update`;
    const mark = (is_deleted: boolean) => call({ method: 'PUT', path, headers: key, body: { is_deleted } });
    expect((await mark(true)).status).toBe(200);
    expect(await invite({ email: person.email })).toMatchObject({ status: 409, body: { code: 'already_member' } });
    expect((await mark(false)).body.data).toMatchObject({ email: person.email, is_deleted: false });
  });

  test('somebody with an account who is no member can be invited', async () => {
    const { email } = await somebody();
    expect(await invite({ email })).toMatchObject({ status: 200 });
  });

  test('nobody invites into a role with permissions that they lack', async () => {
    const admin = await somebody();
    await aMember(organization, admin, ['ADMIN']);
    const as = await signedIn(admin);
    expect(await invite({ email: 'b@example.com', roles: [1] }, as)).toMatchObject({
      status: 403,
      body: { code: 'forbidden' },
    });
    expect(await invite({ email: 'b@example.com', roles: [2, 3] }, as)).toMatchObject({ status: 200 });
    const key = await aCredential(organization, owner, ['invitations:write']);
    expect(await invite({ email: 'c@example.com', roles: [5] }, key)).toMatchObject({ status: 403 });
  });

  test('an owner of the parent invites owners, though a member of the child with less', async () => {
    const child = await anOrganization(await somebody(), { parent: organization });
    await aMember(child, owner, ['ADMIN']);
    expect(await inviteTo(child, { email: 'd@example.com', roles: [1] })).toMatchObject({ status: 200 });
  });

  test('members without the permission are 403, strangers 404, nobody 401', async () => {
    const viewer = await somebody();
    await aMember(organization, viewer, ['VIEWER']);
    expect(await invite({ email: 'e@example.com' }, await signedIn(viewer))).toMatchObject({ status: 403 });
    expect(await invite({ email: 'e@example.com' }, await signedIn(await somebody()))).toMatchObject({ status: 404 });
    expect(await invite({ email: 'e@example.com' }, {})).toMatchObject({ status: 401 });
  });

  test('in an organization that is not active it is 403', async () => {
    const asleep = await anOrganization(owner, { status: 'inactive', statusReason: 'test' });
    expect(await inviteTo(asleep, { email: 'f@example.com' })).toMatchObject({
      status: 403,
      body: { code: 'organization_not_active' },
    });
  });

  test('a repetition with one Idempotency-Key asks for one mail and gets the same bytes', async () => {
    const as = { ...headers, 'idempotency-key': 'invite-once' };
    const answers = await Promise.all(Array.from({ length: 5 }, () => invite({ email: 'once@example.com' }, as)));
    expect(new Set(answers.map(({ text }) => text)).size).toBe(1);
    expect(answers.filter(({ headers: of }) => of['idempotent-replayed'] === 'true')).toHaveLength(4);
    expect(await stored(idOf(answers[0] as ApiAnswer))).toMatchObject({ mailNumber: 1 });
  });

  test('ten who invite one address at once make one open invitation, and one mail is due', async () => {
    const of = await anOrganization(owner);
    const answers = await Promise.all(Array.from({ length: 10 }, () => inviteTo(of, { email: 'race@example.com' })));
    expect(answers.map(({ status }) => status)).toEqual(Array(10).fill(200));
    expect(new Set(answers.map(idOf)).size).toBe(1);
    expect(await stored(idOf(answers[0] as ApiAnswer), of)).toMatchObject({
      status: 'pending',
      mailNumber: 10,
      mailDue: 10,
      tokenHash: null,
    });
    expect(await openInvitations(of)).toBe(1);
  });

  test('above 200 a day it is 429 with the time to wait, and nothing is stored', async () => {
    const of = await anOrganization(owner);
    const changes = services().openChanges({ email: 'test@example.com', credentialId: null });
    services().stores.invitations.takeFromQuota(changes, tenantWithoutCaller(of.id), Date.now(), 200, 199);
    await services().commit(changes, { requestId: 'test-quota', ip: '127.0.0.1', now: Date.now() });
    const answers = await Promise.all([1, 2, 3].map((at) => inviteTo(of, { email: `many-${at}@example.com` })));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 429, 429]);
    const refused = answers.find(({ status }) => status === 429);
    expect(refused?.body.code).toBe('invitation_quota_reached');
    expect(Number(refused?.headers['retry-after'])).toBeGreaterThan(0);
    expect(Number(refused?.headers['retry-after'])).toBeLessThanOrEqual(86_400);
    expect(await openInvitations(of)).toBe(1);
  });
});
