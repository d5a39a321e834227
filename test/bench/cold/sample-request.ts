import { randomUUID } from 'node:crypto';
import * as z from 'zod/mini';
import { pathsOf } from '../../../infra/endpoint-registry.ts';
import { writeToken } from '../../../shared/domain/access/tokens.ts';
import { toUuid } from '../../../shared/domain/identifiers.ts';
import { type Endpoint, isPublic, organizationParameterOf } from '../../../shared/http/define-endpoint.ts';
import type { KnownCaller } from './known-caller.ts';

/**
 * A request to an endpoint from a caller who may make it, as API Gateway hands it on (payload format 2.0). Query and
 * body are made from the endpoint's own schemas: the required fields, or else the first one.
 */
export function sampleRequest(endpoint: Endpoint, caller: KnownCaller): object {
  const [path = ''] = pathsOf(endpoint);
  const { body: bodySchema, query: querySchema } = endpoint.request;
  const pathParameters = Object.fromEntries(
    [...path.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => [name, pathValue(endpoint, name, caller)]),
  );
  const rawPath =
    path === '$default' ? '/nowhere' : path.replace(/\{(\w+)\}/g, (_, name) => pathParameters[name] ?? '');
  const body = bodySchema && JSON.stringify(sampleOf(bodySchema, { caller, endpoint }));
  const query = querySchema && new URLSearchParams(sampleOf(querySchema, { caller, endpoint }) as never);
  const now = new Date();
  return {
    version: '2.0',
    routeKey: `${endpoint.method} ${path}`,
    rawPath,
    rawQueryString: query?.toString() ?? '',
    headers: {
      accept: '*/*',
      host: 'api.example.com',
      'user-agent': 'curl/8.7.1',
      ...(body === undefined ? {} : { 'content-type': 'application/json', 'content-length': String(body.length) }),
      ...credentialHeaders(endpoint, caller),
    },
    ...(query?.size ? { queryStringParameters: Object.fromEntries(query) } : {}),
    requestContext: {
      accountId: '123456789012',
      apiId: 'abcdefghij',
      domainName: 'api.example.com',
      domainPrefix: 'api',
      http: {
        method: endpoint.method,
        path: rawPath,
        protocol: 'HTTP/1.1',
        sourceIp: '192.0.2.1',
        userAgent: 'curl/8.7.1',
      },
      requestId: randomUUID(),
      routeKey: `${endpoint.method} ${path}`,
      stage: '$default',
      time: now.toUTCString(),
      timeEpoch: now.getTime(),
    },
    ...(Object.keys(pathParameters).length === 0 ? {} : { pathParameters }),
    ...(body === undefined ? {} : { body }),
    isBase64Encoded: false,
  };
}

function credentialHeaders({ permission, dialect }: Endpoint, caller: KnownCaller): Readonly<Record<string, string>> {
  if (isPublic(permission)) return {};
  return dialect.credentials === 'organization-credential'
    ? caller.credential
    : { authorization: `Bearer ${caller.accessToken}` };
}

/** The caller's own organization or user where one is named; else something well-formed that does not exist. */
function pathValue(endpoint: Endpoint, name: string, { organizationId, userId }: KnownCaller): string {
  if (name === organizationParameterOf(endpoint)) return toUuid('organization', organizationId);
  if (name === 'token') return writeToken('it', { ids: [organizationId, 1], secret: Buffer.alloc(32, 7) });
  if (/user|member/i.test(name)) return String(userId);
  return '4242';
}

type JsonSchema = z.core.JSONSchema.JSONSchema;

interface SampleContext {
  readonly caller: KnownCaller;
  readonly endpoint: Endpoint;
}

/** A value that the schema takes, as far as a schema can say what it takes. */
function sampleOf(schema: z.ZodMiniType, context: SampleContext): unknown {
  return sampleOfJson(z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }), context, '');
}

function sampleOfJson(schema: JsonSchema, context: SampleContext, name: string): unknown {
  if (schema.const !== undefined) return schema.const;
  if (schema.enum) return schema.enum[0];
  const [option] = schema.anyOf ?? schema.oneOf ?? [];
  if (typeof option === 'object' && !/_id$/.test(name)) return sampleOfJson(option, context, name);
  switch (schema.type) {
    case 'object': {
      const properties = Object.entries(schema.properties ?? {});
      const required = properties.filter(([field]) => schema.required?.includes(field));
      const isPatch = context.endpoint.method === 'PATCH' || context.endpoint.method === 'PUT';
      const given = required.length > 0 || !isPatch ? required : properties.slice(0, 1);
      return Object.fromEntries(
        given.map(([field, member]) => [field, sampleOfJson(member as JsonSchema, context, field)]),
      );
    }
    case 'array': {
      const { items, minItems = 0 } = schema;
      if (typeof items !== 'object' || Array.isArray(items)) return [];
      return Array.from({ length: minItems }, () => sampleOfJson(items, context, name));
    }
    case 'integer':
    case 'number':
      return Math.max(1, schema.minimum ?? 1);
    case 'boolean':
      return true;
    case undefined:
      return {};
    default:
      return sampleText(schema, context, name);
  }
}

function sampleText({ minLength = 0 }: JsonSchema, { caller, endpoint }: SampleContext, name: string): string {
  if (/email/i.test(name)) {
    return endpoint.operation === 'session.login' ? caller.email : `somebody-${randomUUID()}@tenantry.example.com`;
  }
  if (/refresh_?token/i.test(name)) return caller.refreshToken;
  if (/token/i.test(name)) return writeToken('lt', { ids: [1, 2], secret: Buffer.alloc(32, 7) });
  if (/password/i.test(name)) return caller.password;
  if (/country/i.test(name)) return 'DE';
  if (/user_?id/i.test(name)) return String(caller.userId);
  if (/_?id$/i.test(name)) return '4242';
  return 'sample'.padEnd(minLength, '-');
}
