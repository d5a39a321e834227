import { beforeAll, describe, expect, test } from 'vitest';
import { toHex24, toUuid } from '../../../shared/domain/identifiers.ts';
import { countryCodes } from '../../../shared/domain/organization/country-codes.ts';
import type { User } from '../../../shared/domain/user/user.ts';
import { apiUnderTest } from '../../support/api-under-test.ts';
import { signedIn, somebody } from '../../support/people-and-organizations.ts';

const { call } = await apiUnderTest();
let owner: User;
let headers: Record<string, string>;

beforeAll(async () => {
  owner = await somebody();
  headers = { ...(await signedIn(owner)) };
});

const create = (body: unknown, more: Record<string, string> = {}) =>
  call({ method: 'POST', path: '/api/organizations', headers: { ...headers, ...more }, body });

describe('POST /api/organizations', () => {
  test('answers 201 with the bare organization, whose OWNER is the caller', async () => {
    const answer = await create({ name: 'Acme', countryCode: 'DE' });
    expect(answer).toMatchObject({ status: 201 });
    expect(answer.body).toEqual({
      id: expect.stringMatching(/^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/),
      name: 'Acme',
      avatarUrl: null,
      status: 'active',
      statusReason: null,
      type: 'root',
      owner: toUuid('user', owner.id),
      countryCode: 'DE',
      createdAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
    });
  });

  test.each([
    ['name missing', { countryCode: 'DE' }, 'name'],
    ['name null', { name: null, countryCode: 'DE' }, 'name'],
    ['name empty', { name: '   ', countryCode: 'DE' }, 'name'],
    ['name of 121 characters', { name: 'x'.repeat(121), countryCode: 'DE' }, 'name'],
    ['name no text', { name: 12, countryCode: 'DE' }, 'name'],
    ['countryCode missing', { name: 'Acme' }, 'countryCode'],
    ['countryCode null', { name: 'Acme', countryCode: null }, 'countryCode'],
    ['countryCode in lower case', { name: 'Acme', countryCode: 'de' }, 'countryCode'],
    ['countryCode of no country', { name: 'Acme', countryCode: 'XX' }, 'countryCode'],
    ['countryCode of a country that is gone', { name: 'Acme', countryCode: 'SU' }, 'countryCode'],
    ['countryCode of three letters', { name: 'Acme', countryCode: 'DEU' }, 'countryCode'],
    ['countryCode a list', { name: 'Acme', countryCode: ['DE'] }, 'countryCode'],
    ['a field that is not the caller’s to set', { name: 'Acme', countryCode: 'DE', owner: 1 }, 'owner'],
  ])('refuses %s, naming the field', async (_, body, field) => {
    const answer = await create(body);
    expect(answer).toMatchObject({
      status: 400,
      body: { success: false, code: 'invalid_request', requestId: expect.any(String) },
    });
    expect(Object.keys(answer.body.errors)).toEqual([field]);
    expect(answer.body.errors[field]).toEqual([expect.any(String)]);
  });

  test('takes names of 120 characters and without Latin letters', async () => {
    const name = '株'.repeat(120);
    expect(await create({ name, countryCode: 'JP' })).toMatchObject({ status: 201, body: { name } });
  });

  test('answers a repetition with one Idempotency-Key byte for byte, having made one organization', async () => {
    const body = { name: 'Once', countryCode: 'FR' };
    const answers = await Promise.all([1, 2, 3].map(() => create(body, { 'idempotency-key': 'create-once' })));
    expect(new Set(answers.map(({ text }) => text)).size).toBe(1);
    const own = await call({ method: 'GET', path: '/organizations', headers });
    expect(
      own.body.filter(({ organization_name: name }: { organization_name: string }) => name === 'Once'),
    ).toHaveLength(1);
    const other = await create({ ...body, name: 'Twice' }, { 'idempotency-key': 'create-once' });
    expect(other).toMatchObject({ status: 422, body: { code: 'idempotency_key_reused' } });
  });

  test('is 401 without a credential', async () => {
    const answer = await call({
      method: 'POST',
      path: '/api/organizations',
      body: { name: 'Acme', countryCode: 'DE' },
    });
    expect(answer).toMatchObject({ status: 401, body: { success: false, code: 'unauthorized' } });
  });
});

describe('GET /api/organizations/{organizationId}', () => {
  test('answers the organization bare, with an ETag, to every spelling of its id', async () => {
    const { body } = await create({ name: 'Readable', countryCode: 'CH' });
    const number = Number.parseInt(body.id.slice(0, 8) + body.id.slice(9, 13) + body.id.slice(15, 17), 16);
    for (const id of [body.id, String(number), toHex24('organization', number), `org-${number}`]) {
      const answer = await call({ method: 'GET', path: `/api/organizations/${id}`, headers });
      expect(answer).toMatchObject({ status: 200, body });
      expect(answer.headers.etag).toMatch(/^"1-[0-9a-f]{16}"$/);
    }
  });

  test('is the same 404 for a stranger, for another kind of id and for what never was', async () => {
    const { body } = await create({ name: 'Hidden', countryCode: 'CH' });
    const stranger = await signedIn(await somebody());
    const read = (id: string) => call({ method: 'GET', path: `/api/organizations/${id}`, headers: stranger });
    const answers = await Promise.all([body.id, toUuid('user', 77), toUuid('organization', 77), 'x'].map(read));
    for (const answer of answers) {
      expect(answer.status).toBe(404);
      expect({ ...answer.body, requestId: '' }).toEqual({ ...answers[0]?.body, requestId: '' });
    }
  });
});

test('the country codes are those that ISO 3166-1 assigns today', () => {
  const names = new Intl.DisplayNames(['en'], { type: 'region', fallback: 'none' });
  const letters = Array.from({ length: 26 }, (_, at) => String.fromCharCode(65 + at));
  const named = letters.flatMap((one) => letters.map((other) => one + other)).filter((code) => names.of(code));
  // What Unicode names beside them: withdrawn codes, unions, exceptional reservations and private use.
  const beside = named.filter((code) => !countryCodes.has(code));
  expect([...countryCodes].filter((code) => !named.includes(code))).toEqual([]);
  expect(countryCodes.size).toBe(249);
  expect(beside.join(' ')).toBe(
    'AC AN BU CP CQ CS DD DG DY EA EU EZ FX HV IC NH QO RH SU TA TP UK UN VD XA XB XK YD YU ZR ZZ',
  );
});
