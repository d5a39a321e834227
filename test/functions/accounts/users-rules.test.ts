import { beforeAll, describe, expect, test, vi } from 'vitest';
import { toHex24, toUuid } from '../../../shared/domain/identifiers.ts';
import type { Organization } from '../../../shared/domain/organization/organization.ts';
import type { User } from '../../../shared/domain/user/user.ts';
import { services } from '../../support/all-services.ts';
import { apiUnderTest } from '../../support/api-under-test.ts';
import { changeState } from '../../support/changed-rights.ts';
import { aCredential, aMember, anOrganization, signedIn, somebody } from '../../support/people-and-organizations.ts';

type Headers = Record<string, string>;

const { call } = await apiUnderTest();
let owner: User;
let asOwner: Headers;

beforeAll(async () => {
  owner = await somebody();
  asOwner = await signedIn(owner);
});

const users = (method: string, { id }: Organization, wish: object, headers: Headers = asOwner) =>
  call({ method, path: `/organizations/${id}/users`, headers, body: { is_active: true, role: 'VIEWER', ...wish } });
const homedIn = ({ id }: Organization) => somebody({ homeOrganizationId: id });
const counters = async ({ id }: Organization) => (await services().stores.organizations.get(id))?.counters;

describe('adding at the same moment', () => {
  test('one of two wins; the other is told who is a member already', async () => {
    for (let round = 0; round < 5; round += 1) {
      const organization = await anOrganization(owner);
      const [both, mine, yours] = await Promise.all([1, 2, 3].map(() => homedIn(organization)));
      if (!both || !mine || !yours) throw new Error('Nobody there.');
      const answers = await Promise.all([
        users('POST', organization, { user_ids: [both.id, mine.id] }),
        users('POST', organization, { user_ids: [yours.id, both.id] }),
      ]);
      expect(answers.map(({ status }) => status).sort()).toEqual([200, 409]);
      const lost = answers.find(({ status }) => status === 409);
      expect(lost?.body).toMatchObject({ code: 'already_member', message: expect.stringContaining(String(both.id)) });
      expect(await counters(organization)).toMatchObject({ members: 3, activeMembers: 3 });
    }
  });

  // A batch of reads is no snapshot: in the very moment of the other request it may see a part of what that one does.
  test('nobody is named but who became a member meanwhile', async () => {
    const organization = await anOrganization(owner);
    const people = await Promise.all([1, 2, 3, 4].map(() => homedIn(organization)));
    const ids = people.map(({ id }) => id);
    const answers = await Promise.all([1, 2, 3].map(() => users('POST', organization, { user_ids: ids })));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409, 409]);
    for (const { body } of answers.filter(({ status }) => status === 409)) {
      const named = ids.filter((id) => body.message.includes(String(id)));
      expect(named).not.toEqual([]);
      expect(body.message).toBe(`A member already: ${named.join(', ')}.`);
    }
    expect(await counters(organization)).toMatchObject({ members: 5 });
  });
});

describe('who is unknown', () => {
  test('is named whether the id is nobody’s or cannot be anybody’s', async () => {
    const organization = await anOrganization(owner);
    const stranger = await somebody();
    const impossible = toHex24('organization', organization.id);
    for (const [method, code] of [
      ['POST', 'user_not_found'],
      ['PUT', 'member_not_found'],
    ] as const) {
      const answer = await users(method, organization, { user_ids: [stranger.id, impossible, toUuid('user', 77)] });
      expect(answer, answer.text).toMatchObject({ status: 404, body: { code } });
      for (const id of [stranger.id, impossible, 77]) expect(answer.body.message).toContain(String(id));
    }
    const path = `/organizations/${organization.id}/users/${stranger.id},${impossible}`;
    const removed = await call({ method: 'DELETE', path, headers: asOwner });
    expect(removed).toMatchObject({ status: 404, body: { code: 'member_not_found' } });
    for (const id of [stranger.id, impossible]) expect(removed.body.message).toContain(String(id));
  });

  test('a member of a deleted organization is unknown to its owner', async () => {
    const [organization, gone] = [await anOrganization(owner), await anOrganization(owner)];
    const child = await anOrganization(await somebody(), { parent: gone });
    const [above, below] = [await somebody(), await somebody()];
    await aMember(gone, above, ['VIEWER']);
    await aMember(child, below, ['VIEWER']);
    await changeState(gone, { deletedAt: Date.now() });
    for (const { id } of [above, below]) {
      expect(await users('POST', organization, { user_ids: [id] })).toMatchObject({ status: 404 });
    }
  });

  test('finding that out takes as many reads for somebody who is a member of sixty organizations as of three', async () => {
    const organization = await anOrganization(owner);
    const elsewhere = await somebody();
    const parent = await anOrganization(elsewhere);
    const readsFor = async (places: number): Promise<number> => {
      const target = await somebody();
      for (let at = 0; at < places; at += 1) {
        await aMember(await anOrganization(elsewhere, { parent }), target, ['VIEWER']);
      }
      const { table: client } = services();
      const [gets, queries] = [vi.spyOn(client, 'get'), vi.spyOn(client, 'query')];
      expect(await users('POST', organization, { user_ids: [target.id] })).toMatchObject({ status: 404 });
      // Nothing asked for is no read.
      const reads = gets.mock.calls.filter(([keys]) => keys.length > 0).length + queries.mock.calls.length;
      for (const spy of [gets, queries]) spy.mockRestore();
      return reads;
    };
    const few = await readsFor(3);
    expect(few).toBeGreaterThan(3);
    expect(await readsFor(60)).toBe(few);
  });
});

describe('who changes themselves', () => {
  test('sees the role that is left to them', async () => {
    const organization = await anOrganization(owner);
    const other = await somebody();
    await aMember(organization, other, ['OWNER']);
    const demoted = await users('PUT', organization, { user_ids: [other.id], role: 'ADMIN' }, await signedIn(other));
    expect(demoted, demoted.text).toMatchObject({ status: 200, body: { role: 'ADMIN', is_active: true } });
    const child = await anOrganization(owner, { parent: organization });
    const second = await somebody();
    await aMember(child, second, ['OWNER']);
    const below = await users('PUT', child, { user_ids: [owner.id], role: 'VIEWER', is_active: false });
    expect(below, below.text).toMatchObject({ status: 200, body: { role: 'OWNER', is_active: false } });
  });

  test('sees the role of a membership that they have deactivated, as in the list of their accounts', async () => {
    const organization = await anOrganization(owner);
    const other = await somebody();
    await aMember(organization, other, ['ADMIN']);
    const headers = await signedIn(other);
    const gone = await users('PUT', organization, { user_ids: [other.id], role: 'ADMIN', is_active: false }, headers);
    const { users: _, ...account } = gone.body;
    expect(account).toMatchObject({ role: 'ADMIN', is_active: false });
    expect((await call({ method: 'GET', path: '/organizations', headers })).body).toEqual([account]);
  });
});

describe('rights', () => {
  test('activating a membership takes the right to grant its role', async () => {
    const organization = await anOrganization(owner);
    const sleeping = await somebody();
    await aMember(organization, sleeping, ['ADMIN'], { isActive: false });
    const key = await aCredential(organization, owner, ['members:read', 'members:write']);
    const wish = { user_ids: [sleeping.id], role: 'ADMIN' };
    expect(await users('PUT', organization, wish, key)).toMatchObject({ status: 403, body: { code: 'forbidden' } });
    expect(await users('PUT', organization, { ...wish, is_active: false }, key)).toMatchObject({ status: 200 });
    expect(await users('PUT', organization, wish)).toMatchObject({ status: 200 });
    expect(await users('PUT', organization, { ...wish, is_active: false }, key)).toMatchObject({ status: 200 });
  });

  test('a key from above does not take its maker out of an organization below', async () => {
    const organization = await anOrganization(owner);
    const child = await anOrganization(await somebody(), { parent: organization });
    await aMember(child, owner, ['VIEWER']);
    const path = `/organizations/${child.id}/leave`;
    const key = await aCredential(organization, owner);
    expect(await call({ method: 'POST', path, headers: key })).toMatchObject({ status: 404 });
    expect(await call({ method: 'POST', path, headers: asOwner })).toMatchObject({ status: 200 });
  });
});
