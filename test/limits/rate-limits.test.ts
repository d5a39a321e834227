import { globSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readRegistry } from '../../infra/endpoint-registry.ts';
import { isPublic, isTenantEndpoint } from '../../shared/http/define-endpoint.ts';
import { type Answer, bearer, send } from '../support/http-client.ts';
import { type StartedStack, startStack } from '../support/start-stack.ts';

/** A stack of its own, with the limits that a deployed stage has: 100 a minute for a session, 500 for an API key. */
let stack: StartedStack;
let folder: string;
let url: string;
let platformAdmin: { email: string; password: string };
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'tenantry-limits-'));
  // What the stack of this run has synthesized, beside its log, is served here too: another would be the same.
  const { TENANTRY_FUNCTION_LOG_FILE: log } = process.env;
  const [assembly = ''] = log === undefined ? [] : globSync(join(dirname(log), 'assembly-*'));
  stack = await startStack(folder, { TENANTRY_RATE_LIMITS: 'on', TENANTRY_ASSEMBLY_DIR: assembly });
  ({ url, platformAdmin } = JSON.parse(readFileSync(stack.runFile, 'utf8')));
}, 200_000);
afterAll(async () => {
  await stack?.end();
  rmSync(folder, { recursive: true, force: true });
});

async function signIn(): Promise<Record<string, string>> {
  const { body } = await send('POST', `${url}/auth/login`, { body: platformAdmin });
  return bearer(body.access_token);
}

/** Asks until the answer is 429, or so often; a minute that ends meanwhile begins the count anew. */
async function untilRefused(ask: () => Promise<Answer>, most: number): Promise<{ refused: Answer; before: number }> {
  for (let before = 0; before < most; before += 1) {
    const answer = await ask();
    if (answer.status === 429) return { refused: answer, before };
    expect(answer.status, answer.text).toBeLessThan(300);
  }
  throw new Error(`No refusal in ${most} requests.`);
}

test('a session that asks a hundred times in a minute is told when to come back, another goes on', async () => {
  const [one, another] = [await signIn(), await signIn()];
  const first = await send('GET', `${url}/auth/me`, { headers: one });
  expect(first.headers.get('ratelimit-policy')).toBe('"session";q=100;w=60');
  expect(first.headers.get('ratelimit')).toMatch(/^"session";r=99;t=\d+$/);

  const { refused, before } = await untilRefused(() => send('GET', `${url}/auth/me`, { headers: one }), 250);
  expect(before).toBeGreaterThanOrEqual(99);
  expect(refused.body).toMatchObject({ code: 'rate_limited' });
  expect(refused.headers.get('ratelimit')).toMatch(/^"session";r=0;t=\d+$/);
  expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
  expect(Number(refused.headers.get('retry-after'))).toBeLessThanOrEqual(60);
  expect((await send('GET', `${url}/auth/me`, { headers: another })).status).toBe(200);
});

test('functions share the count: the requests to one are missed by another by less than a settlement', async () => {
  const headers = await signIn();
  const made = await send('POST', `${url}/organizations`, { headers, body: { organization_name: 'Limited' } });
  const paths = ['/auth/me', '/organizations', `/orgs/${made.body.id}`, `/api/organizations/${made.body.id}`];
  let turn = 0;
  const ask = () => send('GET', `${url}${paths[turn++ % paths.length]}`, { headers });
  const { before } = await untilRefused(ask, 2 * (100 + 19 * paths.length));
  expect(before).toBeGreaterThanOrEqual(99);
});

const { endpoints } = await readRegistry();

/** What an endpoint without an organization is sent, where it takes a body. */
const bodies: Readonly<Record<string, (number: number) => object>> = {
  '/organizations': (number) => ({ organization_name: `Limited ${number}` }),
  '/api/organizations': (number) => ({ name: `Limited ${number}`, countryCode: 'GB' }),
};

describe('functions that change nothing count as well', () => {
  // Those for which it is the only update: the proof of permissions takes the calls of this stack in.
  const countOnly = endpoints.filter(
    ({ endpoint }) =>
      !isPublic(endpoint.permission) && !isTenantEndpoint(endpoint) && !endpoint.table.actions.includes('UpdateItem'),
  );
  test.each(countOnly.map(({ name, endpoint }) => [name, endpoint] as const))('%s', async (_, endpoint) => {
    const headers = await signIn();
    for (let number = 0; number < 21; number += 1) {
      const body = endpoint.request.body ? bodies[endpoint.path]?.(number) : undefined;
      const answer = await send(endpoint.method, `${url}${endpoint.path}`, { headers, body });
      expect(answer.status, answer.text).toBeLessThan(300);
      expect(answer.headers.get('ratelimit-policy')).toBe('"session";q=100;w=60');
    }
  });
});
