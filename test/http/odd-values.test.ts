import fc from 'fast-check';
import { expect, test } from 'vitest';
import type * as z from 'zod/mini';
import { fallbackPath, readRegistry } from '../../infra/endpoint-registry.ts';
import { newIdentifier, toHex24, toUuid } from '../../shared/domain/identifiers.ts';
import { type Endpoint, organizationParameterOf } from '../../shared/http/define-endpoint.ts';
import { apiUnderTest } from '../support/api-under-test.ts';
import { codeOf, routeOf } from '../support/every-endpoint.ts';
import { extentOf } from '../support/extent.ts';
import type { ApiRequest } from '../support/in-process-api.ts';
import { aCredential, anOrganization, signedIn, somebody } from '../support/people-and-organizations.ts';

const { call } = await apiUnderTest();

const { endpoints } = await readRegistry();
const all = endpoints
  .map(({ endpoint }) => endpoint)
  .filter(({ path, operation }) => path !== fallbackPath && operation !== 'openapi.read'); // That document is in its bundle alone.

const ids = [1, 77, newIdentifier(Date.now(), 0.1), Number.MAX_SAFE_INTEGER];
const text = fc.constantFrom(
  '',
  ' ',
  'x',
  'null',
  '-1',
  '0',
  '1.5',
  '1e999',
  '99999999999999999999999',
  '../..',
  '%',
  '%00',
  '#',
  '|',
  '\u0000',
  '\ud800',
  '\ufffe',
  '\u202e',
  'ı̇@ß.example',
  '💩'.repeat(50),
  'x'.repeat(3_000),
  "' OR 1=1 --",
  '<script>',
  '__proto__',
  'constructor',
  'org-1',
  'org-99999999999999999999',
  '2026-02-30',
  '2026-02-28T24:00:00Z',
  '+275760-09-13T00:00:00.001Z',
  '0000-00-00',
  '2026-13',
  Buffer.from('9999999999999999#').toString('base64url'),
  Buffer.from('0000000000000000#\u0000').toString('base64url'),
  ...ids.flatMap((id) => [
    toUuid('user', id),
    toHex24('user', id),
    toUuid('organization', id),
    toUuid('workspace', id),
  ]),
);
const number = fc.constantFrom(-1, -0, 0, 0.1, 1.5, 2 ** 31, 2 ** 53, -(2 ** 53), 1e308, 5e-324, ...ids);
const leaf = fc.oneof(text, number, fc.constantFrom(null, true, false), fc.string({ unit: 'binary', maxLength: 20 }));
const names = fc.constantFrom(
  ...[
    'id',
    'meter',
    'quantity',
    'timestamp',
    'user_id',
    'email',
    'name',
    'roles',
    'theme',
    'logo_url',
    '__proto__',
    '',
  ],
);
const value: fc.Arbitrary<unknown> = fc.oneof(
  { weight: 4, arbitrary: leaf },
  { weight: 1, arbitrary: fc.array(leaf, { maxLength: 4 }) },
  { weight: 1, arbitrary: fc.dictionary(names, leaf, { maxKeys: 6 }) },
  { weight: 1, arbitrary: fc.array(fc.dictionary(names, leaf, { maxKeys: 8 }), { maxLength: 3 }) },
);

/** The names of the fields that a schema has, whatever stands around them. */
function fieldsOf(schema: z.ZodMiniType | undefined): string[] {
  const { def } =
    (schema as { _zod?: { def: { shape?: object; innerType?: z.ZodMiniType; in?: z.ZodMiniType } } })?._zod ?? {};
  if (!def) return [];
  return def.shape ? Object.keys(def.shape) : fieldsOf(def.innerType ?? def.in);
}

/** A request that has each field of its endpoint now and then, and seldom with anything that makes sense. */
function requestTo(endpoint: Endpoint, organization: number): fc.Arbitrary<ApiRequest> {
  const query = fieldsOf(endpoint.request.query);
  const body = fieldsOf(endpoint.request.body);
  const named = organizationParameterOf(endpoint);
  const holes = [...endpoint.path.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => name).filter((name) => name !== named);
  return fc
    .record({
      path: fc.array(fc.oneof(text, number.map(String)), { minLength: holes.length, maxLength: holes.length }),
      query: fc.array(fc.tuple(fc.constantFrom(...query, 'other'), fc.oneof(text, number.map(String))), {
        maxLength: 3,
      }),
      body: fc.dictionary(fc.constantFrom(...body, 'other'), value, { maxKeys: body.length + 1 }),
    })
    .map((odd) => {
      const fill = new Map(holes.map((name, at) => [name, odd.path[at] ?? '']));
      const path = endpoint.path.replace(/\{(\w+)\}/g, (_, name: string) =>
        name === named ? String(organization) : encodeURIComponent((fill.get(name) || 'x').toWellFormed()),
      );
      const search = new URLSearchParams(odd.query).toString();
      const json = { ...odd.body, ...(endpoint.organizationFrom ? { id: organization } : {}) };
      return {
        method: endpoint.method,
        path: search === '' ? path : `${path}?${search}`,
        ...(endpoint.request.body ? { body: json } : {}),
      };
    });
}

test.each(all.map((endpoint) => [routeOf(endpoint), endpoint] as const))(
  '%s: nothing that is sent is a fault of ours',
  async (_, endpoint) => {
    const person = await somebody({ isPlatformAdministrator: true });
    const organization = await anOrganization(person);
    const needsKey = endpoint.dialect.credentials === 'organization-credential';
    const headers = needsKey ? await aCredential(organization, person) : await signedIn(person);
    await fc.assert(
      fc.asyncProperty(requestTo(endpoint, organization.id), async (request) => {
        const answer = await call({ ...request, headers });
        expect(answer.status, `${JSON.stringify(request)}\n${answer.text}`).toBeLessThan(500);
        if (answer.status >= 400) expect(codeOf(answer)).toMatch(/^[a-z_]+$/);
        else expect(Object.keys(endpoint.responses)).toContain(String(answer.status));
      }),
      { numRuns: extentOf({ share: 6, whole: 25 }) },
    );
  },
);
