import { beforeAll, describe, expect, test } from 'vitest';
import { toHex24 } from '../../../shared/domain/identifiers.ts';
import type { Organization } from '../../../shared/domain/organization/organization.ts';
import type { User } from '../../../shared/domain/user/user.ts';
import { apiUnderTest } from '../../support/api-under-test.ts';
import { aCredential, aMember, anOrganization, signedIn, somebody } from '../../support/people-and-organizations.ts';

const path = '/clients/v1/organization-admin/organization/read';
const { call } = await apiUnderTest();
let owner: User;
let organization: Organization;

beforeAll(async () => {
  owner = await somebody();
  organization = await anOrganization(owner, { name: 'Ardata', domain: 'ardata.tech', contact: 'jb@ardata.tech' });
});

describe('GET /organization/read', () => {
  test("answers the credential's organization, with a strong ETag", async () => {
    const answer = await call({ method: 'GET', path, headers: await aCredential(organization, owner) });
    expect(answer).toMatchObject({
      status: 200,
      body: {
        status: 'success',
        message: 'Organization details retrieved successfully.',
        data: {
          id: toHex24('organization', organization.id),
          name: 'Ardata',
          domain: 'ardata.tech',
          contact: 'jb@ardata.tech',
          parent_id: null,
          status: 'active',
          created_at: new Date(organization.createdAt).toISOString(),
          updated_at: new Date(organization.updatedAt).toISOString(),
        },
      },
    });
    expect(answer.headers.etag).toMatch(/^"1-[0-9a-f]{16}"$/);
  });

  test('spells the parent as 24 hex digits', async () => {
    const child = await anOrganization(owner, { parent: organization });
    const { body } = await call({ method: 'GET', path, headers: await aCredential(child, owner) });
    expect(body.data.parent_id).toBe(toHex24('organization', organization.id));
  });

  test('is 401 to a session, and to a credential whose maker has left', async () => {
    const stranger = await somebody();
    const other = await anOrganization(await somebody());
    const answers = await Promise.all([
      call({ method: 'GET', path, headers: await signedIn(owner) }),
      call({ method: 'GET', path, headers: await aCredential(other, stranger) }),
      call({ method: 'GET', path }),
    ]);
    for (const { status, body } of answers) {
      expect(status).toBe(401);
      expect(body).toMatchObject({
        status: 'error',
        code: 'unauthorized',
        message: 'Unauthorized. Valid Client-ID and Client-Secret required.',
        data: null,
      });
    }
  });

  test('is 403 to a credential that was not given the permission', async () => {
    const member = await somebody();
    await aMember(organization, member, ['VIEWER']);
    const headers = await aCredential(organization, member, ['members:read']);
    expect(await call({ method: 'GET', path, headers })).toMatchObject({ status: 403, body: { code: 'forbidden' } });
  });
});
