import { DeleteCommand } from '@aws-sdk/lib-dynamodb';
import { beforeAll, describe, expect, test } from 'vitest';
import { toUuid } from '../../../shared/domain/identifiers.ts';
import type { Organization } from '../../../shared/domain/organization/organization.ts';
import type { User } from '../../../shared/domain/user/user.ts';
import { createDocumentClient } from '../../../shared/runtime/aws-clients.ts';
import { apiUnderTest } from '../../support/api-under-test.ts';
import { expectRefusedFor } from '../../support/bad-values.ts';
import { anInvitation } from '../../support/invitations.ts';
import { aMember, anOrganization, signedIn, somebody } from '../../support/people-and-organizations.ts';
import { storedItems } from '../../support/stored-items.ts';

type Headers = Record<string, string>;

const { table, call } = await apiUnderTest();
let owner: User;
let organization: Organization;
let headers: Headers;

beforeAll(async () => {
  owner = await somebody();
  organization = await anOrganization(owner);
  headers = { ...(await signedIn(owner)) };
});

const invite = (invitations: unknown, of = organization, more: Headers = {}, as = headers) =>
  call({
    method: 'POST',
    path: `/api/organizations/${toUuid('organization', of.id)}/invitations`,
    headers: { ...as, ...more },
    body: { invitations },
  });
const pending = async (of: Organization) =>
  (await call({ method: 'GET', path: `/api/organizations/${of.id}/invitations?status=pending&per_page=100`, headers }))
    .body;
const rows = (count: number, name: string) =>
  Array.from({ length: count }, (_, at) => ({ email: `${name}-${at}@example.com` }));

async function itemsOf(of: Organization, kind: string) {
  return (await storedItems()).filter((item) => item.kind === kind && item.organizationId === of.id);
}

describe('POST /api/organizations/{organizationId}/invitations', () => {
  test('invites a hundred in order, each with its audit entry', async () => {
    const of = await anOrganization(owner);
    const sent = rows(100, 'many');
    const answer = await invite(sent, of);
    expect(answer).toMatchObject({ status: 200, body: { success: true } });
    expect(answer.body.data.map(({ email, status }: { email: string; status: string }) => [email, status])).toEqual(
      sent.map(({ email }) => [email, 'created']),
    );
    const listed = await pending(of);
    expect(listed.pagination.total).toBe(100);
    const byEmail = new Map(listed.data.map(({ email, id }: { email: string; id: string }) => [email, id]));
    for (const { email, id } of answer.body.data) expect(byEmail.get(email)).toBe(id);
    const audited = (await itemsOf(of, 'auditEntry')).flatMap(({ changes }) => JSON.parse(String(changes)));
    expect(audited).toHaveLength(100);
    expect(new Set((await itemsOf(of, 'auditEntry')).map(({ requestId }) => requestId)).size).toBe(1);
    const trail = await call({ method: 'GET', path: `/orgs/${of.id}/children_audit`, headers });
    expect(new Set(trail.body.map(({ id }: { id: string }) => id)).size).toBe(100);
  });

  test('a row that cannot be invited fails alone', async () => {
    const of = await anOrganization(owner);
    const [admin, member, person] = [await somebody(), await somebody(), await somebody()];
    await aMember(of, admin, ['ADMIN']);
    await aMember(of, member, ['VIEWER']);
    const { invitation } = await anInvitation(of, 'known@example.com');
    const answer = await invite(
      [
        { email: 'fine@example.com', name: 'Fine Person', roles: [4] },
        { email: 'no address' },
        { email: 'role@example.com', roles: [99] },
        { email: 'none@example.com', roles: [] },
        { email: 'owner@example.com', roles: [1] },
        { email: member.email.toUpperCase() },
        { email: 'FINE@example.com' },
        { email: 'known@example.com', roles: [5] },
        { email: person.email },
        { email: 'name@example.com', name: ' ' },
      ],
      of,
      {},
      { ...(await signedIn(admin)) },
    );
    expect(answer.status).toBe(200);
    const invalid = (email: string, errors: Record<string, string[]>) => ({
      email,
      status: 'failed',
      code: 'invalid_request',
      message: 'The request is not valid.',
      errors,
    });
    expect(answer.body.data).toEqual([
      { email: 'fine@example.com', status: 'created', id: expect.any(String) },
      invalid('no address', { email: ['Not a valid email address.'] }),
      invalid('role@example.com', { 'roles.0': ['There is no role 99.'] }),
      invalid('none@example.com', { roles: ['Must have at least 1 entry.'] }),
      {
        email: 'owner@example.com',
        status: 'failed',
        code: 'forbidden',
        message: 'You cannot grant a role with permissions that you lack.',
      },
      {
        email: member.email.toUpperCase(),
        status: 'failed',
        code: 'already_member',
        message: 'This person is a member already.',
      },
      invalid('FINE@example.com', { email: ['An earlier row has this address.'] }),
      { email: 'known@example.com', status: 'created', id: toUuid('invitation', invitation.id) },
      { email: person.email, status: 'created', id: expect.any(String) },
      invalid('name@example.com', { name: ['Must not be empty.'] }),
    ]);
    expect((await pending(of)).pagination.total).toBe(3);
  });

  test('of more than the day allows the first are invited', async () => {
    const of = await anOrganization(owner);
    await invite(rows(100, 'a'), of);
    await invite(rows(95, 'b'), of);
    const answer = await invite(rows(8, 'c'), of);
    expect(answer.body.data.map(({ status, code }: { status: string; code?: string }) => code ?? status)).toEqual([
      ...Array(5).fill('created'),
      ...Array(3).fill('invitation_quota_reached'),
    ]);
  });

  test.each([
    ['no list', undefined, 'invitations'],
    ['null', null, 'invitations'],
    ['an empty list', [], 'invitations'],
    ['101 rows', rows(101, 'x'), 'invitations'],
    ['a row that is no object', ['a@example.com'], 'invitations.0'],
    ['a row without email', [{ name: 'A' }], 'invitations.0.email'],
    ['an email that is no text', [{ email: 5 }], 'invitations.0.email'],
    ['roles that are no integers', [{ email: 'a@example.com', roles: ['x'] }], 'invitations.0.roles.0'],
    [
      'an undeclared field',
      [{ email: 'a@example.com' }, { email: 'b@example.com', status: 'x' }],
      'invitations.1.status',
    ],
  ])('refuses %s', async (_, invitations, field) => {
    expectRefusedFor(await invite(invitations), field);
  });

  test('with an Idempotency-Key nobody is invited twice, not even when it goes on after a crash', async () => {
    const of = await anOrganization(owner);
    const key = { 'idempotency-key': 'bulk' };
    const sent = rows(60, 'once');
    const first = await invite(sent, of, key);
    const again = await Promise.all([1, 2, 3].map(() => invite(sent, of, key)));
    for (const answer of again) expect(answer.text).toBe(first.text);
    // The process dies after its second part: the record of the whole is not there yet.
    const client = createDocumentClient();
    const records = (await storedItems()).filter(
      ({ kind, pk, body }) =>
        kind === 'idempotencyRecord' && String(pk).includes(`${owner.id}`) && String(body).includes('created'),
    );
    for (const { pk, sk } of records) {
      await client.send(new DeleteCommand({ TableName: table.tableName, Key: { pk, sk } }));
    }
    const after = await invite(sent, of, key);
    expect(after.text).toBe(first.text);
    expect((await itemsOf(of, 'invitation')).every(({ mailNumber }) => mailNumber === 1)).toBe(true);
    expect(await invite(rows(3, 'else'), of, key)).toMatchObject({ status: 422 });
  });

  test('with an Idempotency-Key the answer is kept, however long the rows are', async () => {
    const of = await anOrganization(owner);
    const roles = Array.from({ length: 500 }, () => Number.MAX_SAFE_INTEGER);
    const sent = Array.from({ length: 100 }, () => ({ email: '\u0001'.repeat(320), roles }));
    const [first, again] = [
      await invite(sent, of, { 'idempotency-key': 'long' }),
      await invite(sent, of, { 'idempotency-key': 'long' }),
    ];
    expect(first.status, first.text.slice(0, 200)).toBe(200);
    for (const row of first.body.data) {
      expect(row).toMatchObject({ status: 'failed', code: 'invalid_request' });
      expect(row.errors.email).toEqual(['Must have at most 254 characters.']);
    }
    expect(again.text).toBe(first.text);
    const longer = [{ email: 'short@example.com' }, { email: 'x'.repeat(321) }];
    expectRefusedFor(await invite(longer, of, { 'idempotency-key': 'longer' }), 'invitations.1.email');
  });

  test('four requests at once for the same addresses leave one invitation for each address', async () => {
    const of = await anOrganization(owner);
    const answers = await Promise.all(Array.from({ length: 4 }, () => invite(rows(30, 'shared'), of)));
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200]);
    expect((await pending(of)).pagination.total).toBe(30);
    expect((await itemsOf(of, 'invitation')).map(({ mailNumber }) => mailNumber)).toEqual(Array(30).fill(4));
  });
});
