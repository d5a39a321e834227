import { beforeAll, describe, expect, test } from 'vitest';
import { tenantWithoutCaller } from '../../../shared/domain/access/tenant.ts';
import { toUuid } from '../../../shared/domain/identifiers.ts';
import type { Invitation } from '../../../shared/domain/invitation/invitation.ts';
import type { Organization } from '../../../shared/domain/organization/organization.ts';
import type { User } from '../../../shared/domain/user/user.ts';
import { services } from '../../support/all-services.ts';
import { apiUnderTest } from '../../support/api-under-test.ts';
import { expectRefusedFor } from '../../support/bad-values.ts';
import { anInvitation } from '../../support/invitations.ts';
import { aMember, anOrganization, signedIn, somebody } from '../../support/people-and-organizations.ts';

type Headers = Record<string, string>;

const { call } = await apiUnderTest();
let owner: User;
let organization: Organization;
let headers: Headers;
let addresses = 0;

beforeAll(async () => {
  owner = await somebody();
  organization = await anOrganization(owner);
  headers = { ...(await signedIn(owner)) };
});

function freshAddress(): string {
  addresses += 1;
  return `invited-${addresses}@example.com`;
}

const path = (of: Organization) => `/api/organizations/${toUuid('organization', of.id)}/invitations`;
const list = (of = organization, query = '', as = headers) =>
  call({ method: 'GET', path: `${path(of)}${query}`, headers: as });
const spell = (invitation: Invitation | string) =>
  typeof invitation === 'string' ? invitation : toUuid('invitation', invitation.id);
const resend = (invitation: Invitation | string, of = organization, as = headers) =>
  call({ method: 'POST', path: `${path(of)}/${spell(invitation)}/resend`, headers: as });
const revoke = (invitation: Invitation | string, of = organization, as = headers) =>
  call({ method: 'DELETE', path: `${path(of)}/${spell(invitation)}`, headers: as });
const invite = (email: string, of = organization) =>
  call({ method: 'POST', path: `/api/organizations/${of.id}/invite`, headers, body: { email } });
const acceptAs = async (user: User, token: string) =>
  call({
    method: 'POST',
    path: `/api/organizations/invite/${token}/accept`,
    headers: { ...(await signedIn(user)) },
    body: {},
  });
const stored = ({ id, organizationId }: Invitation) =>
  services().stores.invitations.get(tenantWithoutCaller(organizationId), id);
const openInvitations = async (of: Organization) =>
  (await services().stores.organizations.get(of.id))?.counters.openInvitations;
const over = { createdAt: 1, expiresAt: 2 };

describe('the list of invitations', () => {
  test('shows every status, newest first, with the exact total, and never a token or a hash', async () => {
    const of = await anOrganization(owner);
    const states: Partial<Invitation>[] = [
      { status: 'pending', sentAt: null },
      { status: 'sent' },
      { status: 'bounced' },
      { status: 'accepted' },
      { status: 'revoked' },
      { status: 'expired' },
      over,
    ];
    const made: Invitation[] = [];
    for (const state of states)
      made.push((await anInvitation(of, freshAddress(), ['VIEWER', 'ADMIN'], state)).invitation);
    const answer = await list(of);
    expect(answer).toMatchObject({
      status: 200,
      body: { success: true, pagination: { page: 1, perPage: 15, total: 7, totalPages: 1 } },
    });
    expect(answer.body.data.map(({ id }: { id: string }) => id)).toEqual(made.map(spell).reverse());
    expect(answer.body.data.map(({ status }: { status: string }) => status)).toEqual([
      'expired',
      'expired',
      'revoked',
      'accepted',
      'bounced',
      'sent',
      'pending',
    ]);
    expect(Object.keys(answer.body.data[0]).sort()).toEqual(
      ['id', 'email', 'name', 'roles', 'status', 'invitedBy', 'createdAt', 'sentAt', 'expiresAt'].sort(),
    );
    expect(answer.body.data[6]).toMatchObject({ sentAt: null, name: 'Ivy Invited', roles: [5, 2] });
    const expired = await list(of, '?status=expired&per_page=1&page=2');
    expect(expired.body).toMatchObject({ data: [{ status: 'expired' }], pagination: { total: 2, totalPages: 2 } });
    expect((await list(of, '?status=sent')).body.pagination.total).toBe(1);
  });

  test.each(['page=0', 'per_page=101', 'status=gone'])('refuses ?%s', async (query) => {
    expectRefusedFor(await list(organization, `?${query}`), query.slice(0, query.indexOf('=')));
  });

  test('is for members, and nobody else', async () => {
    const viewer = await somebody();
    await aMember(organization, viewer, ['VIEWER']);
    const as = { ...(await signedIn(viewer)) };
    expect(await list(organization, '', as)).toMatchObject({ status: 200 });
    const { invitation } = await anInvitation(organization, freshAddress());
    expect(await resend(invitation, organization, as)).toMatchObject({ status: 403 });
    expect(await revoke(invitation, organization, as)).toMatchObject({ status: 403 });
    expect(await list(organization, '', { ...(await signedIn(await somebody())) })).toMatchObject({ status: 404 });
  });
});

describe('resending', () => {
  test('asks for a fresh mail and the whole time again, and the old token is dead', async () => {
    const { invitation, token } = await anInvitation(organization, freshAddress(), ['VIEWER'], {
      expiresAt: Date.now() + 5000,
    });
    const answer = await resend(invitation);
    expect(answer).toMatchObject({ status: 200, body: { data: { id: spell(invitation), status: 'pending' } } });
    expect(Date.parse(answer.body.data.expiresAt)).toBeGreaterThan(Date.now() + 6 * 24 * 3600 * 1000);
    expect(await stored(invitation)).toMatchObject({ status: 'pending', mailNumber: 2, mailDue: 2, tokenHash: null });
    expect(await call({ method: 'GET', path: `/api/organizations/invite/${token}` })).toMatchObject({ status: 410 });
  });

  test('brings a bounced and an expired one back', async () => {
    const of = await anOrganization(owner);
    for (const state of [{ status: 'bounced' } as const, over]) {
      const { invitation } = await anInvitation(of, freshAddress(), ['VIEWER'], state);
      expect(await resend(invitation, of)).toMatchObject({ status: 200, body: { data: { status: 'pending' } } });
    }
  });

  test.each(['accepted', 'revoked', 'expired'] as const)('is 409 once it is %s', async (status) => {
    const { invitation } = await anInvitation(organization, freshAddress(), ['VIEWER'], { status });
    for (const answer of [await resend(invitation), await revoke(invitation)]) {
      expect(answer).toMatchObject({ status: 409, body: { code: 'invitation_not_pending' } });
    }
  });

  test('is 403 for an ADMIN where an OWNER is invited, and 409 for somebody who is a member meanwhile', async () => {
    const [admin, person] = [await somebody(), await somebody()];
    await aMember(organization, admin, ['ADMIN']);
    const { invitation } = await anInvitation(organization, freshAddress(), ['OWNER']);
    expect(await resend(invitation, organization, { ...(await signedIn(admin)) })).toMatchObject({ status: 403 });
    const { invitation: late } = await anInvitation(organization, person.email);
    await aMember(organization, person, ['VIEWER']);
    expect(await resend(late)).toMatchObject({ status: 409, body: { code: 'already_member' } });
  });
});

describe('revoking', () => {
  test('kills the token, frees the address and is counted', async () => {
    const of = await anOrganization(owner);
    const email = freshAddress();
    const { invitation, token } = await anInvitation(of, email);
    expect(await openInvitations(of)).toBe(1);
    expect(await revoke(invitation, of)).toMatchObject({ status: 200, body: { data: { status: 'revoked' } } });
    expect(await openInvitations(of)).toBe(0);
    expect(await call({ method: 'GET', path: `/api/organizations/invite/${token}` })).toMatchObject({ status: 410 });
    const anew = await invite(email, of);
    expect(anew.body.data.id).not.toBe(spell(invitation));
    expect(await openInvitations(of)).toBe(1);
  });
});

test('an invitation of another organization, another kind of id and no id are 404', async () => {
  const { invitation } = await anInvitation(await anOrganization(owner), freshAddress());
  for (const id of [spell(invitation), toUuid('user', 5), toUuid('invitation', 5), 'x']) {
    for (const answer of [await resend(id), await revoke(id)]) {
      expect(answer).toMatchObject({ status: 404, body: { code: 'invitation_not_found' } });
    }
  }
});

describe('at the same moment', () => {
  const rounds = Array.from({ length: 8 }, (_, at) => at);

  test('accepting and revoking have one winner', async () => {
    for (const _ of rounds) {
      const user = await somebody();
      const of = await anOrganization(owner);
      const { invitation, token } = await anInvitation(of, user.email);
      const [accepted, revoked] = await Promise.all([acceptAs(user, token), revoke(invitation, of)]);
      const isMember = (await services().stores.members.get(tenantWithoutCaller(of.id), user.id)) !== undefined;
      const outcome = [accepted.status, revoked.status, (await stored(invitation))?.status, isMember];
      expect([
        [200, 409, 'accepted', true],
        [410, 200, 'revoked', false],
      ]).toContainEqual(outcome);
      expect(await openInvitations(of)).toBe(0);
    }
  });

  test('resending and accepting have one winner', async () => {
    for (const _ of rounds) {
      const user = await somebody();
      const of = await anOrganization(owner);
      const { invitation, token } = await anInvitation(of, user.email);
      const [accepted, resent] = await Promise.all([acceptAs(user, token), resend(invitation, of)]);
      expect([
        [200, 409, 'accepted'],
        [410, 200, 'pending'],
      ]).toContainEqual([accepted.status, resent.status, (await stored(invitation))?.status]);
      expect(await openInvitations(of)).toBe(accepted.status === 200 ? 0 : 1);
    }
  });

  test('resending and revoking end with a dead token', async () => {
    for (const _ of rounds) {
      const of = await anOrganization(owner);
      const { invitation, token } = await anInvitation(of, freshAddress());
      const [resent, revoked] = await Promise.all([resend(invitation, of), revoke(invitation, of)]);
      expect(revoked.status).toBe(200);
      expect([200, 409]).toContain(resent.status);
      expect(await stored(invitation)).toMatchObject({ status: 'revoked' });
      expect(await openInvitations(of)).toBe(0);
      expect(await call({ method: 'GET', path: `/api/organizations/invite/${token}` })).toMatchObject({ status: 410 });
    }
  });

  test('two who revoke have one winner', async () => {
    const of = await anOrganization(owner);
    const { invitation } = await anInvitation(of, freshAddress());
    const answers = await Promise.all(Array.from({ length: 6 }, () => revoke(invitation, of)));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409, 409, 409, 409, 409]);
    expect(await openInvitations(of)).toBe(0);
  });
});
