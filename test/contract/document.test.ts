import { Ajv2020 } from 'ajv/dist/2020.js';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readRegistry } from '../../infra/endpoint-registry.ts';
import { openApiDocument } from '../../infra/openapi/openapi-document.ts';
import type { Organization } from '../../shared/domain/organization/organization.ts';
import type { User } from '../../shared/domain/user/user.ts';
import { type ApiAnswer, type ApiRequest, openApi } from '../support/in-process-api.ts';
import { aCredential, aMember, anOrganization, signedIn, somebody } from '../support/people-and-organizations.ts';
import { startTable, type TableUnderTest } from '../support/table-under-test.ts';

/**
 * Requests made of the OpenAPI document alone, valid ones and ones with something wrong: every answer has a status that
 * the document declares for the operation, and the body that it declares for the status.
 */
const { TENANTRY_TEST_SEED: seedGiven, TENANTRY_TEST_PATH: path, TENANTRY_TEST_TIMES: times } = process.env;
const seed = Number(seedGiven ?? Math.floor(Math.random() * 2 ** 31));
const runs = Number(times ?? 1) * 25;

// biome-ignore lint/suspicious/noExplicitAny: a JSON Schema.
type Schema = any;

interface Operation {
  readonly operationId: string;
  readonly parameters: readonly { readonly name: string; readonly in: string; readonly schema: Schema }[];
  readonly requestBody?: { readonly content: Record<string, { readonly schema: Schema }> };
  readonly responses: Record<string, { readonly content?: Record<string, { readonly schema: Schema }> }>;
}

const document = JSON.parse(JSON.stringify(openApiDocument(await readRegistry(), '1.0.0')));
const operations = Object.entries<Record<string, Operation>>(document.paths).flatMap(([route, methods]) =>
  Object.entries(methods).map(([method, operation]) => ({ route, method: method.toUpperCase(), operation })),
);
// The document itself stands beside the bundle of its function, which is not made here.
const asked = operations.filter(({ route }) => route !== '/openapi.json');

let table: TableUnderTest;
let call: (request: ApiRequest) => Promise<ApiAnswer>;
let owner: User;
let organization: Organization;
let session: Record<string, string>;
let key: Record<string, string>;
beforeAll(async () => {
  table = await startTable();
  call = await openApi();
});
afterAll(() => table?.stop());

const strange = fc.constantFrom<unknown>(
  ...['', ' ', 'x', '0', '-1', '__proto__', '💩', '\u0000', 'x'.repeat(5_000), 'org-1', '2026-01-01T00:00:00Z'],
  ...[null, true, 0, -1, 1.5, 1e308, [], {}, [[]], [null], { a: { b: { c: [] } } }],
);

/** Values that a schema allows as far as it says, ids of what is there among them, and now and then something else. */
function valueFor(schema: Schema, name: string): fc.Arbitrary<unknown> {
  return fc.oneof({ weight: 24, arbitrary: fitting(schema ?? {}, name) }, { weight: 1, arbitrary: strange });
}

function fitting(schema: Schema, name: string): fc.Arbitrary<unknown> {
  if (schema.const !== undefined) return fc.constant(schema.const);
  if (schema.enum) return fc.constantFrom(...schema.enum);
  const choices = schema.anyOf ?? schema.oneOf;
  if (choices) return fc.oneof(...choices.map((choice: Schema) => valueFor(choice, name)));
  const type = Array.isArray(schema.type) ? schema.type[0] : schema.type;
  switch (type) {
    case 'object': {
      const fields = Object.entries(schema.properties ?? {}).map(
        ([field, of]) => [field, valueFor(of, field)] as const,
      );
      return fc
        .tuple(
          fc.record(Object.fromEntries(fields), { requiredKeys: schema.required ?? [] }),
          fc.oneof(
            { weight: 12, arbitrary: fc.constant(undefined) },
            { weight: 1, arbitrary: fc.constantFrom('stray', 'role', 'constructor') },
          ),
        )
        .map(([body, stray]) => (stray ? { ...body, [stray]: 1 } : body));
    }
    case 'array':
      return fc.array(valueFor(schema.items ?? {}, name), {
        minLength: schema.minItems ?? 0,
        maxLength: Math.min(schema.maxItems ?? 4, Math.max(4, schema.minItems ?? 0)),
      });
    case 'integer':
      return fc.oneof(
        fc.integer({
          min: Math.max(schema.minimum ?? -5, -(2 ** 31)),
          max: Math.min(schema.maximum ?? 50, 2 ** 31 - 1),
        }),
        known,
      );
    case 'number':
      return fc.double({ noNaN: true, noDefaultInfinity: true });
    case 'boolean':
      return fc.boolean();
    case 'null':
      return fc.constant(null);
    default:
      return text(schema, name);
  }
}

/** Filled in when the request is sent, since what there is differs from run to run. */
const known = fc.constantFrom('{organization}', '{user}', '{other}');

function text(schema: Schema, name: string): fc.Arbitrary<unknown> {
  if (/(^|_)ids?$|Id$|^user|^organization|member|parent/i.test(name)) return known;
  if (/email|contact|admin/.test(name)) return fc.constantFrom('somebody@example.com', '{email}', 'new@example.com');
  if (/password/.test(name)) return fc.constantFrom('Correct-Horse-7', 'short');
  if (/^(start|end|timestamp|expires_at)$/.test(name))
    return fc.constantFrom('2026-01-01T00:00:00Z', '2030-01-01T00:00:00Z');
  return fc.string({ minLength: schema.minLength ?? 0, maxLength: Math.min(schema.maxLength ?? 20, 20) });
}

interface Drawn {
  readonly path: Readonly<Record<string, unknown>>;
  readonly query: Readonly<Record<string, unknown>>;
  readonly body: unknown;
  readonly headers: Readonly<Record<string, string>>;
}

function requestOf({ parameters, requestBody }: Operation): fc.Arbitrary<Drawn> {
  const of = (where: string) =>
    Object.fromEntries(
      parameters.filter((each) => each.in === where).map(({ name, schema }) => [name, valueFor(schema, name)] as const),
    );
  const schema = requestBody?.content['application/json']?.schema;
  return fc.record({
    path: fc.record(of('path')),
    query: fc.record(of('query'), { requiredKeys: [] }),
    body: schema ? valueFor(schema, 'body') : fc.constant(undefined),
    headers: fc.oneof(
      { weight: 8, arbitrary: fc.constant({}) },
      { weight: 1, arbitrary: fc.constant({ 'if-match': '"1"' }) },
      { weight: 1, arbitrary: fc.uuid().map((name) => ({ 'idempotency-key': name })) },
    ),
  });
}

const ajv = new Ajv2020({ strict: false, validateFormats: false });
ajv.addSchema({ $id: 'document', components: document.components });
const validators = new Map<string, ReturnType<typeof ajv.compile>>();
function complaintsAbout(schema: Schema, name: string, body: unknown): string | undefined {
  const own = JSON.parse(JSON.stringify(schema).replaceAll('"#/components', '"document#/components'));
  const validate = validators.get(name) ?? ajv.compile(own);
  validators.set(name, validate);
  return validate(body) ? undefined : ajv.errorsText(validate.errors);
}

async function freshWorld(): Promise<void> {
  owner = await somebody({ isPlatformAdministrator: true });
  organization = await anOrganization(owner);
  const other = await somebody({ homeOrganizationId: organization.id });
  await aMember(organization, other, ['VIEWER']);
  session = await signedIn(owner);
  key = await aCredential(organization, owner);
  named = { organization: organization.id, user: owner.id, other: other.id, email: other.email };
}
let named: Record<string, string | number> = {};

function filled(value: unknown): unknown {
  if (typeof value === 'string') {
    const name = /^\{(\w+)\}$/.exec(value)?.[1];
    return name === undefined ? value : (named[name] ?? value);
  }
  if (Array.isArray(value)) return value.map(filled);
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(Object.entries(value).map(([field, inner]) => [field, filled(inner)]));
  }
  return value;
}

function sent({ route, method }: { route: string; method: string }, drawn: Drawn): ApiRequest {
  const written = (value: unknown) => {
    const plain = filled(value);
    return typeof plain === 'string' ? plain.toWellFormed() : (JSON.stringify(plain) ?? 'x');
  };
  const filledPath = route.replace(/\{(\w+)\}/g, (_, name: string) => {
    const value = /^(organization|organizationId|organization_id|org_id)$/.test(name)
      ? organization.id
      : drawn.path[name];
    return encodeURIComponent(written(value) || 'x');
  });
  const query = new URLSearchParams(
    Object.entries(drawn.query).map(([name, value]) => [name, written(value)] as [string, string]),
  );
  const needsKey = route.startsWith('/clients/');
  return {
    method,
    path: `${filledPath}${query.size > 0 ? `?${query}` : ''}`,
    headers: { ...(route.startsWith('/auth/log') ? {} : needsKey ? key : session), ...drawn.headers },
    ...(drawn.body === undefined ? {} : { body: JSON.stringify(filled(drawn.body)) }),
  };
}

test.each(asked.map((each) => [`${each.method} ${each.route}`, each] as const))(
  `%s answers what the document says (seed ${seed})`,
  async (_, each) => {
    await freshWorld();
    await fc.assert(
      fc.asyncProperty(requestOf(each.operation), async (drawn) => {
        const { headers = {}, ...request } = sent(each, drawn);
        const json = request.body === undefined ? {} : { 'content-type': 'application/json' };
        const answer = await call({ ...request, headers: { ...headers, ...json } });
        const told = `${JSON.stringify(request)}\n${answer.status} ${answer.text}`;
        expect(answer.status, told).toBeLessThan(500);
        const declared = each.operation.responses[String(answer.status)];
        expect(declared, `Not declared: ${told}`).toBeDefined();
        const [schema] = Object.values(declared?.content ?? {});
        if (!schema) expect(answer.text, told).toBe('');
        else {
          const name = `${each.operation.operationId} ${answer.status}`;
          expect(complaintsAbout(schema.schema, name, answer.body), told).toBeUndefined();
        }
        // What made the owner powerless or the organization vanish is undone by beginning anew.
        if (each.method !== 'GET' && answer.status < 300) await freshWorld();
      }),
      { seed, numRuns: runs, ...(path === undefined ? {} : { path, endOnFailure: true }) },
    );
  },
  120_000 * Number(times ?? 1),
);
