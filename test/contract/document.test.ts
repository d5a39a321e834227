import { Ajv2020 } from 'ajv/dist/2020.js';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readRegistry } from '../../infra/endpoint-registry.ts';
import { type ObjectStore, startObjectStore } from '../../infra/local/object-store.ts';
import { openApiDocument } from '../../infra/openapi/openapi-document.ts';
import { apiUnderTest } from '../support/api-under-test.ts';
import { extentOf, times } from '../support/extent.ts';
import type { ApiRequest } from '../support/in-process-api.ts';
import { needsMore, type PreparedWorld, password, prepareWorld } from './prepared-world.ts';

/**
 * Requests made of the OpenAPI document alone, valid ones and ones with something wrong: every answer has a status that
 * the document declares for the operation, and the body that it declares for the status. The first request of each
 * operation is as plain as can be, and has to succeed.
 */
const { TENANTRY_TEST_SEED: seedGiven, TENANTRY_TEST_PATH: path } = process.env;
const seed = Number(seedGiven ?? extentOf({ share: 1, whole: Math.floor(Math.random() * 2 ** 31) }));
const runs = times * extentOf({ share: 4, whole: 25 });

// biome-ignore lint/suspicious/noExplicitAny: a JSON Schema.
type Schema = any;

interface Operation {
  readonly operationId: string;
  readonly security: readonly object[];
  readonly parameters: readonly {
    readonly name: string;
    readonly in: string;
    readonly required?: boolean;
    readonly schema: Schema;
  }[];
  readonly requestBody?: { readonly content: Record<string, { readonly schema: Schema }> };
  readonly responses: Record<string, { readonly content?: Record<string, { readonly schema: Schema }> }>;
}

const document = JSON.parse(JSON.stringify(openApiDocument(await readRegistry(), '1.0.0')));
const operations = Object.entries<Record<string, Operation>>(document.paths).flatMap(([route, methods]) =>
  Object.entries(methods).map(([method, operation]) => ({ route, method: method.toUpperCase(), operation })),
);
// The document itself stands beside the bundle of its function, which is not made here.
const asked = operations.filter(({ route }) => route !== '/openapi.json');

const { call } = await apiUnderTest();
let objects: ObjectStore;
let world: PreparedWorld;
beforeAll(async () => {
  objects = await startObjectStore();
  const bucket = 'avatars-under-test';
  await objects.serve({ buckets: [bucket], accessKeys: ['test'] });
  Object.assign(process.env, {
    AWS_ENDPOINT_URL_S3: objects.endpoint,
    AVATAR_BUCKET: bucket,
    AVATARS_DOMAIN: 'https://avatars.example.com',
  });
});
afterAll(async () => {
  await objects?.stop();
});

const strange = fc.constantFrom<unknown>(
  ...['', ' ', 'x', '0', '-1', '__proto__', '💩', '\u0000', 'x'.repeat(5_000), 'org-1', '2026-01-01T00:00:00Z'],
  ...[null, true, 0, -1, 1.5, 1e308, [], {}, [[]], [null], { a: { b: { c: [] } } }],
);

/** Values that a schema allows as far as it says, ids of what is there among them, and now and then something else. */
function valueFor(schema: Schema, name: string): fc.Arbitrary<unknown> {
  return fc.oneof({ weight: 24, arbitrary: fitting(schema ?? {}, name) }, { weight: 1, arbitrary: strange });
}

function fitting(schema: Schema, name: string): fc.Arbitrary<unknown> {
  const fits =
    schema.type === 'array' || schema.type === 'object' || schema.enum ? undefined : fitsByName(name, schema);
  if (fits) return fc.oneof({ weight: 3, arbitrary: fc.constant(fits[0]) }, fc.constantFrom(...fits));
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
      return text(schema);
  }
}

/** Filled in when the request is sent, since what there is differs from run to run. */
const known = fc.constantFrom('{organization}', '{user}', '{other}');

/** What fits where by its name, the plainest first; what a schema cannot say. */
const byName: readonly (readonly [RegExp, readonly unknown[]])[] = [
  [/^(organization|organizationId|organization_id|org_id)$/, ['{organization}']],
  [/^id$/, ['{organization}', '{other}']],
  [/^(user|userID|memberId|user_ids?)$/, ['{other}', '{user}', '{organization}']],
  [/^workspace(s|Id)$/, ['{workspace}', '{other}']],
  [/^invitationId$/, ['{invitation}', '{other}']],
  [/^inviteToken$/, ['{inviteToken}', 'it_x']],
  [/^token$/, ['{token}', 'lt_x']],
  [/^refresh_token$/, ['{refreshToken}', 'rt_x']],
  [/^key_id$/, ['{credential}', '{other}']],
  [/^parent_(org_)?id$/, ['{parent}', null, '{organization}']],
  [/^email$/, ['{freshEmail}', '{email}', '{ownEmail}']],
  [/^(contact|admin)$/, ['somebody@example.com', '{email}']],
  [/password/, [password, 'short']],
  [/^roles$/, [5, 2, 1, 9]],
  [/^countryCode$/, ['CH', 'XX']],
  [/^domain$/, ['{freshDomain}', 'example']],
  [/^avatarUrl$/, ['https://example.com/a.png', null]],
  [/^meter$/, ['storage_bytes', 'api_calls']],
  [/^timestamp$/, ['{now}', '2026-01-01T00:00:00Z']],
  [/^expires_at$/, ['{soon}', null]],
  [/^(start|end)$/, ['2026-01-01T00:00:00Z', '{now}']],
  [/^customizations$/, [{ theme: 'dark' }, { theme: null, more: [{}] }, { logo_url: 'no' }]],
];

/** An `id` that has to be a text is the caller’s own. */
const fitsByName = (name: string, { type }: Schema) =>
  name === 'id' && type === 'string' ? undefined : byName.find(([pattern]) => pattern.test(name))?.[1];

function text(schema: Schema): fc.Arbitrary<unknown> {
  return fc.string({ minLength: schema.minLength ?? 0, maxLength: Math.min(schema.maxLength ?? 20, 20) });
}

/** The plainest value of a schema, with all that it may have. */
function plain(schema: Schema, name: string): unknown {
  const isWhole = schema.type !== 'array' && schema.type !== 'object';
  const fits = isWhole && !schema.enum ? fitsByName(name, schema) : undefined;
  if (fits) return fits[0];
  if (schema.const !== undefined) return schema.const;
  if (schema.enum) return schema.enum[0];
  const [choice] = schema.anyOf ?? schema.oneOf ?? [];
  if (choice) return plain(choice, name);
  switch (Array.isArray(schema.type) ? schema.type[0] : schema.type) {
    case 'object':
      return Object.fromEntries(
        Object.entries<Schema>(schema.properties ?? {}).map(([field, of]) => [field, plain(of, field)]),
      );
    case 'array':
      return [plain(schema.items ?? {}, name)];
    case 'integer':
    case 'number':
      return Math.max(1, schema.minimum ?? 1);
    case 'boolean':
      return true;
    default:
      return 'Plain';
  }
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

/** The request with which nothing is wrong. */
function plainRequestOf({ parameters, requestBody }: Operation): Drawn {
  const schema = requestBody?.content['application/json']?.schema;
  const inPath = parameters.filter((each) => each.in === 'path');
  return {
    path: Object.fromEntries(inPath.map(({ name, schema: of }) => [name, plain(of, name)])),
    query: Object.fromEntries(
      parameters
        .filter((each) => each.in === 'query' && each.required)
        .map(({ name, schema: of }) => [name, plain(of, name)]),
    ),
    body: schema && plain(schema, 'body'),
    headers: {},
  };
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

function filled(value: unknown): unknown {
  if (typeof value === 'string') {
    const name = /^\{(\w+)\}$/.exec(value)?.[1];
    return name === undefined ? value : (world.named[name] ?? value);
  }
  if (Array.isArray(value)) return value.map(filled);
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(Object.entries(value).map(([field, inner]) => [field, filled(inner)]));
  }
  return value;
}

/** A form with an image in it. */
const form = Buffer.concat([
  Buffer.from('--form\r\nContent-Disposition: form-data; name="file"; filename="a.png"\r\n\r\n'),
  Buffer.from('89504e470d0a1a0a', 'hex'),
  Buffer.from('\r\n--form--\r\n'),
]);

function sent({ route, method, operation }: (typeof asked)[number], drawn: Drawn): ApiRequest {
  const written = (value: unknown) => {
    const plain = filled(value);
    return typeof plain === 'string' ? plain.toWellFormed() : (JSON.stringify(plain) ?? 'x');
  };
  const filledPath = route.replace(/\{(\w+)\}/g, (_, name: string) => {
    const value = /^(organization|organizationId|organization_id|org_id)$/.test(name)
      ? '{organization}'
      : drawn.path[name];
    return encodeURIComponent(written(value) || 'x');
  });
  const query = new URLSearchParams(
    Object.entries(drawn.query).map(([name, value]) => [name, written(value)] as [string, string]),
  );
  const isPublic = operation.security.length === 0 || operation.security.some((way) => Object.keys(way).length === 0);
  const credential = isPublic ? {} : route.startsWith('/clients/') ? world.key : world.session;
  const isForm = operation.requestBody?.content['multipart/form-data'] !== undefined;
  const body = isForm ? form : drawn.body === undefined ? undefined : JSON.stringify(filled(drawn.body));
  const type = isForm ? 'multipart/form-data; boundary=form' : 'application/json';
  return {
    method,
    path: `${filledPath}${query.size > 0 ? `?${query}` : ''}`,
    headers: { ...credential, ...(body === undefined ? {} : { 'content-type': type }), ...drawn.headers },
    ...(body === undefined ? {} : { body }),
  };
}

/** Whether a success leaves less than there was: without another beginning the next request could not succeed. */
const usesUp = ({ method, operation: { operationId } }: (typeof asked)[number]) =>
  method === 'DELETE' ||
  ['auth.session.logout', 'auth.password.change', 'organization-admin.member.update'].includes(operationId) ||
  (method !== 'GET' && needsMore(operationId)) ||
  operationId === 'accounts.account.leave_by_get';

test.each(asked.map((each) => [`${each.method} ${each.route}`, each] as const))(
  `%s answers what the document says (seed ${seed})`,
  async (_, each) => {
    const { operation } = each;
    world = await prepareWorld(operation.operationId, call);
    const answerTo = async (drawn: Drawn) => {
      const request = sent(each, drawn);
      const answer = await call(request);
      const told = `${JSON.stringify(request)}\n${answer.status} ${answer.text}`;
      expect(answer.status, told).toBeLessThan(500);
      const declared = operation.responses[String(answer.status)];
      expect(declared, `Not declared: ${told}`).toBeDefined();
      const [schema] = Object.values(declared?.content ?? {});
      if (!schema) expect(answer.text, told).toBe('');
      else {
        const name = `${operation.operationId} ${answer.status}`;
        expect(complaintsAbout(schema.schema, name, answer.body), told).toBeUndefined();
      }
      if (answer.status < 300 && usesUp(each)) world = await prepareWorld(operation.operationId, call);
      return { status: answer.status, told };
    };
    const { status, told } = await answerTo(plainRequestOf(operation));
    expect(status, told).toBeLessThan(300);
    await fc.assert(
      fc.asyncProperty(requestOf(operation), async (drawn) => {
        await answerTo(drawn);
      }),
      {
        seed,
        numRuns: usesUp(each) ? Math.ceil(runs / 2) : runs,
        ...(path === undefined ? {} : { path, endOnFailure: true }),
      },
    );
  },
  120_000 * times,
);
