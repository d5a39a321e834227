import type { MiddlewareObj } from '@middy/core';
import type * as z from 'zod/mini';
import { DomainError, type FieldError, invalidField } from '../../domain/errors.ts';
import type { Endpoint } from '../define-endpoint.ts';
import type { Exchange } from '../exchange.ts';
import { fieldErrorsOf, notFoundOf, sentenceFor } from '../validation-messages.ts';

/** Holds path, query and body against their schemas; what fails in a path does not exist, the rest is named. */
export function validate(endpoint: Endpoint): MiddlewareObj {
  const { path, query, body } = endpoint.request;
  return {
    before: (request) => {
      const exchange = request.event as Exchange;
      if (exchange.headerRefusal) throw exchange.headerRefusal;
      const errors: FieldError[] = [];
      const input = {
        path: path ? readPath(path, exchange.event.pathParameters ?? {}) : undefined,
        query: query ? check(query, readQuery(exchange), errors) : undefined,
        body: undefined as unknown,
      };
      if (body) {
        if (exchange.bodyRefusal) throw exchange.bodyRefusal;
        input.body = check(body, exchange.sentBody, errors);
      }
      if (errors.length > 0) throw new DomainError('invalid_request', { fields: errors });
      exchange.input = input;
    },
  };
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

/** The query, decoded as forms are. A parameter that stands twice means nothing certain, so it is refused. */
function readQuery({ event }: Exchange): Record<string, string> {
  const query: Record<string, string> = Object.create(null);
  for (const [name, value] of new URLSearchParams(event.rawQueryString)) {
    if (name in query) throw invalidField(name, 'Send this parameter once.');
    query[name] = value;
  }
  return { ...query };
}
