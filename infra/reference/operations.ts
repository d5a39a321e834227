import type { DomainErrorCode } from '../../shared/domain/errors.ts';
import type { JsonSchema } from '../openapi/json-schema.ts';

/** A parameter in a path, a query or a header. */
export interface Parameter {
  readonly name: string;
  readonly in: 'path' | 'query' | 'header';
  readonly required: boolean;
  readonly description?: string;
  readonly schema: JsonSchema;
}

/** A way in which an operation says no. */
export interface Refusal {
  readonly code: DomainErrorCode;
  readonly status: number;
  readonly contentType: string;
  /** The body, as the dialect renders it. */
  readonly body: unknown;
}

/** A way in which an operation succeeds; without a schema the body is empty. */
export interface Success {
  readonly status: number;
  readonly contentType: string | undefined;
  readonly schema: JsonSchema | undefined;
  readonly headers: readonly string[];
}

/** One operation of the document, as its page shows it. */
export interface Operation {
  readonly id: string;
  readonly dialect: string;
  /** What it is about: `member` of `platform.member.list`. */
  readonly resource: string;
  /** Below `/docs`, such as `platform/member-list`. */
  readonly page: string;
  readonly method: string;
  readonly path: string;
  /** Where else it is found. */
  readonly otherPaths: readonly string[];
  readonly summary: string;
  /** Paragraphs of Markdown. */
  readonly description: string;
  /** Each a set of security schemes that go together; any of them is enough. None: no credential. */
  readonly security: readonly (readonly string[])[];
  readonly parameters: readonly Parameter[];
  readonly body: { readonly contentType: string; readonly required: boolean; readonly schema: JsonSchema } | undefined;
  readonly successes: readonly Success[];
  readonly refusals: readonly Refusal[];
}

/** A dialect with its operations. */
export interface DialectOperations {
  readonly name: string;
  readonly description: string;
  readonly operations: readonly Operation[];
}

interface DocumentedOperation {
  readonly operationId: string;
  readonly tags: readonly string[];
  readonly summary: string;
  readonly description: string;
  readonly security: readonly Readonly<Record<string, unknown>>[];
  readonly parameters: readonly (Parameter | { readonly $ref: string })[];
  readonly requestBody?: {
    readonly required: boolean;
    readonly content: Readonly<Record<string, { readonly schema: JsonSchema }>>;
  };
  readonly responses: Readonly<Record<string, DocumentedResponse>>;
}

interface DocumentedResponse {
  readonly headers?: Readonly<Record<string, unknown>>;
  readonly content?: Readonly<
    Record<
      string,
      { readonly schema: JsonSchema; readonly examples?: Readonly<Record<string, { readonly value: unknown }>> }
    >
  >;
}

/** An OpenAPI document as far as the reference reads it; `openApiDocument` writes it. */
export interface ApiDocument {
  readonly info: { readonly version: string };
  readonly tags: readonly { readonly name: string; readonly description: string }[];
  readonly paths: Readonly<Record<string, Readonly<Record<string, DocumentedOperation>>>>;
  readonly components: {
    readonly parameters: Readonly<Record<string, Parameter>>;
    readonly securitySchemes: Readonly<Record<string, { readonly description: string }>>;
    readonly schemas: Readonly<Record<string, JsonSchema>>;
  };
}

const methods = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'];

/** What the document says, by dialect. */
export function operationsOf(document: ApiDocument): readonly DialectOperations[] {
  const all = Object.entries(document.paths).flatMap(([path, byMethod]) =>
    Object.entries(byMethod).map(([method, documented]) =>
      readOperation(document, method.toUpperCase(), path, documented),
    ),
  );
  // Another path of the same endpoint has the same id with a number after it.
  const [others, first] = [all.filter(({ id }) => /\.\d+$/.test(id)), all.filter(({ id }) => !/\.\d+$/.test(id))];
  const operations = first.map((operation) => ({
    ...operation,
    otherPaths: others.filter(({ id }) => id.replace(/\.\d+$/, '') === operation.id).map(({ path }) => path),
  }));
  return document.tags.map(({ name, description }) => ({
    name,
    description,
    operations: inOrder(operations.filter(({ dialect }) => dialect === name)),
  }));
}

/** By resource, both these and the operations of one from the shortest path to the longest. */
function inOrder(operations: readonly Operation[]): readonly Operation[] {
  const sorted = operations.toSorted(
    (one, other) => one.path.length - other.path.length || methods.indexOf(one.method) - methods.indexOf(other.method),
  );
  return [...Map.groupBy(sorted, ({ resource }) => resource).values()].flat();
}

function readOperation(
  document: ApiDocument,
  method: string,
  path: string,
  documented: DocumentedOperation,
): Operation {
  const { operationId: id, tags, summary, description, security, parameters, requestBody, responses } = documented;
  const [dialect = ''] = tags;
  const [, resource = ''] = id.split('.');
  const [body] = Object.entries(requestBody?.content ?? {});
  const byStatus = Object.entries(responses).map(([status, response]) => ({ status: Number(status), ...response }));
  return {
    id,
    dialect,
    resource,
    page: `${dialect}/${id.slice(dialect.length + 1).replace(/[._]/g, '-')}`,
    method,
    path,
    otherPaths: [],
    summary,
    description,
    security: security.map((schemes) => Object.keys(schemes)),
    parameters: parameters.map((parameter) =>
      '$ref' in parameter ? (document.components.parameters[lastPart(parameter.$ref)] as Parameter) : parameter,
    ),
    body: body && { contentType: body[0], required: requestBody?.required ?? false, schema: body[1].schema },
    successes: byStatus
      .filter(({ status }) => status < 400)
      .map(({ status, headers = {}, content = {} }) => {
        const [answer] = Object.entries(content);
        return { status, headers: Object.keys(headers), contentType: answer?.[0], schema: answer?.[1].schema };
      }),
    refusals: byStatus.flatMap(({ status, content = {} }) =>
      Object.entries(content).flatMap(([contentType, { examples = {} }]) =>
        status < 400
          ? []
          : Object.entries(examples).map(([code, { value }]) => ({
              code: code as DomainErrorCode,
              status,
              contentType,
              body: value,
            })),
      ),
    ),
  };
}

function lastPart(reference: string): string {
  return reference.slice(reference.lastIndexOf('/') + 1);
}
