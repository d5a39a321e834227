import * as z from 'zod/mini';
import type { DomainError, FieldError } from '../../domain/errors.ts';
import type { Dialect, RefusalContext } from '../dialect.ts';
import { statusOfError } from '../status-of-error.ts';

/** `{"success":true,"message":"…","data":…}`: everything but an organization, which is answered bare. */
export function succeeded<Data>(message: string, data: Data) {
  return { success: true as const, message, data };
}

/** The schema of `succeeded`. */
export function successOf<Data extends z.ZodMiniType>(data: Data) {
  return z.object({ success: z.literal(true), message: z.string(), data });
}

/** What is wrong with each field, as this dialect says it. */
export function errorsByField(fields: readonly FieldError[]): Record<string, string[]> {
  // Entries, never assignments: a field may be called `constructor` or `__proto__`.
  return Object.fromEntries(
    [...Map.groupBy(fields, ({ field }) => field)].map(([field, wrong]) => [
      field,
      wrong.map(({ message }) => message),
    ]),
  );
}

/** The dialect of `/api`. */
export const platform: Dialect = {
  name: 'platform',
  pathPrefix: '/api',
  credentials: 'any',
  errorSchema: {
    type: 'object',
    required: ['success', 'message', 'code', 'requestId'],
    properties: {
      success: { const: false },
      message: { type: 'string' },
      code: { type: 'string' },
      requestId: { type: 'string' },
      errors: { type: 'object', additionalProperties: { type: 'array', items: { type: 'string' } } },
    },
  },
  renderRefusal(error: DomainError, { requestId }: RefusalContext) {
    const status = statusOfError[error.code];
    const { message } = error;
    return {
      status,
      contentType: 'application/json',
      body: {
        success: false,
        message,
        code: error.code,
        requestId,
        ...(status === 400 ? { errors: errorsByField(error.fields) } : {}),
      },
    };
  },
};
