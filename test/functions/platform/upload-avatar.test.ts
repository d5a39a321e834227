import { randomBytes } from 'node:crypto';
import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { handler as purge } from '../../../functions/jobs/purge-avatars.ts';
import { type LocalDistribution, openDistribution } from '../../../infra/local/distribution.ts';
import { type ObjectStore, startObjectStore } from '../../../infra/local/object-store.ts';
import { keyOf } from '../../../shared/data/table.ts';
import { toUuid } from '../../../shared/domain/identifiers.ts';
import type { Organization } from '../../../shared/domain/organization/organization.ts';
import { dayMilliseconds } from '../../../shared/domain/timestamp.ts';
import type { User } from '../../../shared/domain/user/user.ts';
import { createDocumentClient } from '../../../shared/runtime/aws-clients.ts';
import { apiUnderTest } from '../../support/api-under-test.ts';
import { expectRefusedFor } from '../../support/bad-values.ts';
import { aMember, anOrganization, signedIn, somebody } from '../../support/people-and-organizations.ts';
import { storedItems } from '../../support/stored-items.ts';

type Headers = Record<string, string>;

const bucket = 'avatars-under-test';

const { table, call } = await apiUnderTest();
let objects: ObjectStore;
let distribution: LocalDistribution;
let owner: User;
let organization: Organization;
let headers: Headers;

beforeAll(async () => {
  objects = await startObjectStore();
  distribution = await openDistribution();
  await objects.serve({ buckets: [bucket], accessKeys: ['test', distribution.accessKey] });
  distribution.serve(objects.endpoint, bucket);
  Object.assign(process.env, {
    AWS_ENDPOINT_URL_S3: objects.endpoint,
    AVATAR_BUCKET: bucket,
    AVATARS_DOMAIN: distribution.url,
  });
  owner = await somebody();
  organization = await anOrganization(owner);
  headers = { ...(await signedIn(owner)) };
});
afterAll(async () => {
  await distribution.stop();
  await objects.stop();
});

const images = {
  'image/png': Buffer.concat([Buffer.from('89504e470d0a1a0a', 'hex'), randomBytes(200)]),
  'image/jpeg': Buffer.concat([Buffer.from('ffd8ffe0', 'hex'), randomBytes(200)]),
  'image/gif': Buffer.concat([Buffer.from('GIF89a'), randomBytes(200)]),
  'image/webp': Buffer.concat([Buffer.from('RIFF\x00\x01\x00\x00WEBPVP8 ', 'latin1'), randomBytes(200)]),
} as const;
const png = images['image/png'];

const pathOf = (of: Organization) => `/api/organizations/${toUuid('organization', of.id)}`;

/** A form as a browser would send it. */
async function form(parts: readonly { name: string; bytes: Buffer; filename?: string; type?: string }[]) {
  const data = new FormData();
  for (const { name, bytes, filename, type } of parts) {
    data.append(name, new Blob([new Uint8Array(bytes)], type === undefined ? {} : { type }), filename ?? 'a.png');
  }
  const request = new Request('http://localhost', { method: 'POST', body: data });
  return {
    body: Buffer.from(await request.arrayBuffer()),
    type: request.headers.get('content-type') ?? '',
  };
}

async function upload(of: Organization, bytes: Buffer, { as = headers, filename = 'a.png', type = 'image/png' } = {}) {
  const sent = await form([{ name: 'file', bytes, filename, type }]);
  return send(of, sent.body, { ...as, 'content-type': sent.type });
}
const send = (of: Organization, body: Buffer, more: Headers) =>
  call({ method: 'POST', path: `${pathOf(of)}/upload-avatar`, headers: more, body });
const shown = async (of: Organization) => (await call({ method: 'GET', path: pathOf(of), headers })).body.avatarUrl;

describe('POST /api/organizations/{organization}/upload-avatar', () => {
  test.each(Object.entries(images))('keeps %s by its bytes and serves exactly those, for ever', async (type, bytes) => {
    const of = await anOrganization(owner);
    const answer = await upload(of, bytes, { filename: 'evil.html', type: 'text/html' });
    expect(answer).toMatchObject({ status: 200, body: { success: true, message: 'File uploaded successfully' } });
    const { avatarUrl } = answer.body.data;
    expect(await shown(of)).toBe(avatarUrl);
    const served = await fetch(avatarUrl);
    expect(served.status).toBe(200);
    expect(served.headers.get('content-type')).toBe(type);
    expect(served.headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
    expect(served.headers.get('x-content-type-options')).toBe('nosniff');
    expect(Buffer.from(await served.arrayBuffer()).equals(bytes)).toBe(true);
  });

  test('gives the bytes that are shown the same address, and all others another', async () => {
    const first = (await upload(organization, png)).body.data.avatarUrl;
    expect((await upload(organization, png)).body.data.avatarUrl).toBe(first);
    const other = (await upload(organization, images['image/gif'])).body.data.avatarUrl;
    expect(other).not.toBe(first);
    expect((await upload(organization, png)).body.data.avatarUrl).not.toBe(first);
  });

  test.each([
    ['an SVG that says it is a PNG', Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>')],
    ['HTML', Buffer.from('<html><script>alert(1)</script></html>')],
    ['nothing', Buffer.of()],
    ['half a signature', png.subarray(0, 5)],
    ['a RIFF that is no WebP', Buffer.from('RIFF\x00\x01\x00\x00WAVEfmt ', 'latin1')],
  ])('refuses %s with 415', async (_, bytes) => {
    const answer = await upload(organization, bytes);
    expect(answer).toMatchObject({ status: 415, body: { code: 'unsupported_media_type' } });
  });

  test('takes 2 MiB, and refuses a byte more with 413', async () => {
    const large = Buffer.concat([png.subarray(0, 8), randomBytes(2 * 1_048_576 - 8)]);
    expect(await upload(organization, large)).toMatchObject({ status: 200 });
    expect(await upload(organization, Buffer.concat([large, Buffer.of(1)]))).toMatchObject({
      status: 413,
      body: { code: 'payload_too_large' },
    });
  });

  test('honours If-Match', async () => {
    const { etag = '' } = (await call({ method: 'GET', path: pathOf(organization), headers })).headers;
    const as = { ...headers, 'if-match': etag };
    expect(await upload(organization, images['image/gif'], { as })).toMatchObject({ status: 200 });
    expect(await upload(organization, images['image/webp'], { as })).toMatchObject({
      status: 412,
      body: { code: 'precondition_failed' },
    });
  });

  test('keeps bytes that look like a boundary', async () => {
    const bytes = Buffer.concat([png, Buffer.from('\r\n--not-the-boundary\r\n\r\n--')]);
    const { avatarUrl } = (await upload(organization, bytes)).body.data;
    expect(Buffer.from(await (await fetch(avatarUrl)).arrayBuffer()).equals(bytes)).toBe(true);
  });

  test('refuses what is no form, names fields that are missing, unknown or sent twice', async () => {
    for (const type of ['image/png', 'application/json', 'text/plain']) {
      expect(await send(organization, png, { ...headers, 'content-type': type })).toMatchObject({ status: 415 });
    }
    expect(await send(organization, png, headers)).toMatchObject({ status: 415 });
    const with_ = async (...names: string[]) => {
      const sent = await form(names.map((name) => ({ name, bytes: png })));
      return send(organization, sent.body, { ...headers, 'content-type': sent.type });
    };
    expectRefusedFor(await with_('file', 'owner'), 'owner');
    expectRefusedFor(await with_('file', 'file'), 'file');
    expect(Object.keys((await with_('avatar')).body.errors).sort()).toEqual(['avatar', 'file']);
    const empty = { ...headers, 'content-type': 'multipart/form-data; boundary=x' };
    expectRefusedFor(await send(organization, Buffer.from('--x--\r\n'), empty), 'file');
    for (const broken of ['', 'x', '--x', '--x\r\n', '--x\r\n\r\nabc', '--x\r\nContent-Disposition: form-data\r\n']) {
      expectRefusedFor(await send(organization, Buffer.from(broken), empty), 'body');
    }
    const without = { ...headers, 'content-type': 'multipart/form-data' };
    expectRefusedFor(await send(organization, png, without), 'body');
  });

  test('members without the permission are 403, strangers 404, nobody 401', async () => {
    const viewer = await somebody();
    await aMember(organization, viewer, ['VIEWER']);
    expect(await upload(organization, png, { as: { ...(await signedIn(viewer)) } })).toMatchObject({ status: 403 });
    expect(await upload(organization, png, { as: { ...(await signedIn(await somebody())) } })).toMatchObject({
      status: 404,
    });
    expect(await upload(organization, png, { as: {} })).toMatchObject({ status: 401 });
  });

  test('in an organization that is not active it is 403', async () => {
    const asleep = await anOrganization(owner, { status: 'inactive', statusReason: 'test' });
    expect(await upload(asleep, png)).toMatchObject({ status: 403, body: { code: 'organization_not_active' } });
  });
});

test('the present avatarUrl is taken back in a PATCH, though it is not https here', async () => {
  const of = await anOrganization(owner);
  const { avatarUrl } = (await upload(of, png)).body.data;
  const patch = (body: unknown) => call({ method: 'PATCH', path: pathOf(of), headers, body });
  expect(await patch({ avatarUrl, name: 'Pictured' })).toMatchObject({ status: 200, body: { avatarUrl } });
  expect(await shown(of)).toBe(avatarUrl);
  expectRefusedFor(await patch({ avatarUrl: `${avatarUrl}x` }), 'avatarUrl');
  expect(await patch({ avatarUrl: null })).toMatchObject({ status: 200, body: { avatarUrl: null } });
});

test('the purge removes what was replaced a day ago, and nothing that is shown', async () => {
  const of = await anOrganization(owner);
  const first = (await upload(of, png)).body.data.avatarUrl;
  await upload(of, images['image/gif']);
  await upload(of, png);
  const second = (await upload(of, images['image/gif'])).body.data.avatarUrl;
  await purge({});
  for (const url of [first, second]) expect((await fetch(url)).status).toBe(200);

  const client = createDocumentClient();
  for (const { kind, path } of await storedItems()) {
    if (kind !== 'unusedAvatar') continue;
    await client.send(
      new UpdateCommand({
        TableName: table.tableName,
        Key: keyOf('unusedAvatar', { avatar: String(path) }),
        UpdateExpression: 'SET since = :since',
        ExpressionAttributeValues: { ':since': Date.now() - dayMilliseconds },
      }),
    );
  }
  expect((await purge({})).removed).toBeGreaterThan(2);
  expect((await fetch(first)).status).toBe(403);
  expect((await fetch(second)).status).toBe(200);
  expect(await purge({})).toEqual({ removed: 0, shown: 0 });
});
