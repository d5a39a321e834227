import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { tenantWithoutCaller } from '../../../shared/domain/access/tenant.ts';
import { toUuid } from '../../../shared/domain/identifiers.ts';
import type { Invitation } from '../../../shared/domain/invitation/invitation.ts';
import type { Organization } from '../../../shared/domain/organization/organization.ts';
import type { User } from '../../../shared/domain/user/user.ts';
import { services } from '../../support/all-services.ts';
import { faultyApiUnderTest } from '../../support/api-under-test.ts';
import { meeting } from '../../support/faulty-engine.ts';
import type { ApiAnswer } from '../../support/in-process-api.ts';
import { anInvitation } from '../../support/invitations.ts';
import { anOrganization, signedIn, somebody } from '../../support/people-and-organizations.ts';
import { storedItems } from '../../support/stored-items.ts';

/**
 * Two at one invitation at the same moment: each has read it before either writes. Their writes meet in front of the
 * engine, and go on at once, or the second when the first is done; either of them comes first in its turn.
 */

type Headers = Record<string, string>;
type Request = () => Promise<ApiAnswer>;

const { engine, call } = await faultyApiUnderTest();
let owner: User;
let asOwner: Headers;
let user: User;
let asUser: Headers;
let organization: Organization;
let invitation: Invitation;
let token: string;

beforeAll(async () => {
  owner = await somebody();
  asOwner = { ...(await signedIn(owner)) };
});
beforeEach(async () => {
  user = await somebody();
  asUser = { ...(await signedIn(user)) };
  organization = await anOrganization(owner);
  ({ invitation, token } = await anInvitation(organization, user.email));
});

const path = () => `/api/organizations/${toUuid('organization', organization.id)}`;
const named = () => `${path()}/invitations/${toUuid('invitation', invitation.id)}`;
const accept: Request = () =>
  call({ method: 'POST', path: `/api/organizations/invite/${token}/accept`, headers: asUser, body: {} });
const revoke: Request = () => call({ method: 'DELETE', path: named(), headers: asOwner });
const resend: Request = () => call({ method: 'POST', path: `${named()}/resend`, headers: asOwner });
const inviteThem: Request = () => invite(user.email);
const invite = (email: string) =>
  call({ method: 'POST', path: `${path()}/invite`, headers: asOwner, body: { email, roles: [5] } });

const openCount = async () => (await services().stores.organizations.get(organization.id))?.counters.openInvitations;
const stored = () => services().stores.invitations.get(tenantWithoutCaller(organization.id), invitation.id);
const isMember = async () =>
  (await services().stores.members.get(tenantWithoutCaller(organization.id), user.id)) !== undefined;

/** Both have read, none has written: then they write. Answers their statuses. */
async function race(requests: readonly Request[], goOn: 'at once' | 'in turn'): Promise<number[]> {
  engine.decide = meeting('TransactWriteItems', requests.length, goOn);
  const answers = await Promise.all(requests.map((request) => request()));
  engine.decide = () => undefined;
  return answers.map(({ status }) => status);
}

describe.each(['at once', 'in turn'] as const)('writes that go on %s', (goOn) => {
  test('accept and accept: one joins, the other finds the invitation gone', async () => {
    expect((await race([accept, accept], goOn)).sort()).toEqual([200, 410]);
    expect([await isMember(), (await stored())?.status, await openCount()]).toEqual([true, 'accepted', 0]);
  });

  test.each([
    ['accept, revoke', [accept, revoke]],
    ['revoke, accept', [revoke, accept]],
  ] as const)('%s: either somebody joins, or nobody', async (_, requests) => {
    const statuses = await race(requests, goOn);
    const [accepted, revoked] = requests[0] === accept ? statuses : statuses.toReversed();
    const outcome = [accepted, revoked, (await stored())?.status, await isMember(), await openCount()];
    const outcomes = [
      [200, 409, 'accepted', true, 0],
      [410, 200, 'revoked', false, 0],
    ];
    expect(outcomes).toContainEqual(outcome);
    expect((await accept()).status).toBe(410);
  });

  test('accept after the deletion of the organization: the invitation is gone with it', async () => {
    const erase: Request = () => call({ method: 'DELETE', path: `/orgs/${organization.id}`, headers: asOwner });
    const [erased, accepted] = await race([erase, accept], goOn);
    expect([[200, 410], ...(goOn === 'in turn' ? [] : [[200, 200]])]).toContainEqual([erased, accepted]);
  });

  test.each([
    ['accept, resend', [accept, resend], [200, 409]],
    ['resend, accept', [resend, accept], [200, 409]],
    ['accept, invite again', [accept, inviteThem], [200, 409]],
    ['invite again, accept', [inviteThem, accept], [200, 409]],
  ] as const)('%s: either somebody joins, or the old token is dead', async (_, requests, joined) => {
    const statuses = await race(requests, goOn);
    const [accepted, renewed] = requests[0] === accept ? statuses : statuses.toReversed();
    const outcome = [accepted, renewed, (await stored())?.status, await isMember(), await openCount()];
    expect([
      [...joined, 'accepted', true, 0],
      [410, 200, 'pending', false, 1],
    ]).toContainEqual(outcome);
    expect((await accept()).status).toBe(410);
  });

  test.each([
    ['resend, revoke', [resend, revoke]],
    ['revoke, resend', [revoke, resend]],
  ] as const)('%s: it is revoked, whether or not it was renewed before', async (_, requests) => {
    const statuses = await race(requests, goOn);
    const [resent, revoked] = requests[0] === resend ? statuses : statuses.toReversed();
    expect([
      [200, 200],
      [409, 200],
    ]).toContainEqual([resent, revoked]);
    expect([(await stored())?.status, await openCount(), (await accept()).status]).toEqual(['revoked', 0, 410]);
  });

  test('invite and invite: one invitation, with the mail of the later one due', async () => {
    const email = `new-${organization.id}@example.com`;
    expect(await race([() => invite(email), () => invite(email)], goOn)).toEqual([200, 200]);
    const made = (await storedItems()).filter((item) => item.kind === 'invitation' && item.email === email);
    expect(made).toMatchObject([{ status: 'pending', mailNumber: 2, mailDue: 2 }]);
    expect(await openCount()).toBe(2);
  });

  test('invite again and invite again: one invitation, with the mail of the later one due', async () => {
    expect(await race([inviteThem, inviteThem], goOn)).toEqual([200, 200]);
    expect(await stored()).toMatchObject({ status: 'pending', mailNumber: 3, mailDue: 3, tokenHash: null });
    expect(await openCount()).toBe(1);
    expect((await accept()).status).toBe(410);
  });

  test('resend and resend: both count, the old token is dead', async () => {
    expect(await race([resend, resend], goOn)).toEqual([200, 200]);
    expect(await stored()).toMatchObject({ status: 'pending', mailNumber: 3, tokenHash: null });
    expect((await accept()).status).toBe(410);
  });

  test('revoke and revoke: one does', async () => {
    expect((await race([revoke, revoke], goOn)).sort()).toEqual([200, 409]);
    expect(await openCount()).toBe(0);
  });
});
