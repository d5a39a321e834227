import { beforeAll, describe, expect, it } from 'vitest';
import { handler as rollup } from '../../../functions/jobs/consumption-rollup.ts';
import { keyOf } from '../../../shared/data/table.ts';
import { tenantWithoutCaller } from '../../../shared/domain/access/tenant.ts';
import { toHex24, toUuid } from '../../../shared/domain/identifiers.ts';
import type { Organization } from '../../../shared/domain/organization/organization.ts';
import { dayMilliseconds, hourMilliseconds, monthOf, toIso } from '../../../shared/domain/timestamp.ts';
import type { User } from '../../../shared/domain/user/user.ts';
import { services } from '../../support/all-services.ts';
import { apiUnderTest } from '../../support/api-under-test.ts';
import { aCredential, aMember, anOrganization, signedIn, somebody } from '../../support/people-and-organizations.ts';
import { storedItems } from '../../support/stored-items.ts';

type Headers = Record<string, string>;

const { call } = await apiUnderTest();
let owner: User;
let asOwner: Headers;

beforeAll(async () => {
  owner = await somebody();
  asOwner = await signedIn(owner);
});

let events = 0;
/** An event as it is sent, with a fresh id, just now. */
function event(traits: object = {}) {
  events += 1;
  return { id: `event-${events}`, meter: 'renders', quantity: 1, timestamp: new Date().toISOString(), ...traits };
}
const bytes = (quantity: number, user: User = owner, traits: object = {}) =>
  event({ meter: 'storage_bytes', quantity, user_id: user.id, ...traits });

const send = ({ id }: Organization, rows: unknown, headers: Headers = asOwner) =>
  call({ method: 'POST', path: `/orgs/org-${id}/usage_events`, headers, body: { events: rows } });
const statuses = (answer: { body: { results: { status: string; code?: string }[] } }) =>
  answer.body.results.map(({ status, code }) => (code ? `${status}: ${code}` : status));
const consumption = async ({ id }: Organization, query = '') =>
  (await call({ method: 'GET', path: `/orgs/${id}/consumption${query}`, headers: asOwner })).body;

/** What is used, as the membership and the organization's counter tell it. */
async function used({ id }: Organization, user: User = owner) {
  const { members, organizations } = services().stores;
  const tenant = tenantWithoutCaller(id);
  const [membership, organization] = await Promise.all([members.get(tenant, user.id), organizations.get(id)]);
  return [membership?.bytesUsed, organization?.counters.bytesUsed];
}

describe('recording usage', () => {
  it('takes every meter and answers in order', async () => {
    const organization = await anOrganization(owner);
    const rows = [
      bytes(5_000_000_000),
      event({ meter: 'sms_points', quantity: 12 }),
      event({ meter: 'render minutes', quantity: 0.5 }),
      event({ meter: 'render minutes', quantity: -0.25, user_id: toUuid('user', owner.id) }),
      bytes(-3_000_000_000, owner, { user_id: toHex24('user', owner.id) }),
    ];
    const answer = await send(organization, rows);
    expect(answer.status, answer.text).toBe(200);
    expect(answer.body).toEqual({ results: rows.map(({ id }) => ({ id, status: 'accepted' })) });
    expect(await used(organization)).toEqual([2_000_000_000, 2_000_000_000]);
    await rollup({});
    expect(await consumption(organization)).toMatchObject({
      storage_used: 5,
      sms_points_used: 12,
      meters: { 'render minutes': 0.25 },
      adjustments: [],
    });
  });

  it('takes a hundred at once, and counts each', async () => {
    const organization = await anOrganization(owner);
    const rows = Array.from({ length: 100 }, (_, at) => (at % 2 ? event({ quantity: at }) : bytes(at)));
    const answer = await send(organization, rows);
    expect(new Set(statuses(answer))).toEqual(new Set(['accepted']));
    await rollup({});
    expect(await consumption(organization)).toMatchObject({ meters: { renders: 2_500 }, storage_used: 2_450 / 1e9 });
    expect(await used(organization)).toEqual([2_450, 2_450]);
  });

  it('leaves no audit entry: measurements are no mutations', async () => {
    const organization = await anOrganization(owner);
    await send(organization, [bytes(1)]);
    const entries = (await storedItems()).filter(
      ({ kind, organizationId }) => kind === 'auditEntry' && organizationId === organization.id,
    );
    expect(entries).toEqual([]);
  });
});

describe('an id', () => {
  it('counts once for ever, whatever comes with it the second time', async () => {
    const organization = await anOrganization(owner);
    const row = bytes(100);
    expect(statuses(await send(organization, [row, row]))).toEqual(['accepted', 'duplicate']);
    const later = { ...row, quantity: 7, timestamp: toIso(Date.now() - 5 * dayMilliseconds) };
    expect(statuses(await send(organization, [later]))).toEqual(['duplicate']);
    expect(await used(organization)).toEqual([100, 100]);
  });

  it('counts once in one request, however far apart its rows are', async () => {
    const organization = await anOrganization(owner);
    const row = bytes(100);
    const rows = [row, ...Array.from({ length: 60 }, () => event()), { ...row, quantity: 7 }];
    const answer = await send(organization, rows);
    expect(statuses(answer)).toEqual([...Array(61).fill('accepted'), 'duplicate']);
    expect(await used(organization)).toEqual([100, 100]);
  });

  it('counts once when many send it at once', async () => {
    const organization = await anOrganization(owner);
    const rows = [bytes(10), event({ quantity: 3 }), bytes(1)];
    const answers = await Promise.all(Array.from({ length: 8 }, () => send(organization, rows)));
    expect(answers.map(({ status }) => status)).toEqual(Array(8).fill(200));
    for (let at = 0; at < rows.length; at += 1) {
      expect(answers.filter((answer) => statuses(answer)[at] === 'accepted')).toHaveLength(1);
    }
    expect(await used(organization)).toEqual([11, 11]);
    await rollup({});
    expect((await consumption(organization)).meters).toEqual({ renders: 3 });
  });

  it('is another one in another organization', async () => {
    const [one, other] = [await anOrganization(owner), await anOrganization(owner)];
    const row = event();
    expect(statuses(await send(one, [row]))).toEqual(['accepted']);
    expect(statuses(await send(other, [row]))).toEqual(['accepted']);
  });

  it('may come again after it was rejected', async () => {
    const organization = await anOrganization(owner);
    const member = await somebody();
    await aMember(organization, member, ['CONTRIBUTOR'], { bytesLimit: 10 });
    const row = bytes(20, member);
    expect(statuses(await send(organization, [row]))).toEqual(['rejected: limit_exceeded']);
    expect(statuses(await send(organization, [{ ...row, quantity: 10 }]))).toEqual(['accepted']);
  });
});

describe('a storage limit', () => {
  it('refuses the rows that would exceed it, and those alone', async () => {
    const organization = await anOrganization(owner);
    const member = await somebody();
    await aMember(organization, member, ['CONTRIBUTOR'], { bytesLimit: 100 });
    const answer = await send(organization, [
      bytes(60, member),
      bytes(41, member),
      bytes(40, member),
      bytes(1, member),
      bytes(-50, member),
      bytes(50, member),
      bytes(1_000),
    ]);
    expect(statuses(answer)).toEqual([
      'accepted',
      'rejected: limit_exceeded',
      'accepted',
      'rejected: limit_exceeded',
      'accepted',
      'accepted',
      'accepted',
    ]);
    expect(answer.body.results[1].message).toBe('The user may not use as much storage.');
    expect(await used(organization, member)).toEqual([100, 1_100]);
  });

  it('is never exceeded by many at once', async () => {
    const organization = await anOrganization(owner);
    const member = await somebody();
    await aMember(organization, member, ['CONTRIBUTOR'], { bytesLimit: 50 });
    const answers = await Promise.all(Array.from({ length: 10 }, () => send(organization, [bytes(10, member)])));
    expect(answers.flatMap(statuses).sort()).toEqual([
      ...Array(5).fill('accepted'),
      ...Array(5).fill('rejected: limit_exceeded'),
    ]);
    expect(await used(organization, member)).toEqual([50, 50]);
  });

  it('lets somebody who is over it free storage, and nothing else', async () => {
    const organization = await anOrganization(owner);
    const member = await somebody();
    await aMember(organization, member, ['CONTRIBUTOR'], { bytesLimit: 10, bytesUsed: 40 });
    const answer = await send(organization, [
      bytes(1, member),
      bytes(-20, member),
      bytes(1, member),
      bytes(-15, member),
    ]);
    expect(statuses(answer)).toEqual(['rejected: limit_exceeded', 'accepted', 'rejected: limit_exceeded', 'accepted']);
    expect(statuses(await send(organization, [bytes(5, member)]))).toEqual(['accepted']);
  });

  it('never comes below nothing', async () => {
    const organization = await anOrganization(owner);
    expect(statuses(await send(organization, [bytes(5), bytes(-6), bytes(-5), bytes(-1), bytes(0)]))).toEqual([
      'accepted',
      'rejected: below_zero',
      'accepted',
      'rejected: below_zero',
      'accepted',
    ]);
    expect(await used(organization)).toEqual([0, 0]);
    expect(statuses(await send(organization, [bytes(Number.MAX_SAFE_INTEGER), bytes(1)]))).toEqual([
      'accepted',
      'rejected: limit_exceeded',
    ]);
  });

  it('records nothing for a member who is removed while it is being recorded', async () => {
    const organization = await anOrganization(owner);
    const member = await somebody();
    await aMember(organization, member, ['VIEWER']);
    const { get } = Object.getPrototypeOf(services().table);
    let isRemoved = false;
    services().table.get = async (keys) => {
      const items = await get.call(services().table, keys);
      if (
        !isRemoved &&
        keys.some(({ sk }) => sk === keyOf('membership', { organization: organization.id, user: member.id }).sk)
      ) {
        isRemoved = true;
        const path = `/organizations/${organization.id}/users/${member.id}`;
        expect((await call({ method: 'DELETE', path, headers: asOwner })).status).toBe(204);
      }
      return items;
    };
    const answer = await send(organization, [bytes(3, member)]);
    services().table.get = get;
    expect(isRemoved).toBe(true);
    expect(answer).toMatchObject({ status: 400, body: { fields: { 'events.0.user_id': expect.any(String) } } });
    const kept = (await storedItems()).filter(
      ({ pk, kind }) => kind === 'usageRecord' && `${pk}`.includes(`${organization.id}`),
    );
    expect(kept).toEqual([]);
    expect(statuses(await send(organization, [bytes(3)]))).toEqual(['accepted']);
  });

  it('keeps the counter of the organization right when members leave meanwhile', async () => {
    const organization = await anOrganization(owner);
    const members = await Promise.all(Array.from({ length: 4 }, () => somebody()));
    for (const member of members) await aMember(organization, member, ['CONTRIBUTOR']);
    const path = (member: User) => `/api/organizations/${organization.id}/members/${member.id}`;
    await Promise.all(
      members.flatMap((member) => [
        send(organization, [bytes(10, member)]),
        call({ method: 'DELETE', path: path(member), headers: asOwner }),
      ]),
    );
    expect(await used(organization)).toEqual([0, 0]);
  });
});

describe('what arrives late', () => {
  it('counts in its own hour while the month is open', async () => {
    const organization = await anOrganization(owner);
    const now = Date.now();
    await rollup({});
    const earlier = Math.max(Date.parse(`${monthOf(now)}-01`), now - 5 * hourMilliseconds);
    await send(organization, [event({ quantity: 4, timestamp: toIso(earlier) })]);
    await rollup({});
    expect(await consumption(organization)).toMatchObject({ meters: { renders: 4 }, adjustments: [] });
  });

  it('becomes an adjustment of a month that is closed, which it does not change', async () => {
    const organization = await anOrganization(owner);
    const lastMonth = monthOf(Date.parse(`${monthOf(Date.now())}-01`) - dayMilliseconds);
    const before = await consumption(organization, `?month=${lastMonth}`);
    const rows = [
      event({ quantity: 1e300, timestamp: `${lastMonth}-28T23:00:00.000Z` }),
      event({ meter: 'sms_points', quantity: 3, timestamp: `${lastMonth}-01T00:00:00.000Z` }),
      bytes(2_000_000_000, owner, { timestamp: `${lastMonth}-15T00:00:00.000Z` }),
    ];
    expect(new Set(statuses(await send(organization, rows)))).toEqual(new Set(['accepted']));
    expect(statuses(await send(organization, rows))).toEqual(Array(3).fill('duplicate'));
    await rollup({});
    const after = await consumption(organization, `?month=${lastMonth}`);
    expect({ ...after, as_of: null }).toEqual({
      ...before,
      as_of: null,
      adjustments: rows.map(({ id, meter, quantity, timestamp }) => ({
        id,
        meter,
        quantity,
        timestamp,
        received_at: expect.stringMatching(/Z$/),
      })),
    });
    // What is stored is stored since then, for all that is known: it counts from when it was told.
    expect(await consumption(organization)).toMatchObject({ storage_used: 2, sms_points_used: 0, meters: {} });
    const above = await anOrganization(owner);
    expect((await consumption(above, `?month=${lastMonth}&include_children=true`)).adjustments).toEqual([]);
  });

  it('shows a thousand adjustments at a time, and all of them once, over a subtree too', async () => {
    const above = await anOrganization(owner);
    const below = await anOrganization(owner, { parent: above });
    const lastMonth = monthOf(Date.parse(`${monthOf(Date.now())}-01`) - dayMilliseconds);
    const sent: string[] = [];
    for (const organization of Array.from({ length: 12 }, (_, at) => (at % 3 ? below : above))) {
      const rows = Array.from({ length: 90 }, () => event({ timestamp: `${lastMonth}-03T00:00:00.000Z` }));
      expect(new Set(statuses(await send(organization, rows)))).toEqual(new Set(['accepted']));
      sent.push(...rows.map(({ id }) => id));
    }
    const page = (path: string) => call({ method: 'GET', path, headers: asOwner });
    const first = await page(`/orgs/${above.id}/consumption?month=${lastMonth}&include_children=true`);
    const [, next = ''] = /^<(.+)>; rel="next"$/.exec(first.headers.link ?? '') ?? [];
    expect(next).toContain('cursor=');
    const second = await page(next);
    expect(first.body.adjustments).toHaveLength(990);
    expect(second.headers.link).toBeUndefined();
    const shown = [first, second].flatMap(({ body }) => body.adjustments.map(({ id }: { id: string }) => id));
    expect(shown).toEqual(sent);
    expect({ ...second.body, adjustments: [] }).toEqual({ ...first.body, adjustments: [] });
    const wrong = await page(`/orgs/${above.id}/consumption?month=${lastMonth}&cursor=here`);
    expect([wrong.status, Object.keys(wrong.body.fields)]).toEqual([400, ['cursor']]);
  });

  it('lets go of the storage of who leaves, and counts it again for who is restored', async () => {
    const organization = await anOrganization(owner);
    const [leaver, deleted] = [await somebody(), await somebody({ homeOrganizationId: organization.id })];
    for (const member of [leaver, deleted]) await aMember(organization, member, ['CONTRIBUTOR']);
    await send(organization, [bytes(1), bytes(10, leaver), bytes(100, deleted)]);
    const stored = async () => {
      await rollup({});
      const month = await services().stores.consumption.latestMonth(
        tenantWithoutCaller(organization.id),
        monthOf(Date.now()),
      );
      return month?.storageBytesEnd;
    };
    expect(await stored()).toBe(111);
    const path = `/organizations/${organization.id}/users/${leaver.id}`;
    expect(await call({ method: 'DELETE', path, headers: asOwner })).toMatchObject({ status: 204 });
    expect(await stored()).toBe(101);
    const key = await aCredential(organization, owner);
    const setDeleted = (isDeleted: boolean) =>
      call({
        method: 'PUT',
        path: `/clients/v1/organization-admin/members/${deleted.id}/update`,
        headers: { ...key },
        body: { is_deleted: isDeleted },
      });
    expect(await setDeleted(true)).toMatchObject({ status: 200 });
    expect(await stored()).toBe(1);
    expect(await setDeleted(false)).toMatchObject({ status: 200 });
    expect(await stored()).toBe(101);
    expect(await used(organization, deleted)).toEqual([100, 101]);
  });

  it('keeps storage over months in which nothing happens', async () => {
    const organization = await anOrganization(owner);
    await send(organization, [bytes(7_000_000_000)]);
    await rollup({});
    const next = `${new Date().getUTCFullYear() + 1}-01`;
    const tenant = tenantWithoutCaller(organization.id);
    expect(await services().stores.consumption.latestMonth(tenant, next)).toMatchObject({
      storageBytesEnd: 7_000_000_000,
    });
  });
});

describe('an Idempotency-Key', () => {
  it('gets the first answer again', async () => {
    const organization = await anOrganization(owner);
    const headers = { ...asOwner, 'idempotency-key': 'usage' };
    const rows = [event(), bytes(5)];
    const [first, again] = [await send(organization, rows, headers), await send(organization, rows, headers)];
    expect([again.text, again.headers['idempotent-replayed']]).toEqual([first.text, 'true']);
    expect(statuses(first)).toEqual(['accepted', 'accepted']);
  });

  it('gets the whole answer also after a request that was interrupted in the middle', async () => {
    const organization = await anOrganization(owner);
    const headers = { ...asOwner, 'idempotency-key': 'interrupted' };
    const rows = Array.from({ length: 60 }, () => bytes(1));
    const { commit } = Object.getPrototypeOf(services().table);
    let commits = 0;
    services().table.commit = async (...given) => {
      commits += 1;
      if (commits === 3) throw new Error('Killed.');
      await commit.apply(services().table, given);
    };
    const killed = await send(organization, rows, headers);
    services().table.commit = commit;
    expect(killed.status).toBe(500);
    expect(await used(organization)).toEqual([40, 40]);
    expect(statuses(await send(organization, rows, headers))).toEqual(Array(60).fill('accepted'));
    expect(await used(organization)).toEqual([60, 60]);
    expect(new Set(statuses(await send(organization, rows)))).toEqual(new Set(['duplicate']));
  });
});

describe('a malformed event refuses the whole request', () => {
  const wrong: [string, object | null, string][] = [
    ['no id', { id: undefined }, 'id'],
    ['an empty id', { id: '' }, 'id'],
    ['a long id', { id: 'x'.repeat(129) }, 'id'],
    ['an id with a line feed', { id: 'a\nb' }, 'id'],
    ['a number for an id', { id: 5 }, 'id'],
    ['no meter', { meter: undefined }, 'meter'],
    ['an empty meter', { meter: '' }, 'meter'],
    ['a long meter', { meter: 'x'.repeat(65) }, 'meter'],
    ['a meter that is a trap', { meter: '__proto__' }, 'meter'],
    ['no quantity', { quantity: undefined }, 'quantity'],
    ['a quantity in words', { quantity: '5' }, 'quantity'],
    ['null for a quantity', { quantity: null }, 'quantity'],
    ['half a byte', { meter: 'storage_bytes', quantity: 0.5, user_id: 1 }, 'quantity'],
    ['more bytes than numbers', { meter: 'storage_bytes', quantity: 2 ** 53, user_id: 1 }, 'quantity'],
    ['half a point', { meter: 'sms_points', quantity: 1.5 }, 'quantity'],
    ['no points', { meter: 'sms_points', quantity: 0 }, 'quantity'],
    ['points back', { meter: 'sms_points', quantity: -1 }, 'quantity'],
    ['no timestamp', { timestamp: undefined }, 'timestamp'],
    ['a timestamp in words', { timestamp: 'yesterday' }, 'timestamp'],
    ['a day that is none', { timestamp: '2026-02-30T00:00:00Z' }, 'timestamp'],
    ['the future', { timestamp: toIso(Date.now() + hourMilliseconds) }, 'timestamp'],
    ['the time before time', { timestamp: '1969-12-31T00:00:00Z' }, 'timestamp'],
    ['bytes of nobody', { meter: 'storage_bytes', quantity: 1 }, 'user_id'],
    ['bytes of null', { meter: 'storage_bytes', quantity: 1, user_id: null }, 'user_id'],
    ['a user that cannot be', { user_id: 'x' }, 'user_id'],
    ['a user of another kind', { user_id: 'org-5' }, 'user_id'],
    ['a user who is nobody', { user_id: 12345 }, 'user_id'],
    ['an unknown neighbour', { unit: 'GB' }, 'unit'],
  ];
  it.each(wrong)('%s', async (_, traits, field) => {
    const organization = await anOrganization(owner);
    const answer = await send(organization, [event(), event({ ...traits }), bytes(5)]);
    expect(answer.status, answer.text).toBe(400);
    expect(answer.body.fields).toHaveProperty([`events.1.${field}`]);
    expect(await used(organization)).toEqual([0, 0]);
  });

  it('names a member of another organization like nobody', async () => {
    const organization = await anOrganization(owner);
    const stranger = await somebody();
    const answer = await send(organization, [bytes(1, stranger), event({ user_id: stranger.id }), event()]);
    expect(answer.status).toBe(400);
    expect(Object.keys(answer.body.fields)).toEqual(['events.0.user_id', 'events.1.user_id']);
  });

  it.each([
    ['no events', undefined, 'events'],
    ['null', null, 'events'],
    ['an empty list', [], 'events'],
    ['101 events', Array.from({ length: 101 }, () => event()), 'events'],
    ['no list', { id: 'x' }, 'events'],
    ['a list of nothing', [null], 'events.0'],
  ])('%s', async (_, rows, field) => {
    const answer = await send(await anOrganization(owner), rows);
    expect(answer.status, answer.text).toBe(400);
    expect(answer.body.fields).toHaveProperty([field]);
  });

  it('an infinite quantity', async () => {
    const { id } = await anOrganization(owner);
    const body = `{"events":[{"id":"x","meter":"m","quantity":1e999,"timestamp":"2026-01-01T00:00:00Z"}]}`;
    const answer = await call({ method: 'POST', path: `/orgs/${id}/usage_events`, headers: asOwner, body });
    expect([answer.status, Object.keys(answer.body.fields)]).toEqual([400, ['events.0.quantity']]);
  });
});

describe('who may record usage', () => {
  it('is whoever holds usage:write', async () => {
    const organization = await anOrganization(owner);
    const [contributor, viewer] = [await somebody(), await somebody()];
    await aMember(organization, contributor, ['CONTRIBUTOR']);
    await aMember(organization, viewer, ['VIEWER']);
    expect((await send(organization, [event()], await signedIn(contributor))).status).toBe(200);
    expect((await send(organization, [event()], await signedIn(viewer))).status).toBe(403);
    expect((await send(organization, [event()], await signedIn(await somebody()))).status).toBe(404);
    expect((await send(organization, [event()], await aCredential(organization, owner, ['usage:write']))).status).toBe(
      200,
    );
    const still = await anOrganization(owner, { status: 'inactive' });
    expect((await send(still, [event()])).body.error).toBe('organization_not_active');
  });
});
