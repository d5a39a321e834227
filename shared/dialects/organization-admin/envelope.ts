import * as z from 'zod/mini';
import type { DomainError } from '../../domain/errors.ts';
import type { Dialect, RefusalContext } from '../dialect.ts';
import { statusOfError } from '../status-of-error.ts';
import { publishedSentences } from './errors.ts';

/** `{"status":"success","message":"…","data":{…}}`. */
export function succeeded<Data>(message: string, data: Data) {
  return { status: 'success' as const, message, data };
}

/** The schema of `succeeded`. */
export function successOf<Data extends z.ZodMiniType>(data: Data) {
  return z.object({ status: z.literal('success'), message: z.string(), data });
}

/** The dialect of `/clients/v1/organization-admin`: the organization is the credential's. */
export const organizationAdmin: Dialect = {
  name: 'organization-admin',
  pathPrefix: '/clients/v1/organization-admin',
  credentials: 'organization-credential',
  errorSchema: {
    type: 'object',
    required: ['status', 'message', 'code', 'request_id', 'data'],
    properties: {
      status: { const: 'error' },
      message: { type: 'string' },
      code: { type: 'string' },
      request_id: { type: 'string' },
      data: { type: 'null' },
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
    const message = publishedSentences[error.code] ?? error.message;
    return {
      status,
      contentType: 'application/json',
      body: {
        status: 'error',
        message,
        code: error.code,
        request_id: requestId,
        data: null,
        ...(status === 400 ? { errors: error.fields } : {}),
      },
    };
  },
};
