import { STATUS_CODES } from 'node:http';
import type { ZodMiniType } from 'zod/mini';
import { type Endpoint, isPublic } from '../../shared/http/define-endpoint.ts';
import { fieldNote, withFieldNotes } from './field-notes.ts';
import { inputFields, inputSchema, outputSchema } from './json-schema.ts';
import { operationNotes } from './operation-notes.ts';
import { refusalResponses } from './refusals.ts';
import { securityOf } from './security.ts';

/** An endpoint at one of its paths, as an OpenAPI operation. `operationId` has to be unique in the document. */
export function operationOf(endpoint: Endpoint, path: string, operationId: string): Record<string, unknown> {
  const { dialect, summary, request } = endpoint;
  return {
    operationId,
    tags: [dialect.name],
    summary,
    description: [operationNotes[`${dialect.name}.${endpoint.operation}`], describeAccess(endpoint)]
      .filter(Boolean)
      .join('\n\n'),
    security: securityOf(endpoint),
    parameters: parametersOf(endpoint, path, operationId),
    ...(request.body
      ? {
          requestBody: {
            required: !request.body.safeParse(undefined).success,
            content: { 'application/json': { schema: withFieldNotes(inputSchema(request.body), operationId) } },
          },
        }
      : {}),
    ...(request.file === undefined
      ? {}
      : {
          requestBody: {
            required: true,
            content: {
              'multipart/form-data': {
                schema: {
                  type: 'object',
                  required: [request.file],
                  additionalProperties: false,
                  properties: {
                    [request.file]: {
                      type: 'string',
                      contentMediaType: 'application/octet-stream',
                      ...(fieldNote(operationId, request.file) && {
                        description: fieldNote(operationId, request.file),
                      }),
                    },
                  },
                },
              },
            },
          },
        }),
    responses: { ...successResponses(endpoint, operationId), ...refusalResponses(endpoint) },
  };
}

function describeAccess({ permission }: Endpoint): string {
  if (isPublic(permission)) return `Who may: everybody (${permission.public}).`;
  switch (permission) {
    case 'signed-in':
      return 'Who may: anybody with a credential.';
    case 'session':
      return 'Who may: a person with a session.';
    case 'member':
      return 'Who may: any member of the organization.';
    case 'platform-administrator':
      return 'Who may: a platform administrator.';
    default:
      return `Who may: whoever has \`${permission}\`.`;
  }
}

function parametersOf(
  { request, idempotent, errors }: Endpoint,
  path: string,
  operationId: string,
): readonly unknown[] {
  const noteOn = (name: string) => {
    const description = fieldNote(operationId, name);
    return description === undefined ? {} : { description };
  };
  const declared = new Map(inputFields(request.path).map(({ name, schema }) => [name, schema]));
  const inPath = [...path.matchAll(/\{(\w+)\+?\}/g)].map(([, name = '']) => ({
    name,
    in: 'path',
    required: true,
    ...noteOn(name),
    schema: declared.get(name) ?? { type: 'string' },
  }));
  const inQuery = inputFields(request.query).map(({ name, isRequired, schema }) => ({
    name,
    in: 'query',
    required: isRequired,
    ...noteOn(name),
    schema,
  }));
  return [
    ...inPath,
    ...inQuery,
    ...(idempotent ? [{ $ref: '#/components/parameters/Idempotency-Key' }] : []),
    ...(errors.includes('precondition_failed') ? [{ $ref: '#/components/parameters/If-Match' }] : []),
  ];
}

function successResponses(endpoint: Endpoint, operationId: string): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(endpoint.responses).map(([status, schema]) => [
      status,
      {
        description: STATUS_CODES[status] ?? 'Success',
        headers: successHeaders(endpoint, schema),
        ...(schema === null
          ? {}
          : {
              content: {
                [endpoint.contentType ?? 'application/json']: {
                  schema: withFieldNotes(outputSchema(schema), operationId),
                },
              },
            }),
      },
    ]),
  );
}

function successHeaders(endpoint: Endpoint, schema: ZodMiniType | null): Record<string, unknown> {
  const { method, idempotent, permission, acceptsSession, request } = endpoint;
  const names = [
    'X-Request-Id',
    ...(!isPublic(permission) || acceptsSession ? ['RateLimit', 'RateLimit-Policy'] : []),
    ...(method !== 'DELETE' && schema !== null ? ['ETag'] : []),
    ...(idempotent ? ['Idempotent-Replayed'] : []),
    ...(inputFields(request.query).some(({ name }) => name === 'cursor') ? ['Link'] : []),
  ];
  return Object.fromEntries(names.map((name) => [name, { $ref: `#/components/headers/${name}` }]));
}
