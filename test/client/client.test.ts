import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, expect, onTestFinished, test, vi } from 'vitest';
import { ApiError } from '../../shared/client/api-error.ts';
import { type Client, type Credential, createClient } from '../../shared/client/client.ts';
import { accounts } from '../../shared/dialects/accounts/envelope.ts';
import { auth } from '../../shared/dialects/auth/envelope.ts';
import { hierarchy } from '../../shared/dialects/hierarchy/envelope.ts';
import { organizationAdmin } from '../../shared/dialects/organization-admin/envelope.ts';
import { platform } from '../../shared/dialects/platform/envelope.ts';
import { invalidField } from '../../shared/domain/errors.ts';

interface Got {
  readonly line: string;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
}

/** What the server says next; `hang up` ends the connection instead of answering, `hang` says nothing ever. */
type Saying =
  | 'hang up'
  | 'hang'
  | { readonly status?: number; readonly headers?: Record<string, string>; readonly body?: unknown };

const got: Got[] = [];
const sayings: Saying[] = [];
let server: Server;
let url: string;

beforeAll(async () => {
  server = createServer(async (request, response) => {
    const text = Buffer.concat(await request.toArray()).toString();
    got.push({ line: `${request.method} ${request.url}`, headers: request.headers, text });
    const saying = sayings.shift() ?? { body: {} };
    if (saying === 'hang up') {
      request.socket.destroy();
      return;
    }
    if (saying === 'hang') return;
    response.writeHead(saying.status ?? 200, saying.headers);
    response.end(typeof saying.body === 'string' ? saying.body : JSON.stringify(saying.body));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});
beforeEach(() => {
  got.length = 0;
  sayings.length = 0;
});

const clientOf = (credential?: Credential): Client => createClient({ url, credential });

/** How a call was refused. */
async function refusalOf(call: Promise<unknown>): Promise<ApiError> {
  const error = await call.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof ApiError)) throw new Error('It was not refused.', { cause: error });
  return error;
}

test('a call is method, path, query and body of its operation', async () => {
  sayings.push({ body: [], headers: { link: '</orgs/7/access_log?limit=2&cursor=a%2Fb>; rel="next"' } });
  const log = await clientOf('st_x')('hierarchy.access_log.list', {
    path: { org_id: 'a/b?c' },
    query: { limit: 2, user: 'ada+1@example.com', start: undefined },
  });
  expect(got[0]?.line).toBe('GET /orgs/a%2Fb%3Fc/access_log?limit=2&user=ada%2B1%40example.com');
  expect(got[0]?.headers).toMatchObject({ authorization: 'Bearer st_x' });
  expect(got[0]?.headers).not.toHaveProperty('content-type');
  expect(log).toMatchObject({ status: 200, body: [], nextCursor: 'a/b' });

  sayings.push({ body: { id: 7 }, headers: { etag: '"3"', 'x-request-id': 'r-1' } });
  const put = await clientOf({ clientId: 'id_1', clientSecret: 'sk_1' })(
    'accounts.account.update',
    { body: { id: 7, organization_name: 'Ünïon' } },
    { ifMatch: '"2"' },
  );
  expect(got[1]).toMatchObject({
    line: 'PUT /organizations',
    headers: { 'client-id': 'id_1', 'client-secret': 'sk_1', 'if-match': '"2"', 'content-type': 'application/json' },
  });
  expect(JSON.parse(got[1]?.text ?? '')).toEqual({
    id: 7,
    organization_name: 'Ünïon',
  });
  expect(put).toMatchObject({ etag: '"3"', requestId: 'r-1', nextCursor: undefined, isReplayed: false });
});

test('an answer without a body is a success', async () => {
  sayings.push({ status: 204, body: '' });
  expect(await clientOf('st_x')('auth.session.logout')).toMatchObject({ status: 204, body: undefined });
});

test('a file goes as a form', async () => {
  await clientOf('st_x')('platform.avatar.upload', {
    path: { organization: 7 },
    body: { file: new Blob(['bytes']) },
  });
  expect(got[0]?.headers['content-type']).toMatch(/^multipart\/form-data; boundary=/);
  expect(got[0]?.text).toMatch(/name="file"; filename="blob"[\s\S]*bytes/);
});

test('the credential is asked for before each request', async () => {
  const tokens = ['st_1', 'st_2'];
  const client = createClient({ url, credential: async () => tokens.shift() });
  for (let call = 0; call < 3; call++) await client('auth.me.read');
  expect(got.map(({ headers }) => headers.authorization)).toEqual(['Bearer st_1', 'Bearer st_2', undefined]);
});

test.each([organizationAdmin, platform, accounts, hierarchy, auth])(
  'a refusal of $name is an ApiError',
  async (dialect) => {
    const refusal = dialect.renderRefusal(invalidField('events.0.id', 'Is required.'), {
      requestId: 'r-1',
      path: '/x',
      now: 0,
    });
    sayings.push({ status: refusal.status, headers: { 'content-type': refusal.contentType }, body: refusal.body });
    const error = await refusalOf(clientOf('st_x')('auth.me.read'));
    expect({ ...error, message: error.message }).toMatchObject({
      code: 'invalid_request',
      status: 400,
      message: 'The request is not valid.',
      fields: [{ field: 'events.0.id', message: 'Is required.' }],
      retryAfterSeconds: undefined,
    });
    expect(error.requestId ?? (refusal.body as { requestId?: string }).requestId).toBe('r-1');
  },
);

test('what is not the API is not taken for it', async () => {
  sayings.push({ status: 502, body: '<html>' }, { status: 200, body: '<html>' });
  for (const status of [502, 200])
    expect(await refusalOf(clientOf()('auth.health.read'))).toMatchObject({ code: 'unknown', status });
});

const busy = { status: 503, headers: { 'retry-after': '0' }, body: { code: 'unavailable' } };
const limited = { status: 429, headers: { 'retry-after': '0' }, body: { code: 'rate_limited' } };
const make = (client: Client) => client('hierarchy.child.create', { path: { org_id: 7 }, body: { name: 'Below' } });
const rename = (client: Client) =>
  client('hierarchy.organization.update', { path: { org_id: 7 }, body: { name: 'x' } });

test.each(['hang up', busy, limited] as const)('a creation is repeated with the same key after %o', async (saying) => {
  sayings.push(saying, saying);
  await make(clientOf('st_x'));
  const keys = got.map(({ headers }) => headers['idempotency-key']);
  expect(keys).toEqual([expect.stringMatching(/^[0-9a-f]{32}$/), keys[0], keys[0]]);

  sayings.push({ headers: { 'idempotent-replayed': 'true' }, body: {} });
  const replayed = await clientOf('st_x')(
    'hierarchy.child.create',
    { path: { org_id: 7 }, body: { name: 'Below' } },
    { idempotencyKey: 'mine' },
  );
  expect(got.at(-1)?.headers['idempotency-key']).toBe('mine');
  expect(replayed.isReplayed).toBe(true);
});

test('the third refusal is the last', async () => {
  sayings.push(busy, busy, busy, busy);
  expect(await refusalOf(clientOf()('auth.health.read'))).toMatchObject({ code: 'unavailable', retryAfterSeconds: 0 });
  expect(got).toHaveLength(3);
});

test.each(['hang up', busy] as const)('what may have happened is not repeated without a key: %o', async (saying) => {
  sayings.push(saying);
  await refusalOf(rename(clientOf('st_x')));
  sayings.push(saying);
  const put = { path: { org_id: 7 }, body: { customizations: {} } };
  await refusalOf(clientOf('st_x')('hierarchy.customizations.replace', put, { ifMatch: '"1"' }));
  expect(got).toHaveLength(2);
});

test('what is sure not to have happened is repeated, unless the wait is long', async () => {
  sayings.push(limited);
  await rename(clientOf('st_x'));
  expect(got).toHaveLength(2);
  sayings.push({ ...limited, headers: { 'retry-after': '42' } });
  expect(await refusalOf(rename(clientOf('st_x')))).toMatchObject({ code: 'rate_limited', retryAfterSeconds: 42 });
  expect(got).toHaveLength(3);
});

test('a refusal is not repeated', async () => {
  sayings.push({ status: 409, body: { error: 'has_children', code: 409 } });
  expect(await refusalOf(make(clientOf('st_x')))).toMatchObject({ code: 'has_children', status: 409 });
  expect(got).toHaveLength(1);
});

test('an aborted call ends as its signal says, also while it waits', async () => {
  const reason = new Error('The page was left.');
  await expect(clientOf()('auth.health.read', {}, { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
  sayings.push({ ...busy, headers: { 'retry-after': '5' } });
  const leaving = new AbortController();
  const call = clientOf()('auth.health.read', {}, { signal: leaving.signal });
  await expect.poll(() => got.length, { timeout: 20_000 }).toBe(1);
  leaving.abort(reason);
  await expect(call).rejects.toBe(reason);
  expect(got).toHaveLength(1);
});

test('without an answer the refusal says so', async () => {
  const nobody = createClient({ url: 'http://127.0.0.1:1' });
  expect(await refusalOf(rename(nobody))).toMatchObject({ code: 'unreachable', status: 0, requestId: undefined });
});

test.each([
  ['a read', 35, (client: Client) => client('auth.health.read')],
  [
    'a file',
    180,
    (client: Client) =>
      client('platform.avatar.upload', { path: { organization: 7 }, body: { file: new Blob(['bytes']) } }),
  ],
])('%s that gets no answer is given up after %d seconds, and not repeated', async (_, seconds, ask) => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  onTestFinished(() => {
    vi.useRealTimers();
  });
  sayings.push('hang');
  let isOver = false;
  const refusal = refusalOf(ask(clientOf('st_x'))).finally(() => {
    isOver = true;
  });
  // What polls makes the time of the test go on.
  while (got.length === 0) await new Promise(setImmediate);
  await vi.advanceTimersByTimeAsync(seconds * 1000 - 1);
  expect(isOver).toBe(false);
  await vi.advanceTimersByTimeAsync(1);
  expect(await refusal).toMatchObject({ code: 'timed_out', message: `No answer came in ${seconds} seconds.` });
  expect(got).toHaveLength(1);
});
