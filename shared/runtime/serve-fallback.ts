import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import type { Dialect } from '../dialects/dialect.ts';
import type { DomainError } from '../domain/errors.ts';
import type { HttpAnswer } from '../http/exchange.ts';
import { commonHeaders } from '../http/middleware/observe.ts';
import { refusalAnswer } from '../http/refusal-answer.ts';
import { consoleUrl } from './configuration.ts';

/** The handler behind no endpoint: one refusal, in the dialect of the path, without a read. */
export function serveFallback(dialectOf: (path: string) => Dialect, refusal: DomainError) {
  return async ({ requestContext }: APIGatewayProxyEventV2): Promise<HttpAnswer> => {
    const { requestId, http } = requestContext;
    const context = { requestId, path: http.path, now: Date.now() };
    const answer = refusalAnswer(dialectOf(http.path), context, consoleUrl(), refusal);
    return { ...answer, headers: { ...commonHeaders, 'x-request-id': requestId, ...answer.headers } };
  };
}
