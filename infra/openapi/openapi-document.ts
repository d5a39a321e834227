import { endpointsByDialect, fallbackPath, pathsOf, type Registry } from '../endpoint-registry.ts';
import { operationOf } from './operation.ts';
import { errorSchemaName } from './refusals.ts';
import { securitySchemes } from './security.ts';

const dialectDescriptions = {
  'organization-admin': 'Administration of the organization that a credential belongs to.',
  platform: 'Organizations, members, invitations, workspaces and wallets, in camelCase.',
  accounts: 'Organizations as accounts, and the user accounts in them.',
  hierarchy: 'Organizations in a hierarchy: logs, consumption, API keys.',
  auth: 'Signing in, sessions and passwords; health and this document.',
} as const;

/** The OpenAPI 3.1 document of every endpoint in the registry; the same registry gives the same document. */
export function openApiDocument(registry: Registry, version: string): Record<string, unknown> {
  const dialects = endpointsByDialect(registry);
  const paths: Record<string, Record<string, unknown>> = {};
  const errorSchemas: Record<string, unknown> = {};
  for (const [dialect, endpoints] of dialects) {
    for (const { endpoint } of endpoints) {
      errorSchemas[errorSchemaName(dialect)] = endpoint.dialect.errorSchema;
      for (const [index, path] of pathsOf(endpoint).entries()) {
        if (path === fallbackPath) continue;
        const operationId = `${dialect}.${endpoint.operation}${index === 0 ? '' : `.${index + 1}`}`;
        paths[path] ??= {};
        paths[path][endpoint.method.toLowerCase()] = operationOf(endpoint, path, operationId);
      }
    }
  }

  return {
    openapi: '3.1.0',
    info: {
      title: 'Tenantry',
      version,
      summary: 'Organizations, their members and what they may do: one store, several published APIs.',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: '/' }],
    tags: [...dialects.keys()].map((name) => ({ name, description: dialectDescriptions[name] })),
    paths: Object.fromEntries(Object.entries(paths).sort(([one], [other]) => (one < other ? -1 : 1))),
    components: { securitySchemes, schemas: errorSchemas, parameters, headers },
  };
}

const parameters = {
  'Idempotency-Key': {
    name: 'Idempotency-Key',
    in: 'header',
    required: false,
    description: 'Makes repeating the request safe: for 24 hours the same key gets the first answer again.',
    schema: { type: 'string', minLength: 1, maxLength: 255 },
  },
  'If-Match': {
    name: 'If-Match',
    in: 'header',
    required: false,
    description: 'The ETag that was read: the change is refused if somebody else was faster.',
    schema: { type: 'string' },
  },
};

const headers = {
  'X-Request-Id': { description: 'Names this request in logs and to support.', schema: { type: 'string' } },
  Help: {
    description: 'Where the code of the refusal is explained: `<https://…/docs/errors/last_owner>; rel="help"`.',
    schema: { type: 'string' },
  },
  Link: {
    description: 'Where the next page is, if there is one: `</orgs/…?cursor=…>; rel="next"`.',
    schema: { type: 'string' },
  },
  ETag: { description: 'The version of the one thing that is answered; lists have none.', schema: { type: 'string' } },
  'Idempotent-Replayed': {
    description: '`true` where this is the answer to an earlier request with the same Idempotency-Key.',
    schema: { type: 'string', enum: ['true'] },
  },
  RateLimit: {
    description: 'What is left of the minute: `"session";r=99;t=60` are 99 requests within 60 seconds.',
    schema: { type: 'string' },
  },
  'RateLimit-Policy': {
    description: 'The limit of the credential: `"session";q=100;w=60` are 100 requests in 60 seconds.',
    schema: { type: 'string' },
  },
  'Retry-After': { description: 'When to try again, in seconds.', schema: { type: 'integer' } },
};
