import type { DomainError } from '../../domain/errors.ts';
import type { Dialect, RefusalContext } from '../dialect.ts';
import { statusOfError } from '../status-of-error.ts';

/** Our own dialect: sign-in, health, the OpenAPI document. Refusals are RFC 9457 problems. */
export const auth: Dialect = {
  name: 'auth',
  pathPrefix: '/auth',
  credentials: 'any',
  errorSchema: {
    type: 'object',
    required: ['type', 'title', 'status', 'code', 'request_id'],
    properties: {
      type: { type: 'string' },
      title: { type: 'string' },
      status: { type: 'integer' },
      code: { type: 'string' },
      request_id: { type: 'string' },
      errors: {
        type: 'array',
        items: {
          type: 'object',
          required: ['field', 'message'],
          properties: { field: { type: 'string' }, message: { type: 'string' } },
        },
      },
    },
  },
  renderRefusal(error: DomainError, { requestId }: RefusalContext) {
    const status = statusOfError[error.code];
    return {
      status,
      contentType: 'application/problem+json',
      body: {
        type: 'about:blank',
        title: error.message,
        status,
        code: error.code,
        request_id: requestId,
        ...(status === 400 ? { errors: error.fields } : {}),
      },
    };
  },
};
