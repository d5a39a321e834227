import { randomBytes } from 'node:crypto';
import { beforeAll, describe, expect, test } from 'vitest';
import { tenantWithoutCaller } from '../../../shared/domain/access/tenant.ts';
import { hashSecret, writeToken } from '../../../shared/domain/access/tokens.ts';
import { toUuid } from '../../../shared/domain/identifiers.ts';
import type { Organization } from '../../../shared/domain/organization/organization.ts';
import { hashPassword, verifyPassword } from '../../../shared/domain/user/password.ts';
import type { User } from '../../../shared/domain/user/user.ts';
import { services } from '../../support/all-services.ts';
import { apiUnderTest } from '../../support/api-under-test.ts';
import { anInvitation } from '../../support/invitations.ts';
import { aCredential, aMember, anOrganization, signedIn, somebody } from '../../support/people-and-organizations.ts';
import { accessLogOf } from '../auth/access-log.ts';

const password = 'Correct-Horse-7';
const newPassword = { password, password_confirmation: password };

const { call } = await apiUnderTest();
let owner: User;
let organization: Organization;
let addresses = 0;

beforeAll(async () => {
  owner = await somebody();
  organization = await anOrganization(owner, { name: 'Inviting Ltd' });
});

function freshAddress(): string {
  addresses += 1;
  return `new-${addresses}@example.com`;
}

const accept = (token: string, body: unknown = newPassword, headers: Record<string, string> = {}) =>
  call({ method: 'POST', path: `/api/organizations/invite/${token}/accept`, headers, body });
const look = (token: string) => call({ method: 'GET', path: `/api/organizations/invite/${token}` });
const memberOf = (of: Organization, userId: number) =>
  services().stores.members.get(tenantWithoutCaller(of.id), userId);
const invitationOf = (id: number) => services().stores.invitations.get(tenantWithoutCaller(organization.id), id);
const countersOf = async (of: Organization) => (await services().stores.organizations.get(of.id))?.counters;

async function somebodyWithPassword(of: Partial<User> = {}): Promise<User> {
  return somebody({ passwordHash: await hashPassword(password, randomBytes), ...of });
}

describe('GET /api/organizations/invite/{inviteToken}', () => {
  test('tells what the token is for, and consumes nothing', async () => {
    const email = freshAddress();
    const { invitation, token } = await anInvitation(organization, email);
    for (let times = 0; times < 3; times += 1) {
      expect(await look(token)).toMatchObject({
        status: 200,
        body: {
          success: true,
          data: {
            organizationName: 'Inviting Ltd',
            email,
            expiresAt: new Date(invitation.expiresAt).toISOString(),
            accountExists: false,
          },
        },
      });
    }
    expect(await invitationOf(invitation.id)).toEqual(invitation);
  });

  test('tells that the address has an account', async () => {
    const { token } = await anInvitation(organization, (await somebody()).email);
    expect((await look(token)).body.data.accountExists).toBe(true);
  });
});

describe('a token', () => {
  test('that is no token, or that no mail ever carried, is 404', async () => {
    const { invitation } = await anInvitation(organization, freshAddress());
    const invented = (ids: number[]) => writeToken('it', { ids, secret: randomBytes(32) });
    for (const token of [
      'x',
      'it_x',
      invented([organization.id, 12345]),
      invented([12345, invitation.id]),
      invented([organization.id, invitation.id]),
      writeToken('lt', { ids: [organization.id, invitation.id], secret: randomBytes(32) }),
    ]) {
      for (const answer of [await look(token), await accept(token)]) {
        expect(answer).toMatchObject({ status: 404, body: { code: 'invitation_not_found' } });
      }
    }
  });

  test.each([
    ['used', { status: 'accepted' }],
    ['revoked', { status: 'revoked' }],
    ['left behind', { status: 'expired' }],
    ['expired', { expiresAt: 1 }],
  ] as const)('that is %s is 410', async (_, of) => {
    const { token } = await anInvitation(organization, freshAddress(), ['VIEWER'], of);
    for (const answer of [await look(token), await accept(token)]) {
      expect(answer).toMatchObject({ status: 410, body: { code: 'invitation_gone' } });
    }
  });

  test('that a later mail replaced is 410', async () => {
    const [old, present] = [randomBytes(32), randomBytes(32)];
    const { invitation: renewed } = await anInvitation(organization, freshAddress(), ['VIEWER'], {
      tokenHash: hashSecret(present),
      replacedTokenHashes: [hashSecret(old)],
    });
    const ids = [organization.id, renewed.id];
    expect(await accept(writeToken('it', { ids, secret: old }))).toMatchObject({ status: 410 });
    expect(await accept(writeToken('it', { ids, secret: present }))).toMatchObject({ status: 200 });
  });

  test('of an organization that is deleted is 410', async () => {
    const other = await anOrganization(owner);
    const { token } = await anInvitation(other, freshAddress());
    expect(await look(token)).toMatchObject({ status: 200 });
    const changes = services().openChanges({ email: 'test@example.com', credentialId: null });
    services().stores.organizations.change(changes, tenantWithoutCaller(other.id), { set: { deletedAt: Date.now() } });
    await services().commit(changes, { requestId: `test-${other.id}`, ip: '127.0.0.1', now: Date.now() });
    expect(await look(token)).toMatchObject({ status: 410 });
    expect(await accept(token)).toMatchObject({ status: 410 });
  });
});

describe('somebody new', () => {
  test('sets a password and is homed here, verified, and a member with the invited roles', async () => {
    const email = freshAddress();
    const before = await countersOf(organization);
    const { invitation, token } = await anInvitation(organization, email, ['ADMIN', 'ACCOUNTING']);
    const answer = await accept(token);
    expect(answer).toMatchObject({ status: 200 });
    expect(answer.body).toEqual({ success: true, message: 'Password set successfully.', data: null });

    const user = await services().stores.users.findByEmail(email);
    expect(user).toMatchObject({
      email,
      firstName: 'Ivy',
      lastName: 'Invited',
      isVerified: true,
      homeOrganizationId: organization.id,
    });
    expect(await verifyPassword(password, user?.passwordHash ?? null)).toBe(true);
    expect(await memberOf(organization, user?.id ?? 0)).toMatchObject({
      roles: ['ADMIN', 'ACCOUNTING'],
      isActive: true,
      identity: { email, isVerified: true },
    });
    expect(await invitationOf(invitation.id)).toMatchObject({ status: 'accepted' });
    expect(await countersOf(organization)).toEqual({
      ...before,
      members: (before?.members ?? 0) + 1,
      activeMembers: (before?.activeMembers ?? 0) + 1,
      verifiedMembers: (before?.verifiedMembers ?? 0) + 1,
      unlimitedMembers: (before?.unlimitedMembers ?? 0) + 1,
    });
    expect(await accept(token)).toMatchObject({ status: 410, body: { code: 'invitation_gone' } });
  });

  test.each([
    ['password missing', { password_confirmation: password }, 'password'],
    ['confirmation missing', { password }, 'password_confirmation'],
    ['another confirmation', { password, password_confirmation: `${password}!` }, 'password_confirmation'],
    ['a short password', { password: 'Ab1-xyz', password_confirmation: 'Ab1-xyz' }, 'password'],
    ['a password without a digit', { password: 'Abcdefg-', password_confirmation: 'Abcdefg-' }, 'password'],
    ['a common password', { password: 'P@ssw0rd', password_confirmation: 'P@ssw0rd' }, 'password'],
    ['password null', { password: null, password_confirmation: password }, 'password'],
    ['password a number', { password: 12345678, password_confirmation: password }, 'password'],
    ['another field', { ...newPassword, roles: [1] }, 'roles'],
  ])('is refused with %s, naming the field', async (_, body, field) => {
    const { token } = await anInvitation(organization, freshAddress());
    const answer = await accept(token, body);
    expect(answer).toMatchObject({ status: 400, body: { code: 'invalid_request' } });
    expect(Object.keys(answer.body.errors)).toEqual([field]);
    expect(await accept(token)).toMatchObject({ status: 200 });
  });

  test('every missing field is named at once', async () => {
    const { token } = await anInvitation(organization, freshAddress());
    expect(Object.keys((await accept(token, {})).body.errors)).toEqual(['password', 'password_confirmation']);
  });

  test('with the session of somebody else is 401, though the password would do', async () => {
    const { token } = await anInvitation(organization, freshAddress());
    expect(await accept(token, newPassword, await signedIn(await somebody()))).toMatchObject({
      status: 401,
      body: { code: 'unauthorized' },
    });
  });

  test('as one of ten at once joins once: one wins, the others find the invitation gone', async () => {
    const email = freshAddress();
    const { token } = await anInvitation(organization, email);
    const before = await countersOf(organization);
    const answers = await Promise.all(Array.from({ length: 10 }, () => accept(token)));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, ...Array(9).fill(410)]);
    expect(await countersOf(organization)).toMatchObject({ members: (before?.members ?? 0) + 1 });
  });

  test('invited by two organizations who accepts both at once becomes one person', async () => {
    const email = freshAddress();
    const other = await anOrganization(owner);
    const tokens = [(await anInvitation(organization, email)).token, (await anInvitation(other, email)).token];
    const answers = await Promise.all(tokens.map((token) => accept(token)));
    expect(answers.map(({ status }) => status)).toEqual([200, 200]);
    const user = await services().stores.users.findByEmail(email);
    expect(await memberOf(organization, user?.id ?? 0)).toBeDefined();
    expect(await memberOf(other, user?.id ?? 0)).toBeDefined();
  });

  test('is refused while the organization is not active', async () => {
    const asleep = await anOrganization(owner, { status: 'inactive', statusReason: 'test' });
    const { token } = await anInvitation(asleep, freshAddress());
    expect(await look(token)).toMatchObject({ status: 200 });
    expect(await accept(token)).toMatchObject({ status: 403, body: { code: 'organization_not_active' } });
  });
});

describe('somebody with an account', () => {
  test('shows its present password and joins; nothing of the account changes', async () => {
    const user = await somebodyWithPassword({ isVerified: false });
    const { token } = await anInvitation(organization, user.email, ['VIEWER']);
    expect(await accept(token, { password })).toMatchObject({ status: 200 });
    expect(await services().stores.users.get(user.id)).toEqual({ ...user, joins: 1 });
    expect(await memberOf(organization, user.id)).toMatchObject({ roles: ['VIEWER'] });
  });

  test('is 401 with a wrong password, and the account keeps its own', async () => {
    const user = await somebodyWithPassword();
    const { token } = await anInvitation(organization, user.email);
    const wrong = 'Another-Horse-8';
    expect(await accept(token, { password: wrong, password_confirmation: wrong })).toMatchObject({
      status: 401,
      body: { code: 'wrong_password' },
    });
    expect(await services().stores.users.get(user.id)).toEqual(user);
    expect(await memberOf(organization, user.id)).toBeUndefined();
    expect(await accept(token)).toMatchObject({ status: 200 });
  });

  test('is 400 without a password, and with a confirmation that differs', async () => {
    const { token } = await anInvitation(organization, (await somebodyWithPassword()).email);
    expect((await accept(token, {})).body.errors).toHaveProperty('password');
    const answer = await accept(token, { password, password_confirmation: 'x' });
    expect(answer.body.errors).toHaveProperty('password_confirmation');
  });

  test.each([
    ['is locked', { isLocked: true }],
    ['is deleted', { deletedAt: 1 }],
  ])('that %s is 401, the right password included', async (_, of) => {
    const { token } = await anInvitation(organization, (await somebodyWithPassword(of)).email);
    expect(await accept(token)).toMatchObject({ status: 401, body: { code: 'wrong_password' } });
  });

  test('that never had a password is 401', async () => {
    const { token } = await anInvitation(organization, (await somebody()).email);
    expect(await accept(token)).toMatchObject({ status: 401, body: { code: 'wrong_password' } });
  });

  test('has five attempts in a quarter of an hour, those at signing in among them', async () => {
    const user = await somebodyWithPassword();
    const { token } = await anInvitation(organization, user.email);
    const wrong = { password: 'Another-Horse-8' };
    for (let times = 0; times < 5; times += 1) expect(await accept(token, wrong)).toMatchObject({ status: 401 });
    const refused = await accept(token);
    expect(refused).toMatchObject({ status: 429, body: { code: 'too_many_attempts' } });
    expect(Number(refused.headers['retry-after'])).toBeGreaterThan(0);
  });

  test('accepts with a session of theirs and no password', async () => {
    const user = await somebodyWithPassword();
    const { token } = await anInvitation(organization, user.email);
    expect(await accept(token, {}, await signedIn(user))).toMatchObject({ status: 200 });
    expect(await services().stores.users.get(user.id)).toEqual({ ...user, joins: 1 });
  });

  test('accepts with a session of theirs and no body at all', async () => {
    const user = await somebodyWithPassword();
    const { token } = await anInvitation(organization, user.email);
    const request = {
      method: 'POST',
      path: `/api/organizations/invite/${token}/accept`,
      headers: await signedIn(user),
    };
    expect(await call(request)).toMatchObject({ status: 200 });
  });

  test('is 401 with anybody else’s session, a broken one or an API key, the right password included', async () => {
    const { token } = await anInvitation(organization, (await somebodyWithPassword()).email);
    const stranger = await signedIn(await somebody());
    const key = await aCredential(organization, owner);
    for (const headers of [stranger, { authorization: 'Bearer st_x' }, key]) {
      expect(await accept(token, newPassword, headers)).toMatchObject({ status: 401, body: { code: 'unauthorized' } });
    }
  });

  test('that is a member meanwhile is 409', async () => {
    const user = await somebodyWithPassword();
    const { token } = await anInvitation(organization, user.email);
    await aMember(organization, user, ['VIEWER']);
    expect(await accept(token)).toMatchObject({ status: 409, body: { code: 'already_member' } });
  });

  test('who accepts ten times at once joins once', async () => {
    const user = await somebodyWithPassword();
    const { token } = await anInvitation(organization, user.email);
    const as = await signedIn(user);
    const answers = await Promise.all(Array.from({ length: 10 }, () => accept(token, {}, as)));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, ...Array(9).fill(410)]);
  });
});

describe('the access log of the organization', () => {
  test('tells of whoever came with a session, refused ones too', async () => {
    const inviting = await anOrganization(owner);
    const [user, stranger] = [await somebodyWithPassword(), await somebody()];
    const { token } = await anInvitation(inviting, user.email);
    const as = await signedIn(user);
    const answers = [
      await accept(token, newPassword, await signedIn(stranger)),
      await accept(token, {}, as),
      await accept(token, {}, as),
    ];
    expect(answers.map(({ status }) => status)).toEqual([401, 200, 410]);
    const entries = (await accessLogOf(inviting.id)).toSorted((one, other) => one.timestamp - other.timestamp);
    expect(entries.map(({ action, user: who, status }) => [action, who, status])).toEqual(
      expect.arrayContaining([
        ['INVITATION_ACCEPT', stranger.email, 'DENIED'],
        ['INVITATION_ACCEPT', user.email, 'SUCCESS'],
        ['INVITATION_ACCEPT', user.email, 'FAILURE'],
      ]),
    );
    expect(entries).toHaveLength(3);
    for (const { path } of entries) expect(path).toBe('/api/organizations/invite/{inviteToken}/accept');
  });

  test('knows nothing of who came without one, nor of a token that no mail carried', async () => {
    const inviting = await anOrganization(owner);
    const { invitation, token } = await anInvitation(inviting, freshAddress());
    const invented = writeToken('it', { ids: [inviting.id, invitation.id], secret: randomBytes(32) });
    expect(await accept(invented, {}, await signedIn(await somebody()))).toMatchObject({ status: 404 });
    expect(await accept(token)).toMatchObject({ status: 200 });
    expect(await accessLogOf(inviting.id)).toEqual([]);
  });
});

test('inviting again and accepting at once: the old token wins or dies, and never both', async () => {
  const headers = { ...(await signedIn(owner)) };
  for (let round = 0; round < 8; round += 1) {
    const user = await somebodyWithPassword();
    const { invitation, token } = await anInvitation(organization, user.email);
    const as = await signedIn(user);
    const [accepted, invited] = await Promise.all([
      accept(token, {}, as),
      call({
        method: 'POST',
        path: `/api/organizations/${toUuid('organization', organization.id)}/invite`,
        headers,
        body: { email: user.email },
      }),
    ]);
    const after = await invitationOf(invitation.id);
    if (accepted.status === 200) {
      expect(invited).toMatchObject({ status: 409, body: { code: 'already_member' } });
      expect(after).toMatchObject({ status: 'accepted' });
    } else {
      expect([accepted.status, invited.status]).toEqual([410, 200]);
      expect(after).toMatchObject({ status: 'pending', tokenHash: null });
      expect(await memberOf(organization, user.id)).toBeUndefined();
    }
  }
});
