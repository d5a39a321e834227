import { Validator } from '@seriousme/openapi-schema-validator';
import { expect, test } from 'vitest';
import { fallbackPath, pathsOf, readRegistry } from '../../infra/endpoint-registry.ts';
import { fieldNotes } from '../../infra/openapi/field-notes.ts';
import { openApiDocument } from '../../infra/openapi/openapi-document.ts';
import { operationNotes } from '../../infra/openapi/operation-notes.ts';
import { isPublic } from '../../shared/http/define-endpoint.ts';

const registry = await readRegistry();
const document = JSON.parse(JSON.stringify(openApiDocument(registry, '1.2.3')));

test('the document is valid OpenAPI 3.1', async () => {
  const validator = new Validator();
  const { valid, errors } = await validator.validate(structuredClone(document));
  expect(errors ?? []).toEqual([]);
  expect(valid).toBe(true);
  expect(validator.version).toBe('3.1');
});

test('there is a note on every operation, and on nothing else', () => {
  const operations = registry.endpoints.filter(({ endpoint }) => endpoint.path !== fallbackPath);
  const names = operations.map(({ endpoint }) => `${endpoint.dialect.name}.${endpoint.operation}`);
  expect(Object.keys(operationNotes).sort()).toEqual(names.sort());
});

test('every note on a field is on one that there is', () => {
  const text = JSON.stringify(document);
  const unused = Object.entries(fieldNotes).filter(([, note]) => !text.includes(JSON.stringify(note)));
  expect(unused).toEqual([]);
});

test('every endpoint stands at each of its paths, and nothing else does', () => {
  const documented = Object.entries<object>(document.paths).flatMap(([path, operations]) =>
    Object.keys(operations).map((method) => `${method.toUpperCase()} ${path}`),
  );
  const served = registry.endpoints.flatMap(({ endpoint }) =>
    pathsOf(endpoint)
      .filter((path) => path !== fallbackPath)
      .map((path) => `${endpoint.method} ${path}`),
  );
  expect(documented.sort()).toEqual(served.sort());
});

test('numbers and truth values of a query have their types and defaults, though they travel as text', () => {
  const schemas = Object.fromEntries(
    document.paths['/organizations/{organization_id}/users'].get.parameters.map(
      (parameter: { name: string; schema: object }) => [parameter.name, parameter.schema],
    ),
  );
  expect(schemas).toMatchObject({
    page_number: { type: 'integer', minimum: 0, default: 0 },
    page_size: { type: 'integer', minimum: 0, maximum: 100, default: 25 },
    sort_by: { type: 'string', default: 'created_on' },
    sort_ascending: { type: 'boolean', default: true },
  });
  expect(schemas.sort_ascending).not.toHaveProperty('enum');
  expect(schemas.page_number).not.toHaveProperty('maximum');
});

test('a body of which some field has to be there says so', () => {
  const { requestBody } = document.paths['/clients/v1/organization-admin/organization/update'].put;
  expect(requestBody.content['application/json'].schema).toMatchObject({ minProperties: 1 });
});

test('whatever takes a cursor tells of the link that it comes from', () => {
  const operations = Object.values<object>(document.paths).flatMap((methods) => Object.values(methods));
  const withCursor = operations.filter(({ parameters }) =>
    parameters.some(({ name }: { name: string }) => name === 'cursor'),
  );
  expect(withCursor.map(({ operationId }) => operationId)).toContain('hierarchy.access_log.list');
  for (const { responses } of withCursor) expect(responses[200].headers.Link.$ref).toBe('#/components/headers/Link');
});

for (const { name, endpoint } of registry.endpoints.filter(({ endpoint }) => endpoint.path !== fallbackPath)) {
  test(`${name} says what it takes, what it answers and how it refuses`, () => {
    const operation = document.paths[endpoint.path][endpoint.method.toLowerCase()];
    const takesCredential = !isPublic(endpoint.permission) || endpoint.acceptsSession === true;
    expect(operation.security.length > 0).toBe(takesCredential);

    const pathParameters = [...endpoint.path.matchAll(/\{(\w+)\}/g)].map(([, parameter]) => parameter);
    const documentedParameters = operation.parameters
      .filter((parameter: { in?: string }) => parameter.in === 'path')
      .map((parameter: { name: string }) => parameter.name);
    expect(documentedParameters).toEqual(pathParameters);

    const codes = Object.values<{ content?: Record<string, { examples?: object }> }>(operation.responses).flatMap(
      ({ content = {} }) => Object.values(content).flatMap(({ examples = {} }) => Object.keys(examples)),
    );
    expect(codes).toEqual(expect.arrayContaining([...endpoint.errors, 'internal']));
    if (!isPublic(endpoint.permission)) expect(codes).toContain('unauthorized');
    for (const status of Object.keys(endpoint.responses)) expect(operation.responses).toHaveProperty(status);
  });
}
