import type { DomainError } from '../../domain/errors.ts';
import type { Dialect, RefusalContext } from '../dialect.ts';
import { statusOfError } from '../status-of-error.ts';

/** The dialect of `/orgs`: snake_case, without an envelope; `code` is the HTTP status, `error` the word. */
export const hierarchy: Dialect = {
  name: 'hierarchy',
  pathPrefix: '/orgs',
  credentials: 'any',
  errorSchema: {
    type: 'object',
    required: ['message', 'code', 'error', 'request_id'],
    properties: {
      message: { type: 'string' },
      code: { type: 'integer' },
      error: { type: 'string' },
      request_id: { type: 'string' },
      fields: { type: 'object', additionalProperties: { type: 'string' } },
    },
  },
  renderRefusal(error: DomainError, { requestId }: RefusalContext) {
    const status = statusOfError[error.code];
    return {
      status,
      contentType: 'application/json',
      body: {
        message: error.message,
        code: status,
        error: error.code,
        request_id: requestId,
        ...(status === 400 ? { fields: Object.fromEntries(error.fields.map((of) => [of.field, of.message])) } : {}),
      },
    };
  },
};
