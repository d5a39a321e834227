import { beforeAll, describe, expect, it } from 'vitest';
import { handler as fanOut } from '../../../functions/streams/follow-ups.ts';
import type { Organization } from '../../../shared/domain/organization/organization.ts';
import type { User } from '../../../shared/domain/user/user.ts';
import { services } from '../../support/all-services.ts';
import { apiUnderTest } from '../../support/api-under-test.ts';
import type { ApiAnswer } from '../../support/in-process-api.ts';
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

const get = (path: string, headers: Headers = asOwner) => call({ method: 'GET', path, headers });
const trail = (organization: Organization, query = '', headers: Headers = asOwner) =>
  get(`/orgs/org-${organization.id}/children_audit${query}`, headers);
const rename = ({ id }: Organization, name: string, headers: Headers = asOwner) =>
  call({ method: 'PATCH', path: `/orgs/${id}`, headers, body: { name } });
const idsOf = (answer: ApiAnswer): string[] => answer.body.map(({ id }: { id: string }) => id);

/** What the stream tells of the audit entries of these organizations, so far. */
async function recordsOf(organizations: readonly Organization[]) {
  const ids = organizations.map(({ id }) => id);
  const items = await storedItems();
  return items
    .filter(({ kind, organizationId }) => kind === 'auditEntry' && ids.includes(Number(organizationId)))
    .map((item, at) => ({
      eventName: 'INSERT' as const,
      dynamodb: {
        SequenceNumber: String(at),
        NewImage: {
          kind: { S: 'auditEntry' },
          organizationId: { N: String(item.organizationId) },
          timestamp: { N: String(item.timestamp) },
          requestId: { S: String(item.requestId) },
        },
      },
    }));
}
const spread = async (...organizations: Organization[]) => fanOut({ Records: await recordsOf(organizations) });

/** Root, child and grandchild, each of them renamed once. */
async function family() {
  const root = await anOrganization(owner, { name: 'Root' });
  const child = await anOrganization(owner, { name: 'Child', parent: root });
  const grandchild = await anOrganization(owner, { name: 'Grandchild', parent: child });
  for (const organization of [root, child, grandchild]) await rename(organization, `New ${organization.name}`);
  return { root, child, grandchild };
}

describe('the audit trail', () => {
  it('tells what was changed, by whom and from where', async () => {
    const organization = await anOrganization(owner, { name: 'Old' });
    const answer = await rename(organization, 'New');
    expect((await trail(organization)).body).toEqual([
      {
        id: [answer.headers['x-request-id'], organization.id, Date.parse(answer.body.updated_at), 0].join('.'),
        org_id: `org-${organization.id}`,
        timestamp: answer.body.updated_at,
        admin: owner.email,
        credential: null,
        action: 'update',
        entity: 'organization',
        entity_id: `org-${organization.id}`,
        old_data: { name: 'Old' },
        new_data: { name: 'New' },
        ip: '127.0.0.1',
        request_id: answer.headers['x-request-id'],
      },
    ]);
  });

  it('names the maker of a credential, and the credential', async () => {
    const organization = await anOrganization(owner);
    const key = await call({
      method: 'POST',
      path: `/orgs/${organization.id}/api_keys`,
      headers: asOwner,
      body: { name: 'Robot' },
    });
    await rename(organization, 'By robot', { 'x-api-key': key.body.api_key });
    const [renamed, made] = (await trail(organization)).body;
    expect(renamed).toMatchObject({ admin: owner.email, credential: key.body.id, new_data: { name: 'By robot' } });
    expect(made).toMatchObject({ action: 'insert', entity: 'credential', entity_id: key.body.id, old_data: null });
  });

  it('gives every change of one request an entry of its own', async () => {
    const organization = await anOrganization(owner, { name: 'Old' });
    const body = { name: 'New', customizations: { theme: 'dark', __proto__: {} } };
    await call({ method: 'PATCH', path: `/orgs/${organization.id}`, headers: asOwner, body });
    const { body: entries } = await trail(organization);
    expect(entries).toMatchObject([
      { entity: 'customizations', old_data: {}, new_data: { theme: 'dark' } },
      { entity: 'organization', old_data: { name: 'Old' } },
    ]);
    expect(entries[0].request_id).toBe(entries[1].request_id);
    expect(entries[0].id).not.toBe(entries[1].id);
  });

  it('is silent about what changed nothing, was refused, or was only read', async () => {
    const organization = await anOrganization(owner, { name: 'Same' });
    await rename(organization, 'Same');
    await rename(organization, '');
    await get(`/orgs/${organization.id}`);
    expect((await trail(organization)).body).toEqual([]);
  });
});

describe('what was changed below', () => {
  it('shows in every organization above, once, as the same entry', async () => {
    const { root, child, grandchild } = await family();
    expect(await spread(root, child, grandchild)).toEqual({ batchItemFailures: [] });
    const names = async (organization: Organization) =>
      (await trail(organization)).body.map((entry: { new_data: { name: string } }) => entry.new_data.name);
    expect(await names(root)).toEqual(['New Grandchild', 'New Child', 'New Root']);
    expect(await names(child)).toEqual(['New Grandchild', 'New Child']);
    expect(await names(grandchild)).toEqual(['New Grandchild']);
    const [here, above] = [await trail(grandchild), await trail(root)];
    expect(above.body[0]).toEqual(here.body[0]);
  });

  it('comes there exactly once, wherever the consumer is killed, and however often it runs', async () => {
    const { root, child, grandchild } = await family();
    const all = [root, child, grandchild];
    const { putAll } = Object.getPrototypeOf(services().table);
    // Each time it dies a write later: before the first copy, between two, behind the last.
    for (let lives = 0; lives <= 3; lives += 1) {
      let writes = 0;
      services().table.putAll = async (items) => {
        writes += 1;
        if (writes > lives) throw new Error('Killed.');
        await putAll.call(services().table, items);
      };
      const { batchItemFailures } = await spread(...all);
      expect(batchItemFailures.length).toBe(Math.max(0, 2 - lives));
    }
    services().table.putAll = putAll;
    await Promise.all([spread(...all), spread(grandchild, root), spread(...all)]);
    for (const [organization, count] of [
      [root, 3],
      [child, 2],
      [grandchild, 1],
    ] as const) {
      const ids = idsOf(await trail(organization));
      expect(ids).toHaveLength(count);
      expect(new Set(ids).size).toBe(count);
    }
  });

  it('does not show to those beside, nor to members of a child above', async () => {
    const { root, child, grandchild } = await family();
    const sibling = await anOrganization(owner, { parent: root });
    await spread(root, child, grandchild);
    expect((await trail(sibling)).body).toEqual([]);
    const member = await somebody();
    await aMember(grandchild, member, ['OWNER']);
    expect((await trail(root, '', await signedIn(member))).status).toBe(404);
    expect(idsOf(await trail(grandchild, '', await signedIn(member)))).toHaveLength(1);
  });

  it('stays when the organization is deleted', async () => {
    const root = await anOrganization(owner);
    const child = await anOrganization(owner, { parent: root, name: 'Doomed' });
    await call({ method: 'DELETE', path: `/orgs/${child.id}`, headers: asOwner });
    await spread(child);
    expect((await trail(root)).body).toMatchObject([
      { org_id: `org-${child.id}`, action: 'delete', entity: 'organization', new_data: null },
    ]);
  });
});

describe('reading the trail', () => {
  let root: Organization;
  let child: Organization;
  let all: Record<string, string>[];
  let admin: User;
  beforeAll(async () => {
    ({ root, child } = await family());
    admin = await somebody();
    await aMember(root, admin, ['ADMIN']);
    const asAdmin = await signedIn(admin);
    for (let at = 0; at < 10; at += 1) {
      const body = { name: `Name ${at}`, customizations: { at } };
      await call({ method: 'PATCH', path: `/orgs/${at % 2 ? root.id : child.id}`, headers: asAdmin, body });
    }
    const key = { name: 'Key' };
    const made = await call({ method: 'POST', path: `/orgs/${root.id}/api_keys`, headers: asOwner, body: key });
    await call({ method: 'DELETE', path: `/orgs/${root.id}/api_keys/${made.body.id}`, headers: asOwner });
    await spread(child);
    all = (await trail(root, '?limit=1000')).body;
    expect(all).toHaveLength(2 + 20 + 2);
  });

  it.each([1, 2, 3, 7, 24, 25])('goes on page by page, %i at a time, without gap or repetition', async (limit) => {
    const ids: string[] = [];
    let next: string | undefined = `/orgs/${root.id}/children_audit?limit=${limit}`;
    while (next !== undefined) {
      const answer: ApiAnswer = await get(next);
      expect(answer.body.length).toBeLessThanOrEqual(limit);
      ids.push(...idsOf(answer));
      next = /^<([^>]+)>; rel="next"$/.exec(answer.headers.link ?? '')?.[1];
    }
    expect(ids).toEqual(all.map(({ id }) => id));
  });

  it.each([
    ['action=insert', (entry: Record<string, string>) => entry.action === 'insert'],
    ['entity=customizations', (entry: Record<string, string>) => entry.entity === 'customizations'],
    [
      'entity=credential&action=delete',
      (e: Record<string, string>) => e.entity === 'credential' && e.action === 'delete',
    ],
    ['entity=wallet', () => false],
  ])('finds by %s', async (query, matches) => {
    expect((await trail(root, `?${query}`)).body).toEqual(all.filter(matches));
  });

  it('finds by admin, organization and time', async () => {
    const by = await trail(root, `?admin=${encodeURIComponent(admin.email.toUpperCase())}`);
    expect(by.body).toEqual(all.filter((entry) => entry.admin === admin.email));
    const below = await trail(root, `?org_id=${child.id}`);
    expect(below.body).toEqual(all.filter(({ org_id }) => org_id === `org-${child.id}`));
    expect(below.body.length).toBe(11);
    expect((await trail(root, `?org_id=org-${root.id}`)).body.length).toBe(13);
    const [from, to] = [all[15]?.timestamp ?? '', all[5]?.timestamp ?? ''];
    const between = await trail(root, `?start=${from}&end=${to}`);
    expect(between.body).toEqual(all.filter(({ timestamp = '' }) => timestamp >= from && timestamp <= to));
  });

  it.each([
    ['limit=0', 'limit'],
    ['limit=1001', 'limit'],
    ['start=never', 'start'],
    ['start=2026-02-02&end=2026-02-01', 'start'],
    ['end=2026-13-01', 'end'],
    ['admin=', 'admin'],
    ['action=UPDATE', 'action'],
    ['entity=user', 'entity'],
    ['org_id=org-1', 'org_id'],
    ['org_id=x', 'org_id'],
    ['org_id=', 'org_id'],
    ['cursor=x', 'cursor'],
  ])('refuses %s, naming %s', async (query, field) => {
    const answer = await trail(root, `?${query}`);
    expect(answer.status, answer.text).toBe(400);
    expect(answer.body.fields).toHaveProperty(field);
  });

  it('answers an organization elsewhere like one that never was', async () => {
    const elsewhere = await anOrganization(await somebody());
    const [foreign, never] = [await trail(child, `?org_id=${elsewhere.id}`), await trail(child, '?org_id=org-5')];
    expect([foreign.status, never.status]).toEqual([400, 400]);
    expect(foreign.body.fields.org_id.replace(String(elsewhere.id), '5')).toBe(never.body.fields.org_id);
    expect((await trail(child, `?org_id=${root.id}`)).status).toBe(400);
  });

  it('needs logs:read', async () => {
    const viewer = await somebody();
    await aMember(root, viewer, ['VIEWER']);
    expect((await trail(root, '', await signedIn(viewer))).status).toBe(403);
    expect((await trail(root, '', await signedIn(await somebody()))).status).toBe(404);
    expect((await trail(root, '', await aCredential(root, owner, ['logs:read']))).status).toBe(200);
  });

  it.each(['a', '世'])('cuts a page that would be too heavy to answer, of many %s', async (letter) => {
    const organization = await anOrganization(owner);
    const path = `/orgs/${organization.id}/customizations`;
    for (let at = 0; at < 40; at += 1) {
      const body = { customizations: { a: `${at}${letter.repeat(60_000 / Buffer.byteLength(letter))}` } };
      await call({ method: 'PUT', path, headers: asOwner, body });
    }
    const answer = await trail(organization, '?limit=1000');
    expect(Buffer.byteLength(answer.text)).toBeLessThan(5_000_000);
    expect(answer.body.length).toBeLessThan(40);
    const next = /^<([^>]+)>/.exec(answer.headers.link ?? '')?.[1] ?? '';
    expect((await get(next)).body.length).toBe(40 - answer.body.length);
  });
});
