import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import type { Dialect } from '../dialects/dialect.ts';
import type { DomainError } from '../domain/errors.ts';
import type { HttpAnswer } from '../http/exchange.ts';
import { helpLink } from '../http/help-link.ts';
import { commonHeaders } from '../http/middleware/observe.ts';
import { consoleUrl } from './configuration.ts';

/** The handler behind no endpoint: one refusal, in the dialect of the path, without a read. */
export function serveFallback(dialectOf: (path: string) => Dialect, refusal: DomainError) {
  return async (event: APIGatewayProxyEventV2): Promise<HttpAnswer> => {
    const { requestId, http } = event.requestContext;
    const { status, contentType, body } = dialectOf(http.path).renderRefusal(refusal, {
      requestId,
      path: http.path,
      now: new Date(),
    });
    return {
      statusCode: status,
      headers: {
        ...commonHeaders,
        'content-type': contentType,
        'x-request-id': requestId,
        ...helpLink(consoleUrl(), refusal.code),
      },
      body: JSON.stringify(body),
    };
  };
}
