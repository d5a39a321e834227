import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { beforeAll, expect, test } from 'vitest';
import { handler as proof } from '../../../functions/jobs/wallet-proof.ts';
import { keyOf } from '../../../shared/data/table.ts';
import { toUuid } from '../../../shared/domain/identifiers.ts';
import type { Organization } from '../../../shared/domain/organization/organization.ts';
import type { User } from '../../../shared/domain/user/user.ts';
import { createDocumentClient } from '../../../shared/runtime/aws-clients.ts';
import { apiUnderTest } from '../../support/api-under-test.ts';
import { anOrganization, signedIn, somebody } from '../../support/people-and-organizations.ts';

const { table, call } = await apiUnderTest();
let owner: User;
let headers: Record<string, string>;

beforeAll(async () => {
  owner = await somebody();
  headers = { ...(await signedIn(await somebody({ isPlatformAdministrator: true }))) };
});

const credit = ({ id }: Organization, amount: number) =>
  call({
    method: 'POST',
    path: `/api/admin/organizations/${toUuid('organization', id)}/credit`,
    headers,
    body: { amount },
  });

/** Somebody meddles with what is stored. */
async function meddle(key: { pk: string; sk: string }, field: string, value: number): Promise<void> {
  const client = createDocumentClient();
  await client.send(
    new UpdateCommand({
      TableName: table.tableName,
      Key: key,
      UpdateExpression: 'SET #field = :value',
      ExpressionAttributeNames: { '#field': field },
      ExpressionAttributeValues: { ':value': value },
    }),
  );
}

test('the proof adds up every wallet, also while money moves', async () => {
  expect(await proof()).toEqual({ wallets: 0, entries: 0 });
  const organizations = [await anOrganization(owner), await anOrganization(owner)];
  for (const of of organizations) for (let times = 0; times < 3; times += 1) await credit(of, 10);
  expect(await proof()).toEqual({ wallets: 2, entries: 6 });
  const [first] = organizations;
  if (!first) throw new Error('No organization.');
  const moving = Promise.all(Array.from({ length: 20 }, () => credit(first, 1)));
  for (let times = 0; times < 5; times += 1) await expect(proof()).resolves.toMatchObject({ wallets: 2 });
  await moving;
  expect(await proof()).toEqual({ wallets: 2, entries: 26 });
});

test('the proof finds a balance, an entry and a gap that are wrong', async () => {
  const organization = (await anOrganization(owner)).id;
  await credit({ id: organization } as Organization, 10);
  await credit({ id: organization } as Organization, 20);
  await expect(proof()).resolves.toMatchObject({ wallets: 3 });
  for (const [key, field, wrong, right] of [
    [keyOf('organization', { organization }), 'walletBalance', 31, 30],
    [keyOf('organization', { organization }), 'walletSmsPoints', 1, 0],
    [keyOf('ledgerEntry', { organization, sequence: 1 }), 'amount', 11, 10],
    [keyOf('ledgerEntry', { organization, sequence: 1 }), 'balanceAfter', 9, 10],
    [keyOf('ledgerEntry', { organization, sequence: 2 }), 'sequence', 3, 2],
  ] as const) {
    await meddle(key, field, wrong);
    await expect(proof(), field).rejects.toThrow(String(organization));
    await meddle(key, field, right);
    await expect(proof()).resolves.toBeDefined();
  }
});
