import { randomUUID } from 'node:crypto';
import * as z from 'zod/mini';
import { pathsOf } from '../../../infra/endpoint-registry.ts';
import { writeToken } from '../../../shared/domain/access/tokens.ts';
import { toUuid } from '../../../shared/domain/identifiers.ts';
import { type Endpoint, isPublic, organizationParameterOf } from '../../../shared/http/define-endpoint.ts';
import type { KnownCaller } from './known-caller.ts';

/**
 * A request to an endpoint from a caller who may make it, as API Gateway hands it on (payload format 2.0). The body is
 * made from the endpoint's own schema, with the required fields only; `run` makes the addresses in it new each time.
 */
export function sampleRequest(endpoint: Endpoint, caller: KnownCaller, run: number): object {
  const [path = ''] = pathsOf(endpoint);
  const pathParameters = Object.fromEntries(
    [...path.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => [name, pathValue(endpoint, name, caller)]),
  );
  const rawPath =
    path === '$default' ? '/nowhere' : path.replace(/\{(\w+)\}/g, (_, name) => pathParameters[name] ?? '');
  const body = endpoint.request.body && JSON.stringify(sampleOf(inputSchemaOf(endpoint.request.body), caller, run));
  const now = new Date();
  return {
    version: '2.0',
    routeKey: `${endpoint.method} ${path}`,
    rawPath,
    rawQueryString: '',
    headers: {
      accept: '*/*',
      host: 'api.example.com',
      'user-agent': 'curl/8.7.1',
      ...(body === undefined ? {} : { 'content-type': 'application/json', 'content-length': String(body.length) }),
      ...credentialHeaders(endpoint, caller),
    },
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

function credentialHeaders({ permission, dialect }: Endpoint, caller: KnownCaller): Record<string, string> {
  if (isPublic(permission)) return {};
  return dialect.credentials === 'organization-credential'
    ? { 'x-api-key': caller.apiKey }
    : { authorization: `Bearer ${caller.accessToken}` };
}

/** The caller's organization where one is named; else something well-formed that does not exist. */
function pathValue(endpoint: Endpoint, name: string, { organizationId }: KnownCaller): string {
  if (name === organizationParameterOf(endpoint)) return toUuid('organization', organizationId);
  if (name === 'token') return writeToken('it', { ids: [organizationId, 1], secret: Buffer.alloc(32, 7) });
  return '4242';
}

type JsonSchema = z.core.JSONSchema.JSONSchema;

function inputSchemaOf(schema: z.ZodMiniType): JsonSchema {
  return z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' });
}

/** A value that the schema takes, as far as the schema says what it takes. */
function sampleOf(schema: JsonSchema, caller: KnownCaller, run: number, name = ''): unknown {
  if (schema.const !== undefined) return schema.const;
  if (schema.default !== undefined) return schema.default;
  if (schema.enum) return schema.enum[0];
  const [option] = schema.anyOf ?? schema.oneOf ?? [];
  if (typeof option === 'object') return sampleOf(option, caller, run, name);
  switch (schema.type) {
    case 'object': {
      const required = (schema.required ?? []).map((field) => {
        const member = schema.properties?.[field];
        return [field, sampleOf(typeof member === 'object' ? member : {}, caller, run, field)];
      });
      return Object.fromEntries(required);
    }
    case 'array': {
      const { items } = schema;
      if (typeof items !== 'object' || Array.isArray(items)) return [];
      return Array.from({ length: schema.minItems ?? 1 }, () => sampleOf(items, caller, run, name));
    }
    case 'integer':
    case 'number':
      return schema.minimum ?? 1;
    case 'boolean':
      return true;
    default:
      return sampleText(schema, caller, run, name);
  }
}

function sampleText({ minLength = 0 }: JsonSchema, caller: KnownCaller, run: number, name: string): string {
  if (/email/i.test(name)) return `somebody-${run}-${process.pid}@tenantry.example.com`;
  if (/refresh_?token/i.test(name)) return caller.refreshToken;
  if (/token/i.test(name)) return writeToken('lt', { ids: [1], secret: Buffer.alloc(32, 7) });
  if (/password/i.test(name)) return 'correct horse battery staple';
  return 'sample'.padEnd(minLength, '-');
}
