import { auth } from '../../shared/dialects/auth/envelope.ts';
import { dialectOfPath } from '../../shared/dialects/dialect-of-path.ts';
import { DomainError } from '../../shared/domain/errors.ts';
import { defineEndpoint } from '../../shared/http/define-endpoint.ts';
import { serveFallback } from '../../shared/runtime/serve-fallback.ts';

/** Answers every path that no endpoint has, in the dialect of its prefix. */
export const endpoint = defineEndpoint(auth, {
  operation: 'route.not_found',
  method: 'GET',
  path: '$default',
  summary: 'What no endpoint answers',
  permission: { public: 'there is nothing behind it' },
  table: { actions: [] },
  request: {},
  responses: {},
  errors: ['route_not_found'],
});

export const handler = serveFallback(dialectOfPath, new DomainError('route_not_found'));
