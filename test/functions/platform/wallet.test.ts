import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { beforeAll, describe, expect, test } from 'vitest';
import { toUuid } from '../../../shared/domain/identifiers.ts';
import type { Organization } from '../../../shared/domain/organization/organization.ts';
import type { User } from '../../../shared/domain/user/user.ts';
import { apiUnderTest } from '../../support/api-under-test.ts';
import { badValues, expectRefusedFor, fieldsOf } from '../../support/bad-values.ts';
import { extentOf } from '../../support/extent.ts';
import type { ApiAnswer } from '../../support/in-process-api.ts';
import { aCredential, aMember, anOrganization, signedIn, somebody } from '../../support/people-and-organizations.ts';
import { storedItems } from '../../support/stored-items.ts';

type Headers = Record<string, string>;
interface Entry {
  readonly type: 'charge' | 'credit';
  readonly amount: number;
  readonly balanceAfter: number;
  readonly createdAt: string;
}

/** How many requests move one wallet's money at once. */
const atOnce = extentOf({ share: 40, whole: 100 });

const { call } = await apiUnderTest();
let owner: User;
let administrator: User;
let asOwner: Headers;
let asPlatform: Headers;

beforeAll(async () => {
  owner = await somebody();
  administrator = await somebody({ isPlatformAdministrator: true });
  asOwner = { ...(await signedIn(owner)) };
  asPlatform = { ...(await signedIn(administrator)) };
});

const pathOf = ({ id }: Organization) => `organizations/${toUuid('organization', id)}`;
const move = (kind: 'charge' | 'credit', of: Organization, body: unknown, more: Headers = {}, as = asPlatform) =>
  call({ method: 'POST', path: `/api/admin/${pathOf(of)}/${kind}`, headers: { ...as, ...more }, body });
const charge = (of: Organization, amount: number, more: Headers = {}) =>
  move('charge', of, { amount, service: 'email' }, more);
const credit = (of: Organization, amount: number, more: Headers = {}) => move('credit', of, { amount }, more);
const walletOf = async (of: Organization, as = asOwner) =>
  (await call({ method: 'GET', path: `/api/${pathOf(of)}/wallet`, headers: as })).body.data;
const transactions = (of: Organization, query = '', as = asOwner) =>
  call({ method: 'GET', path: `/api/${pathOf(of)}/wallet/transactions${query}`, headers: as });

/** The whole ledger, oldest first. */
async function ledgerOf(of: Organization): Promise<Entry[]> {
  const entries: Entry[] = [];
  for (let page = 1; ; page += 1) {
    const { data, pagination } = (await transactions(of, `?page=${page}&per_page=100`)).body;
    entries.push(...data);
    if (page >= pagination.totalPages) return entries.reverse();
  }
}

/** Adds the ledger up: each balance follows from the one before, none is below zero, the last is the wallet's. */
async function expectProved(of: Organization): Promise<Entry[]> {
  const ledger = await ledgerOf(of);
  let balance = 0;
  let before = '';
  for (const entry of ledger) {
    balance += entry.type === 'credit' ? entry.amount : -entry.amount;
    expect(entry.balanceAfter).toBe(balance);
    expect(balance).toBeGreaterThanOrEqual(0);
    expect(entry.createdAt >= before).toBe(true);
    before = entry.createdAt;
  }
  expect((await walletOf(of)).balance).toBe(balance);
  return ledger;
}

describe('charging and crediting', () => {
  test('a new wallet is empty', async () => {
    const of = await anOrganization(owner);
    expect(await walletOf(of)).toEqual({ balance: 0, smsPoints: 0 });
    expect((await transactions(of)).body).toMatchObject({
      success: true,
      data: [],
      pagination: { page: 1, perPage: 15, total: 0, totalPages: 0 },
    });
  });

  test('moves the balance, adds the points, and leaves one entry each, newest first', async () => {
    const of = await anOrganization(owner);
    expect(await move('credit', of, { amount: 5000, reason: 'Transfer' })).toMatchObject({
      status: 200,
      body: { success: true, data: null },
    });
    const charged = await move('charge', of, { amount: 1000, service: 'sms', sms_point: 100, reason: 'Monthly' });
    expect(charged).toMatchObject({ status: 200 });
    expect(charged.body).toEqual({ success: true, message: 'Charge processed successfully', data: null });
    expect(await walletOf(of)).toEqual({ balance: 4000, smsPoints: 100 });
    expect((await transactions(of)).body.data).toEqual([
      {
        id: expect.any(Number),
        type: 'charge',
        amount: 1000,
        service: 'sms',
        smsPoint: 100,
        reason: 'Monthly',
        balanceAfter: 4000,
        createdBy: toUuid('user', administrator.id),
        createdAt: expect.stringMatching(/Z$/),
      },
      expect.objectContaining({
        type: 'credit',
        amount: 5000,
        service: null,
        smsPoint: null,
        reason: 'Transfer',
        balanceAfter: 5000,
      }),
    ]);
  });

  test('a balance below the amount is 402, and nothing has changed', async () => {
    const of = await anOrganization(owner);
    await credit(of, 99);
    expect(await charge(of, 100)).toMatchObject({ status: 402, body: { code: 'insufficient_balance' } });
    expect(await charge(of, 99)).toMatchObject({ status: 200 });
    expect(await expectProved(of)).toHaveLength(2);
  });

  test('an organization that is not active can be charged and credited', async () => {
    const of = await anOrganization(owner, { status: 'suspended', statusReason: 'test' });
    expect(await credit(of, 10)).toMatchObject({ status: 200 });
    expect(await charge(of, 10)).toMatchObject({ status: 200 });
  });

  test('a wallet holds no more than can be counted exactly', async () => {
    const of = await anOrganization(owner, {
      wallet: { balance: Number.MAX_SAFE_INTEGER - 5, smsPoints: 0, entries: 1, changedAt: 0 },
    });
    expectRefusedFor(await credit(of, 6), 'amount');
    expect(await credit(of, 5)).toMatchObject({ status: 200 });
  });

  test.each(
    badValues({
      amount: [undefined, null, '1000', 0, -1, 1.5, 1e12 + 1, [1]],
      service: [undefined, null, 'fax', 7, 'SMS'],
      reason: [null, 7, 'r'.repeat(501)],
      sms_point: [1],
      balance: [5],
    }),
  )('a charge is refused for $field', async ({ field, value }) => {
    const of = await anOrganization(owner);
    expectRefusedFor(await move('charge', of, { amount: 1, service: 'email', ...{ [field]: value } }), field);
  });

  test.each([undefined, null, 0, -1, 1.5, '5'])('a charge for sms is refused with sms_point %s', async (sms_point) => {
    const of = await anOrganization(owner);
    expectRefusedFor(await move('charge', of, { amount: 1, service: 'sms', sms_point }), 'sms_point');
  });

  test('a charge names every field that is wrong at once', async () => {
    const of = await anOrganization(owner);
    const wrong = (body: unknown) => move('charge', of, body).then(fieldsOf);
    expect(await wrong({ amount: 'x', service: 'sms', balance: 1 })).toEqual(['amount', 'balance', 'sms_point']);
    expect(await wrong({ service: 'email', sms_point: 1, reason: 7 })).toEqual(['amount', 'reason', 'sms_point']);
  });

  test.each(badValues({ amount: [undefined, null, 0, '1', 1e12 + 1], reason: [null, 5], service: ['sms'] }))(
    'a credit is refused for $field',
    async ({ field, value }) => {
      expectRefusedFor(await move('credit', await anOrganization(owner), { amount: 1, ...{ [field]: value } }), field);
    },
  );

  test('is for platform administrators alone: 403 to everybody else, whatever it names', async () => {
    const of = await anOrganization(owner);
    const stranger = { ...(await signedIn(await somebody())) };
    const key = { ...(await aCredential(of, owner)) };
    for (const as of [asOwner, stranger, key]) {
      for (const named of [of, { ...of, id: 77 }]) {
        for (const kind of ['charge', 'credit'] as const) {
          expect(await move(kind, named, { amount: 1, service: 'email' }, {}, as)).toMatchObject({ status: 403 });
        }
      }
    }
    expect(await move('credit', of, { amount: 1 }, {}, {})).toMatchObject({ status: 401 });
    expect(await credit({ ...of, id: 77 }, 1)).toMatchObject({ status: 404 });
  });

  test('every movement leaves its audit entry', async () => {
    const of = await anOrganization(owner);
    await credit(of, 7);
    await charge(of, 8);
    const entries = (await storedItems()).filter((item) => item.kind === 'auditEntry' && item.organizationId === of.id);
    expect(entries).toHaveLength(1);
    expect(entries[0]?.admin).toBe(administrator.email);
  });
});

describe('with an Idempotency-Key', () => {
  test('a charge that is repeated, one after the other and at once, is made once', async () => {
    const of = await anOrganization(owner);
    await credit(of, 1000);
    const key = { 'idempotency-key': 'invoice 7' };
    const first = await charge(of, 10, key);
    const again = await Promise.all(Array.from({ length: 10 }, () => charge(of, 10, key)));
    for (const answer of again) {
      expect(answer).toMatchObject({ status: 200, text: first.text });
      expect(answer.headers['idempotent-replayed']).toBe('true');
    }
    const other = { 'idempotency-key': 'invoice 8' };
    const atOnce = await Promise.all(Array.from({ length: 20 }, () => charge(of, 5, other)));
    expect(new Set(atOnce.map(({ status }) => status))).toEqual(new Set([200]));
    expect((await walletOf(of)).balance).toBe(985);
    expect(await charge(of, 11, key)).toMatchObject({ status: 422, body: { code: 'idempotency_key_reused' } });
    expect(await expectProved(of)).toHaveLength(3);
  });

  test('one key serves two organizations, since their paths differ', async () => {
    const [one, other] = [await anOrganization(owner), await anOrganization(owner)];
    const key = { 'idempotency-key': 'shared' };
    await credit(one, 5, key);
    await credit(other, 5, key);
    expect([(await walletOf(one)).balance, (await walletOf(other)).balance]).toEqual([5, 5]);
  });

  test('a refusal is not kept: once there is enough, the same key charges', async () => {
    const of = await anOrganization(owner);
    const key = { 'idempotency-key': 'later' };
    expect(await charge(of, 5, key)).toMatchObject({ status: 402 });
    await credit(of, 5);
    expect(await charge(of, 5, key)).toMatchObject({ status: 200 });
  });
});

/** As a client does it: an answer that says to come again (the machine may be slow) is followed, under the same key. */
async function insist(send: (key: Headers) => Promise<ApiAnswer>): Promise<ApiAnswer> {
  const key = { 'idempotency-key': randomUUID() };
  for (;;) {
    const answer = await send(key);
    if (answer.status !== 503) return answer;
    expect(answer.headers['retry-after']).toMatch(/^[1-9]\d*$/);
    await pause(Number(answer.headers['retry-after']) * 1000);
  }
}

describe(`${atOnce} at once`, () => {
  test('charges take what is there, no more, lose none, and come to an end', async () => {
    const of = await anOrganization(owner);
    const enough = atOnce * 0.6;
    await credit(of, enough * 10);
    const answers = await Promise.all(Array.from({ length: atOnce }, () => insist((key) => charge(of, 10, key))));
    const statuses = answers.map(({ status }) => status);
    expect(statuses.filter((status) => status === 200)).toHaveLength(enough);
    expect(statuses.filter((status) => status === 402)).toHaveLength(atOnce - enough);
    expect(await walletOf(of)).toMatchObject({ balance: 0 });
    expect(await expectProved(of)).toHaveLength(1 + enough);
  }, 120_000);

  test('charges and credits mixed come one after the other, and the sum is the balance', async () => {
    const of = await anOrganization(owner);
    const answers = await Promise.all(
      Array.from({ length: atOnce }, (_, at) =>
        insist((key) => (at % 2 === 0 ? credit(of, 10, key) : charge(of, 7, key))),
      ),
    );
    const made = answers.filter(({ status }) => status === 200).length;
    expect(answers.every(({ status }) => status === 200 || status === 402)).toBe(true);
    expect(await expectProved(of)).toHaveLength(made);
  }, 120_000);
});

describe('GET …/wallet/transactions', () => {
  test('pages newest first, with the exact total', async () => {
    const of = await anOrganization(owner);
    for (let amount = 1; amount <= 7; amount += 1) await credit(of, amount);
    const amounts = async (query: string) =>
      (await transactions(of, query)).body.data.map(({ amount }: Entry) => amount);
    expect(await amounts('?per_page=3')).toEqual([7, 6, 5]);
    expect(await amounts('?page=2&per_page=3')).toEqual([4, 3, 2]);
    expect(await amounts('?page=3&per_page=3')).toEqual([1]);
    expect(await amounts('?page=4&per_page=3')).toEqual([]);
    expect((await transactions(of, '?page=2&per_page=3')).body.pagination).toEqual({
      page: 2,
      perPage: 3,
      total: 7,
      totalPages: 3,
    });
    for (const query of ['page=0', 'per_page=101', 'page=x']) {
      expectRefusedFor(await transactions(of, `?${query}`), query.slice(0, query.indexOf('=')));
    }
  });

  test('needs wallet:read', async () => {
    const of = await anOrganization(owner);
    const [viewer, accountant] = [await somebody(), await somebody()];
    await aMember(of, viewer, ['VIEWER']);
    await aMember(of, accountant, ['ACCOUNTING']);
    expect(await transactions(of, '', { ...(await signedIn(viewer)) })).toMatchObject({ status: 403 });
    expect(await transactions(of, '', { ...(await signedIn(accountant)) })).toMatchObject({ status: 200 });
    expect(await walletOf(of, { ...(await signedIn(accountant)) })).toEqual({ balance: 0, smsPoints: 0 });
  });
});

test('the month’s consumption tells the sum of its charges', async () => {
  const of = await anOrganization(owner);
  await credit(of, 100);
  await charge(of, 30);
  await charge(of, 12);
  const { handler } = await import('../../../functions/jobs/consumption-rollup.ts');
  await handler({});
  await handler({});
  const path = `/orgs/${of.id}/consumption`;
  const { body } = await call({ method: 'GET', path, headers: asOwner });
  expect(body).toMatchObject({ wallet_charged: 42 });
});
