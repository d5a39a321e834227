import type { MiddlewareObj } from '@middy/core';
import type * as z from 'zod/mini';
import { DomainError, type FieldError } from '../../domain/errors.ts';
import type { Endpoint } from '../define-endpoint.ts';
import type { Exchange } from '../exchange.ts';
import { fieldErrorsOf, notFoundOf, sentenceFor } from '../validation-messages.ts';

/** Holds path, query and body against their schemas; what fails in a path does not exist, the rest is named. */
export function validate(endpoint: Endpoint): MiddlewareObj {
  return {
    before: (request) => {
      const exchange = request.event as Exchange;
      const { input, errors } = readInput(endpoint, exchange);
      if (errors.length > 0) throw new DomainError('invalid_request', { fields: errors });
      exchange.input = input;
    },
  };
}

/**
 * What a request says, and everything that is wrong with it.
 * @throws the refusal of a path that names nothing, and of a body that cannot be looked into
 */
export function readInput(
  endpoint: Endpoint,
  exchange: Exchange,
): { input: NonNullable<Exchange['input']>; errors: FieldError[] } {
  const { path, body } = endpoint.request;
  const errors = [...(exchange.headerErrors ?? [])];
  const input = {
    path: path ? readPath(path, exchange.event.pathParameters ?? {}) : undefined,
    query: readQuery(endpoint, exchange, errors),
    body: body ? readBody(body, exchange, errors) : undefined,
  };
  return { input, errors };
}

function readPath(schema: z.ZodMiniType, parameters: unknown): unknown {
  const result = schema.safeParse(parameters);
  if (!result.success) throw new DomainError(notFoundOf(result.error.issues));
  return result.data;
}

function check(schema: z.ZodMiniType, value: unknown, errors: FieldError[]): unknown {
  const result = schema.safeParse(value, { error: sentenceFor });
  if (result.success) return result.data;
  errors.push(...fieldErrorsOf(result.error.issues));
  return undefined;
}

function readBody(schema: z.ZodMiniType, { sentBody, bodyRefusal }: Exchange, errors: FieldError[]): unknown {
  if (bodyRefusal === undefined) return check(schema, sentBody, errors);
  if (!(bodyRefusal instanceof DomainError && bodyRefusal.code === 'invalid_request')) throw bodyRefusal;
  errors.push(...bodyRefusal.fields);
  return undefined;
}

/** What the query says; undefined where it says nothing, or something is wrong with it, which is added to the errors. */
export function readQuery({ request: { query } }: Endpoint, exchange: Exchange, errors: FieldError[]): unknown {
  return query && check(query, sentQuery(exchange, errors), errors);
}

/** The query, decoded as forms are. A parameter that stands twice means nothing certain, so it is refused. */
function sentQuery({ event }: Exchange, errors: FieldError[]): Record<string, string> {
  const query: Record<string, string> = Object.create(null);
  const repeated = new Set<string>();
  for (const [name, value] of new URLSearchParams(event.rawQueryString)) {
    if (name in query) repeated.add(name);
    else query[name] = value;
  }
  errors.push(...[...repeated].map((field) => ({ field, message: 'Send this parameter once.' })));
  return { ...query };
}
