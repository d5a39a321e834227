import { beforeAll, describe, expect, test } from 'vitest';
import { keyOf } from '../../../shared/data/table.ts';
import type { Organization } from '../../../shared/domain/organization/organization.ts';
import { organizationsMax, type User, uncountedJoinsMax } from '../../../shared/domain/user/user.ts';
import { services } from '../../support/all-services.ts';
import { apiUnderTest } from '../../support/api-under-test.ts';
import { anInvitation } from '../../support/invitations.ts';
import { aCredential, aMember, anOrganization, signedIn, somebody } from '../../support/people-and-organizations.ts';

const { call } = await apiUnderTest();
let owner: User;
let asOwner: Record<string, string>;

beforeAll(async () => {
  owner = await somebody();
  asOwner = await signedIn(owner);
});

/** Notes with a person that they are in so many more organizations, which stand nowhere else. */
async function joinMore(user: User, count: number): Promise<void> {
  const ids = Array.from({ length: count }, (_, at) => 2 ** 50 + at);
  await services().table.putAll(
    ids.map((organization) => ({
      ...keyOf('membershipLink', { user: user.id, organization }),
      kind: 'membershipLink',
      organization,
    })),
  );
}

const create = (headers: Record<string, string>) =>
  call({ method: 'POST', path: '/organizations', headers, body: { organization_name: 'One more' } });
const add = (of: Organization, user: User) => {
  const body = { user_ids: [user.id], role: 'ADMIN', is_active: true };
  return call({ method: 'POST', path: `/organizations/${of.id}/users`, headers: asOwner, body });
};
const remove = (of: Organization, user: User) =>
  call({ method: 'DELETE', path: `/organizations/${of.id}/users/${user.id}`, headers: asOwner });
const joined = async ({ id }: User) => (await services().stores.members.organizationIdsOf(id)).length;

describe('somebody who is a member of as many organizations as anybody may be', () => {
  let home: Organization;
  let user: User;
  let headers: Record<string, string>;

  beforeAll(async () => {
    home = await anOrganization(owner);
    user = await somebody({ homeOrganizationId: home.id });
    headers = await signedIn(user);
    await joinMore(user, organizationsMax - 1);
  });

  /** As if they had joined so often, and left again as often as it takes. */
  const hasJoined = (joins: number) => services().table.update(keyOf('user', { user: user.id }), { set: { joins } });

  // The one that they were made with is no join; and who has left again has joined more often.
  test.each([uncountedJoinsMax - 1, organizationsMax + 7])(
    'got the last place once, of five requests at once: after %d joins',
    async (joins) => {
      await hasJoined(joins);
      const answers = await Promise.all(Array.from({ length: 5 }, () => create(headers)));
      expect(answers.map(({ status }) => status).sort()).toEqual([201, 409, 409, 409, 409]);
      expect(await joined(user)).toBe(organizationsMax);
      const made = answers.filter(({ status }) => status === 201).map(({ body }) => body.id);
      await services().table.deleteAll(
        made.map((organization) => keyOf('membershipLink', { user: user.id, organization })),
      );
    },
  );

  test('is not made a member of one more, in whatever way, until there is room', async () => {
    await hasJoined(uncountedJoinsMax - 1);
    const other = await anOrganization(owner, { parent: home });
    await aMember(home, user, ['ADMIN']);
    const key = await aCredential(home, user);
    const { token } = await anInvitation(other, user.email);

    const body = { name: 'One more', countryCode: 'DE' };
    const ways = [
      await create(headers),
      await create(key),
      await call({ method: 'POST', path: '/api/organizations', headers, body }),
      await call({ method: 'POST', path: `/orgs/${home.id}/children`, headers, body: { name: 'One more' } }),
      await call({ method: 'POST', path: `/api/organizations/invite/${token}/accept`, headers, body: {} }),
      await add(other, user),
    ];
    const message = `A person can be a member of at most 10,000 organizations. There is no room for: ${user.id}.`;
    for (const { status, body: refusal, text } of ways) {
      expect([status, refusal.message], text).toEqual([409, message]);
      expect([refusal.code, refusal.error]).toContain('limit_reached');
    }
    expect(await joined(user)).toBe(organizationsMax);

    expect((await remove(home, user)).status).toBe(204);
    expect((await add(other, user)).status).toBe(200);
    expect((await create(headers)).status).toBe(409);
    expect(await joined(user)).toBe(organizationsMax);
  });
});

test('who has joined ever so often and left again has room', async () => {
  const user = await somebody({ joins: 1_000_000 });
  const headers = await signedIn(user);
  expect((await create(headers)).status).toBe(201);
  expect((await create(headers)).status).toBe(201);
});

test('the lists of as many of the longest names as may be stay within what a function can answer', async () => {
  const user = await somebody();
  const parent = await anOrganization(owner);
  for (let count = 0; count < 60; count += 1) {
    const organization = await anOrganization(owner, { parent, name: '字'.repeat(120), status: 'suspended' });
    await aMember(organization, user, ['OWNER', 'ADMIN', 'CONTRIBUTOR', 'ACCOUNTING', 'VIEWER'], { isActive: false });
  }
  const headers = await signedIn(user);
  for (const path of ['/organizations', '/auth/me']) {
    const { body, text } = await call({ method: 'GET', path, headers });
    expect(body.memberships ?? body).toHaveLength(60);
    // A function's answer is sent as JSON inside JSON.
    const bytes = (Buffer.byteLength(JSON.stringify(text)) / 60) * organizationsMax;
    expect(bytes).toBeLessThan(5_800_000);
  }
});
