import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { tenantWithoutCaller } from '../../../shared/domain/access/tenant.ts';
import { type AccessEntry, accessStatuses } from '../../../shared/domain/access-log/access-entry.ts';
import type { Organization } from '../../../shared/domain/organization/organization.ts';
import { dayMilliseconds, toIso } from '../../../shared/domain/timestamp.ts';
import type { User } from '../../../shared/domain/user/user.ts';
import { services } from '../../support/all-services.ts';
import { apiUnderTest } from '../../support/api-under-test.ts';
import { extentOf } from '../../support/extent.ts';
import type { ApiAnswer } from '../../support/in-process-api.ts';
import { aCredential, aMember, anOrganization, signedIn, somebody } from '../../support/people-and-organizations.ts';

type Headers = Record<string, string>;

const now = Date.now();

const { call } = await apiUnderTest();
let owner: User;
let asOwner: Headers;

beforeAll(async () => {
  owner = await somebody();
  asOwner = await signedIn(owner);
});

const get = (path: string, headers: Headers = asOwner) => call({ method: 'GET', path, headers });
const logOf = (organization: Organization, query = '') => get(`/orgs/org-${organization.id}/access_log${query}`);

/** The path that the `Link` header leads to. */
function nextOf(answer: ApiAnswer): string | undefined {
  return /^<([^>]+)>; rel="next"$/.exec(answer.headers.link ?? '')?.[1];
}

/** All pages, one after the other. */
async function allPages(path: string): Promise<{ ids: string[]; pages: number }> {
  const ids: string[] = [];
  let pages = 0;
  for (let next: string | undefined = path; next !== undefined; pages += 1) {
    const answer = await get(next);
    expect(answer.status, answer.text).toBe(200);
    ids.push(...answer.body.map(({ id }: { id: string }) => id));
    next = nextOf(answer);
  }
  return { ids, pages };
}

describe('what leaves an entry', () => {
  it('is every authenticated request to the organization, refused ones too', async () => {
    const organization = await anOrganization(owner);
    const viewer = await somebody();
    await aMember(organization, viewer, ['VIEWER']);
    const stranger = await somebody();
    const key = await aCredential(organization, owner);
    const path = `/orgs/org-${organization.id}`;

    const read = await get(path);
    await get(`${path}/access_log?limit=0`);
    await get(`${path}/api_keys`, await signedIn(viewer));
    await get(path, await signedIn(stranger));
    await get(`${path}?secret=1`, key);
    await get(path, {});
    const [, ...entries] = (await logOf(organization)).body.concat();
    const log = (await logOf(organization)).body;
    expect(entries.length).toBe(log.length - 2);
    expect(log.map(({ user, action, status }: Record<string, string>) => [user, action, status])).toEqual([
      [owner.email, 'ACCESS_LOG_LIST', 'SUCCESS'],
      ['A credential', 'ORGANIZATION_READ', 'SUCCESS'],
      [stranger.email, 'ORGANIZATION_READ', 'DENIED'],
      [viewer.email, 'API_KEY_LIST', 'DENIED'],
      [owner.email, 'ACCESS_LOG_LIST', 'FAILURE'],
      [owner.email, 'ORGANIZATION_READ', 'SUCCESS'],
    ]);
    expect(log.at(-1)).toEqual({
      id: read.headers['x-request-id'],
      org_id: `org-${organization.id}`,
      timestamp: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
      user: owner.email,
      action: 'ORGANIZATION_READ',
      status: 'SUCCESS',
      ip: '127.0.0.1',
      method: 'GET',
      path,
      request_id: read.headers['x-request-id'],
    });
    expect(JSON.stringify(log)).not.toContain('secret');
  });

  it('is nothing that names no organization that there is', async () => {
    const organization = await anOrganization(owner);
    await get('/orgs/org-1/access_log');
    expect((await logOf(organization)).body).toEqual([]);
  });
});

/** `count` entries over these days back from now, in this many shards, of an organization that is older than they are. */
async function history(
  count: number,
  daysBack: number,
  shards: number,
  { bornDaysAgo = daysBack + 20, path = '/' } = {},
) {
  const now = Date.now();
  const organization = await anOrganization(owner, {
    logShards: shards,
    createdAt: now - bornDaysAgo * dayMilliseconds,
  });
  const entries = Array.from({ length: count }, (_, at): AccessEntry => {
    // Many share a millisecond: their ids order them.
    const timestamp =
      now - 10_000 - Math.floor(((at * 7_919) % count) / 3) * Math.floor((daysBack * dayMilliseconds) / count);
    return {
      id: `entry-${String((at * 31) % count).padStart(5, '0')}`,
      organizationId: organization.id,
      timestamp,
      user: `user+${at % 3}@example.com`,
      userId: at % 3,
      action: at % 2 === 0 ? 'ORGANIZATION_READ' : 'LOGIN',
      status: at % 5 === 0 ? 'DENIED' : 'SUCCESS',
      ip: '10.0.0.1',
      method: 'GET',
      path,
      requestId: `request-${at}`,
    };
  });
  await services().stores.accessLog.append(entries.map((entry) => ({ entry, shards })));
  const ordered = entries.toSorted((one, other) => other.timestamp - one.timestamp || (one.id < other.id ? 1 : -1));
  return { organization, entries: ordered };
}

const idsOf = (entries: readonly AccessEntry[]) => entries.map(({ id }) => id);

describe('reading on from page to page', () => {
  it.each([
    { count: 240, daysBack: 390, shards: 1, limit: 50 },
    { count: 12, daysBack: 390, shards: 7, limit: 1 },
    { count: 600, daysBack: 2, shards: 1, limit: 33 },
    { count: 600, daysBack: 2, shards: 5, limit: 33 },
    { count: 600, daysBack: 0, shards: 16, limit: 100 },
    { count: 300, daysBack: 30, shards: 3, limit: 1_000 },
  ])('has no gap and no repetition: %o', async ({ count, daysBack, shards, limit }) => {
    const { organization, entries } = await history(count, daysBack, shards);
    const until = toIso(entries[0]?.timestamp ?? 0);
    const { ids, pages } = await allPages(`/orgs/${organization.id}/access_log?limit=${limit}&end=${until}`);
    expect(ids).toEqual(idsOf(entries));
    expect(pages).toBe(Math.ceil(count / limit));
  });

  it('cuts a page that would be too heavy to answer: whoever calls makes the path', async () => {
    const { organization, entries } = await history(800, 1, 2, { path: `/orgs/${'x'.repeat(8_000)}` });
    const path = `/orgs/${organization.id}/access_log?limit=1000&end=${toIso(entries[0]?.timestamp ?? 0)}`;
    expect(Buffer.byteLength((await get(path)).text)).toBeLessThan(4_000_000);
    expect((await allPages(path)).ids).toEqual(idsOf(entries));
  });

  it('keeps its place while new entries arrive', async () => {
    const { organization, entries } = await history(60, 1, 2);
    const first = await logOf(organization, `?limit=20&end=${toIso(entries[0]?.timestamp ?? 0)}`);
    for (let at = 0; at < 5; at += 1) await get(`/orgs/${organization.id}`);
    const next = nextOf(first);
    if (next === undefined) throw new Error('There is no next page.');
    const { ids } = await allPages(next);
    expect([...first.body.map(({ id }: { id: string }) => id), ...ids]).toEqual(idsOf(entries));
  });

  it('keeps the filters and reaches every match, however rare', async () => {
    const { organization, entries } = await history(400, 100, 3);
    const filter = 'user=User+1%40example.com&status=DENIED&action=LOGIN';
    const wanted = entries.filter(
      ({ user, status, action }) => user === 'user+1@example.com' && status === 'DENIED' && action === 'LOGIN',
    );
    expect(wanted.length).toBeGreaterThan(5);
    const { ids } = await allPages(`/orgs/${organization.id}/access_log?limit=3&${filter}`);
    expect(ids).toEqual(idsOf(wanted));
  });
});

const aMoment = fc.oneof(
  // Many in one millisecond, in one second, around midnight, anywhere.
  fc.nat(3),
  fc.nat(1_000),
  fc.nat({ max: 5 }).map((days) => (days * dayMilliseconds + (now % dayMilliseconds) + days) % (390 * dayMilliseconds)),
  fc.nat(390 * dayMilliseconds),
);
const aLog = fc.record({
  shards: fc.integer({ min: 1, max: 9 }),
  entries: fc.array(fc.record({ ago: aMoment, shards: fc.integer({ min: 1, max: 9 }), status: fc.nat(2) }), {
    maxLength: 70,
  }),
  limit: fc.integer({ min: 1, max: 25 }),
  status: fc.option(fc.constantFrom(...accessStatuses), { nil: undefined }),
  from: fc.nat(390 * dayMilliseconds),
});

it('every log is read to its end without gap or repetition, whatever it has been spread over, while it grows', async () => {
  let logs = 0;
  await fc.assert(
    fc.asyncProperty(aLog, async ({ shards, entries: traits, limit, status, from }) => {
      logs += 1;
      const { id: organizationId } = await anOrganization(owner, { logShards: shards });
      const log = services().stores.accessLog;
      const entryAt = (timestamp: number, id: string, of: AccessEntry['status']): AccessEntry => ({
        id,
        organizationId,
        timestamp,
        user: 'user@example.com',
        userId: 1,
        action: 'ORGANIZATION_READ',
        status: of,
        ip: '10.0.0.1',
        method: 'GET',
        path: '/',
        requestId: id,
      });
      const written = traits.map(({ ago, shards: then, status: of }, at) => ({
        entry: entryAt(now - ago, `entry-${logs}-${(at * 37) % 71}`, accessStatuses[of] ?? 'SUCCESS'),
        // The spread was narrower once.
        shards: Math.min(then, shards),
      }));
      await log.append(written);
      const start = now - from;
      const wanted = written
        .map(({ entry }) => entry)
        .filter((entry) => entry.timestamp >= start && (status === undefined || entry.status === status))
        .toSorted((one, other) => other.timestamp - one.timestamp || (one.id < other.id ? 1 : -1));
      const ids: string[] = [];
      let cursor: string | undefined;
      do {
        const tenant = tenantWithoutCaller(organizationId);
        const page = await log.list(tenant, shards, { start, end: now + dayMilliseconds, status, limit, cursor });
        expect(page.entries.length).toBeLessThanOrEqual(limit);
        for (const { id } of page.entries) ids.push(id);
        cursor = page.cursor;
        const late = entryAt(now + 1 + ids.length, `late-${ids.length}`, 'SUCCESS');
        await log.append([{ entry: late, shards }]);
      } while (cursor !== undefined);
      expect(ids).toEqual(idsOf(wanted));
    }),
    { numRuns: extentOf({ share: 5, whole: 25 }), interruptAfterTimeLimit: 60_000, markInterruptAsFailure: false },
  );
  expect(logs).toBeGreaterThan(3);
}, 120_000);

describe('the filters', () => {
  let organization: Organization;
  let entries: AccessEntry[];
  beforeAll(async () => {
    ({ organization, entries } = await history(120, 20, 2));
  });
  const find = async (query: string) =>
    (await logOf(organization, `?limit=1000&${query}`)).body
      .map(({ id }: { id: string }) => id)
      .filter((id: string) => id.startsWith('entry-'));

  it('start and end include their moments', async () => {
    const [from, to] = [entries[90]?.timestamp ?? 0, entries[30]?.timestamp ?? 0];
    expect(await find(`start=${toIso(from)}&end=${toIso(to)}`)).toEqual(
      idsOf(entries.filter(({ timestamp }) => timestamp >= from && timestamp <= to)),
    );
    expect(await find(`start=${encodeURIComponent(toIso(to).replace('Z', '+00:00'))}`)).toEqual(
      idsOf(entries.filter(({ timestamp }) => timestamp >= to)),
    );
    expect(await find(`start=${toIso(to).replace('Z', '+00:00')}`)).toEqual(
      idsOf(entries.filter(({ timestamp }) => timestamp >= to)),
    );
  });

  it.each(['user', 'action', 'status'] as const)('%s finds what equals it', async (name) => {
    const value = entries[7]?.[name] ?? '';
    expect(await find(`${name}=${value}`)).toEqual(idsOf(entries.filter((entry) => entry[name] === value)));
    if (name !== 'status') expect(await find(`${name}=nobody`)).toEqual([]);
  });

  it('shows nothing older than 400 days', async () => {
    const { organization: elder, entries: kept } = await history(3, 1, 1, { bornDaysAgo: 500 });
    const old = { ...kept[0], id: 'entry-old', timestamp: Date.now() - 401 * dayMilliseconds } as AccessEntry;
    await services().stores.accessLog.append([{ entry: old, shards: 1 }]);
    expect(idsOf((await logOf(elder, '?limit=1000&start=2020-01-01')).body)).toEqual(idsOf(kept));
  });

  it.each([
    ['limit=0', 'limit'],
    ['limit=1001', 'limit'],
    ['limit=ten', 'limit'],
    ['limit=1.5', 'limit'],
    ['limit=', 'limit'],
    ['start=yesterday', 'start'],
    ['end=2026-13-01', 'end'],
    ['end=2026-02-30', 'end'],
    ['start=2026-02-02&end=2026-02-01', 'start'],
    ['status=success', 'status'],
    ['user=', 'user'],
    ['action=', 'action'],
    ['cursor=', 'cursor'],
    ['cursor=x', 'cursor'],
    [`cursor=${Buffer.from('0000000000000001').toString('base64url')}`, 'cursor'],
    ['limit=1&limit=2', 'limit'],
  ])('refuses %s, naming %s', async (query, field) => {
    const answer = await logOf(organization, `?${query}`);
    expect(answer.status, answer.text).toBe(400);
    expect(answer.body).toMatchObject({ code: 400, error: 'invalid_request', fields: { [field]: expect.any(String) } });
  });

  it('takes a cursor from anywhere without showing more than the filters allow', async () => {
    const cursor = Buffer.from(`${String(Date.now() + dayMilliseconds).padStart(16, '0')}#x`).toString('base64url');
    const end = entries[50]?.timestamp ?? 0;
    expect(await find(`end=${toIso(end)}&cursor=${cursor}`)).toEqual(
      idsOf(entries.filter(({ timestamp }) => timestamp <= end)),
    );
    const beginning = Buffer.from(`${'0'.repeat(16)}#`).toString('base64url');
    expect(await find(`cursor=${beginning}`)).toEqual([]);
  });
});

describe('who may read it', () => {
  it('needs logs:read', async () => {
    const organization = await anOrganization(owner);
    const [accountant, stranger] = [await somebody(), await somebody()];
    await aMember(organization, accountant, ['ACCOUNTING']);
    const path = `/orgs/${organization.id}/access_log`;
    expect((await get(path, await signedIn(accountant))).status).toBe(403);
    expect((await get(path, await signedIn(stranger))).status).toBe(404);
    expect((await get(path, {})).status).toBe(401);
    expect((await get(path, await aCredential(organization, owner, ['logs:read']))).status).toBe(200);
  });
});

describe('a busy organization', () => {
  const entriesOf = (organization: Organization, count: number, prefix: string) =>
    Array.from({ length: count }, (_, at) => ({
      entry: {
        id: `${prefix}-${at}`,
        organizationId: organization.id,
        timestamp: Date.now(),
        user: owner.email,
        userId: owner.id,
        action: 'ORGANIZATION_READ',
        status: 'SUCCESS' as const,
        ip: '10.0.0.1',
        method: 'GET',
        path: '/',
        requestId: `${prefix}-${at}`,
      },
      shards: 4,
    }));
  const shardsOf = async ({ id }: Organization) => (await services().stores.organizations.get(id))?.logShards ?? 0;

  it('spreads its log over more partitions at once, stays there, and reads all of it', async () => {
    const organization = await anOrganization(owner, { logShards: 4 });
    await services().stores.accessLog.append(entriesOf(organization, 1_500, 'rush'));
    const shards = await shardsOf(organization);
    expect(shards).toBeGreaterThan(4);
    await get(`/orgs/${organization.id}`);
    await services().stores.accessLog.append(entriesOf(organization, 20, 'calm'));
    expect(await shardsOf(organization)).toBe(shards);
    const { ids } = await allPages(`/orgs/${organization.id}/access_log?limit=400`);
    expect(ids.filter((id) => id.startsWith('rush') || id.startsWith('calm'))).toHaveLength(1_520);
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('is not one that has some requests now and then', async () => {
    const organization = await anOrganization(owner, { logShards: 4 });
    await services().stores.accessLog.append(entriesOf(organization, 30, 'some'));
    expect(await shardsOf(organization)).toBe(4);
  });
});
