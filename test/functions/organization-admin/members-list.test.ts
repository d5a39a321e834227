import { beforeAll, describe, expect, test } from 'vitest';
import { toHex24 } from '../../../shared/domain/identifiers.ts';
import type { Membership } from '../../../shared/domain/member/membership.ts';
import type { User } from '../../../shared/domain/user/user.ts';
import { apiUnderTest } from '../../support/api-under-test.ts';
import { aCredential, aMember, anOrganization, somebody } from '../../support/people-and-organizations.ts';

const path = '/clients/v1/organization-admin/members/list';
const membersCount = 23;
const { call } = await apiUnderTest();
let headers: Record<string, string>;
let owner: User;
const joined: Membership[] = [];

const list = (query = '') => call({ method: 'GET', path: `${path}${query}`, headers });

beforeAll(async () => {
  owner = await somebody();
  const organization = await anOrganization(owner);
  for (let at = 1; at < membersCount; at += 1) {
    joined.push(
      await aMember(organization, await somebody(), ['CONTRIBUTOR'], { joinedAt: organization.createdAt + at }),
    );
  }
  headers = await aCredential(organization, owner);
});

describe('GET /members/list', () => {
  test('answers pages of ten in order of joining, with the exact total', async () => {
    const { status, body } = await list();
    expect(status).toBe(200);
    expect(body.message).toBe('List of members retrieved successfully.');
    expect(body.data.meta).toEqual({ page: 1, limit: 10, total: membersCount, total_pages: 3 });
    const ids = body.data.members.map((member: { id: string }) => member.id);
    expect(ids).toEqual([owner.id, ...joined.slice(0, 9).map(({ userId }) => userId)].map((id) => toHex24('user', id)));
  });

  test('all pages of every size hold every member once, in one order', async () => {
    const expected = [owner.id, ...joined.map(({ userId }) => userId)].map((id) => toHex24('user', id));
    for (const limit of [1, 7, 10, 23, 100]) {
      const found: string[] = [];
      for (let page = 1; page <= Math.ceil(membersCount / limit); page += 1) {
        const { body } = await list(`?page=${page}&limit=${limit}`);
        found.push(...body.data.members.map((member: { id: string }) => member.id));
      }
      expect(found, `pages of ${limit}`).toEqual(expected);
    }
  });

  test('shows everything that the contract lists about a member, and nothing else', async () => {
    const { body } = await list('?page=1&limit=1');
    expect(body.data.members).toEqual([
      {
        id: toHex24('user', owner.id),
        first_name: owner.firstName,
        middle_name: null,
        last_name: owner.lastName,
        suffix: null,
        email: owner.email,
        role: 'organization_owner',
        is_verified: true,
        is_locked: false,
        is_deleted: false,
        bytes_limit: null,
        bytes_used: 0,
        created_at: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
        updated_at: expect.stringMatching(/Z$/),
      },
    ]);
  });

  test('a page past the end is empty, with the same total', async () => {
    const { status, body } = await list('?page=99&limit=10');
    expect(status).toBe(200);
    expect(body.data).toEqual({ members: [], meta: { page: 99, limit: 10, total: membersCount, total_pages: 3 } });
  });

  test.each(['page=0', 'page=-1', 'page=1.5', 'page=x', 'page=', 'limit=0', 'limit=101', 'limit=ten', 'limit=1e1'])(
    'refuses %s and names the parameter',
    async (query) => {
      const { status, body } = await list(`?${query}`);
      expect(status).toBe(400);
      expect(body.code).toBe('invalid_request');
      expect(body.errors.map((error: { field: string }) => error.field)).toEqual([query.split('=')[0]]);
    },
  );

  test('a parameter that stands twice is refused by name', async () => {
    const { status, body } = await list('?page=1&page=2');
    expect(status).toBe(400);
    expect(body.errors).toEqual([{ field: 'page', message: 'Send this parameter once.' }]);
  });
});
