import type { DomainError } from '../../domain/errors.ts';
import { toIso } from '../../domain/timestamp.ts';
import type { Dialect, RefusalContext } from '../dialect.ts';
import { statusOfError } from '../status-of-error.ts';

/** The reason phrases of the statuses that a refusal can have. */
const reasonPhrases: Readonly<Record<(typeof statusOfError)[keyof typeof statusOfError], string>> = {
  400: 'Bad Request',
  401: 'Unauthorized',
  402: 'Payment Required',
  403: 'Forbidden',
  404: 'Not Found',
  409: 'Conflict',
  410: 'Gone',
  412: 'Precondition Failed',
  413: 'Content Too Large',
  415: 'Unsupported Media Type',
  422: 'Unprocessable Content',
  429: 'Too Many Requests',
  500: 'Internal Server Error',
  503: 'Service Unavailable',
};

/** The dialect of `/organizations`: flat, without an envelope; an organization is an account there. */
export const accounts: Dialect = {
  name: 'accounts',
  pathPrefix: '/organizations',
  credentials: 'any',
  errorSchema: {
    type: 'object',
    required: ['timestamp', 'status', 'error', 'code', 'message', 'request_id', 'path'],
    properties: {
      timestamp: { type: 'string', format: 'date-time' },
      status: { type: 'integer' },
      error: { type: 'string' },
      code: { type: 'string' },
      message: { type: 'string' },
      request_id: { type: 'string' },
      path: { type: 'string' },
      fields: { type: 'object', additionalProperties: { type: 'string' } },
    },
  },
  renderRefusal(error: DomainError, { requestId, path, now }: RefusalContext) {
    const status = statusOfError[error.code];
    return {
      status,
      contentType: 'application/json',
      body: {
        timestamp: toIso(now),
        status,
        error: reasonPhrases[status],
        code: error.code,
        message: error.message,
        request_id: requestId,
        path,
        ...(status === 400 ? { fields: Object.fromEntries(error.fields.map((of) => [of.field, of.message])) } : {}),
      },
    };
  },
};
