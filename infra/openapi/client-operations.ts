import type { JsonSchema } from './json-schema.ts';

interface Parameter {
  readonly name?: string;
  readonly in?: string;
  readonly required?: boolean;
  readonly schema?: JsonSchema;
  readonly $ref?: string;
}

type Content = Readonly<Record<string, { readonly schema?: JsonSchema; readonly examples?: object }>>;

interface Operation {
  readonly operationId: string;
  readonly summary: string;
  readonly parameters: readonly Parameter[];
  readonly requestBody?: { readonly required: boolean; readonly content: Content };
  readonly responses: Readonly<Record<string, { readonly content?: Content }>>;
}

interface Document {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
}

const formContentType = 'multipart/form-data';

/**
 * The source of `shared/client/operations.ts`: where each operation of the document is, and the types of what it takes
 * and answers. It understands the part of JSON Schema that the document uses.
 * @throws where the document says what it does not understand
 */
export function clientOperations(document: Record<string, unknown>): string {
  const { paths } = document as unknown as Document;
  const operations = Object.entries(paths)
    .flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, operation]) => ({ method: method.toUpperCase(), path, operation })),
    )
    .sort((one, other) => (one.operation.operationId < other.operation.operationId ? -1 : 1));
  const codes = new Set(operations.flatMap(({ operation }) => refusalsOf(operation)));
  return [
    '// Written by `npm run docs` from the OpenAPI document.',
    '',
    '/** Where each operation is: method and path; `once` where it takes an Idempotency-Key, `form` where a form. */',
    'export const routes = {',
    ...operations.map(({ method, path, operation }) => {
      const marks = [...(takesKey(operation) ? ['once'] : []), ...(formOf(operation) === undefined ? [] : ['form'])];
      return `  '${operation.operationId}': '${[method, path, ...marks].join(' ')}',`;
    }),
    '} as const;',
    '',
    '/** The machine-readable word of a refusal. */',
    'export type ErrorCode =',
    `${[...codes]
      .sort()
      .map((code) => `  | '${code}'`)
      .join('\n')};`,
    '',
    '/** What each operation takes and answers. */',
    'export interface Operations {',
    ...operations.map(({ operation }) => operationType(operation)),
    '}',
    '',
  ].join('\n');
}

function operationType(operation: Operation): string {
  const { operationId, summary, parameters, requestBody } = operation;
  const path = parameters.filter((parameter) => parameter.in === 'path');
  const query = parameters.filter((parameter) => parameter.in === 'query');
  const form = formOf(operation);
  const body = form ?? requestBody?.content['application/json']?.schema;
  const lines = [
    ...(path.length === 0 ? [] : [`path: { ${path.map(({ name }) => `${key(name)}: string | number`).join('; ')} };`]),
    ...(query.length === 0 ? [] : [`query${isOneRequired(query) ? '' : '?'}: {\n${queryFields(query)}\n    };`]),
    ...(body === undefined ? [] : [`body${requestBody?.required ? '' : '?'}: ${typeOf(body, '    ')};`]),
    `answer: ${answerOf(operation)};`,
  ];
  return [`  /** ${summary}. */`, `  '${operationId}': {`, ...lines.map((line) => `    ${line}`), '  };'].join('\n');
}

const isOneRequired = (parameters: readonly Parameter[]) => parameters.some(({ required }) => required === true);

/** Everything in a query is sent as text, so numbers and truth values may be given as they are. */
function queryFields(parameters: readonly Parameter[]): string {
  return parameters
    .map(({ name, required, schema = {} }) => {
      const isWord = schema.type === 'boolean' || schema.enum !== undefined;
      const type = isWord ? typeOf(schema, '') : 'string | number';
      return `      ${key(name)}${required ? `: ${type}` : `?: ${type} | undefined`};`;
    })
    .join('\n');
}

function answerOf({ operationId, responses }: Operation): string {
  const successes = Object.entries(responses).filter(([status]) => status.startsWith('2'));
  const [[, success] = [], ...more] = successes;
  if (success === undefined || more.length > 0) throw new Error(`${operationId} needs one success.`);
  const [{ schema } = {}] = Object.values(success.content ?? {});
  return schema === undefined ? 'undefined' : typeOf(schema, '    ');
}

function refusalsOf({ responses }: Operation): readonly string[] {
  return Object.entries(responses)
    .filter(([status]) => !status.startsWith('2'))
    .flatMap(([, { content = {} }]) => Object.values(content).flatMap(({ examples = {} }) => Object.keys(examples)));
}

function takesKey({ parameters }: Operation): boolean {
  return parameters.some(({ $ref }) => $ref?.endsWith('/Idempotency-Key'));
}

function formOf({ requestBody }: Operation): JsonSchema | undefined {
  return requestBody?.content[formContentType]?.schema;
}

/** A JSON Schema as a type. `indent` is that of the line on which it begins. */
function typeOf(schema: JsonSchema, indent: string): string {
  const { type, enum: words, const: constant, anyOf, contentMediaType } = schema;
  if (constant !== undefined) return literal(constant);
  if (Array.isArray(words)) return union(words.map(literal));
  if (Array.isArray(anyOf)) return union(anyOf.map((one: JsonSchema) => typeOf(one, indent)));
  if (Array.isArray(type)) return union(type.map((one: string) => typeOf({ ...schema, type: one }, indent)));
  if (contentMediaType !== undefined) return 'Blob';
  switch (type) {
    case 'string':
    case 'boolean':
    case 'null':
      return type;
    case 'integer':
    case 'number':
      return 'number';
    case 'array':
      return `ReadonlyArray<${typeOf((schema.items ?? {}) as JsonSchema, indent)}>`;
    case 'object':
      return objectType(schema, indent);
    case undefined:
      return 'unknown';
    default:
      throw new Error(`A schema of type ${type} is not understood.`);
  }
}

function objectType({ properties, required = [], additionalProperties }: JsonSchema, indent: string): string {
  if (properties === undefined)
    return `Readonly<Record<string, ${typeOf((additionalProperties ?? {}) as JsonSchema, indent)}>>`;
  const inner = `${indent}  `;
  const fields = Object.entries(properties as Record<string, JsonSchema>).map(([name, field]) => {
    const mark = (required as readonly string[]).includes(name) ? '' : '?';
    return `${inner}readonly ${key(name)}${mark}: ${typeOf(field, inner)};\n`;
  });
  return fields.length === 0 ? 'Readonly<Record<string, never>>' : `{\n${fields.join('')}${indent}}`;
}

const union = (types: readonly string[]) => [...new Set(types)].join(' | ');

const literal = (value: unknown) => (typeof value === 'string' ? `'${value}'` : JSON.stringify(value));

const key = (name = '') => (/^\w+$/.test(name) ? name : `'${name}'`);
