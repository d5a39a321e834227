import type { MiddlewareObj } from '@middy/core';
import { DomainError } from '../../domain/errors.ts';
import type { Endpoint } from '../define-endpoint.ts';
import type { Exchange, HttpAnswer } from '../exchange.ts';
import { helpLink } from '../help-link.ts';
import type { PipelineServices } from '../pipeline-services.ts';

/** Answers every error in the endpoint's dialect. What is no refusal of ours is a 500 without a detail. */
export function renderError(endpoint: Endpoint, services: PipelineServices): MiddlewareObj {
  return {
    onError: (request) => {
      const exchange = request.event as Exchange;
      const refusal = asRefusal(request.error, services);
      exchange.refusal = { code: refusal.code, cause: refusal.cause ?? refusal };
      request.response = refusalAnswer(endpoint, exchange, services, refusal);
    },
  };
}

function asRefusal(error: unknown, services: PipelineServices): DomainError {
  if (error instanceof DomainError) return error;
  if (services.isStaleRead(error)) return new DomainError('unavailable', { retryAfterSeconds: 1, cause: error });
  return new DomainError('internal', { cause: error });
}

/** A refusal as an answer. */
export function refusalAnswer(
  endpoint: Endpoint,
  exchange: Exchange,
  { settings }: PipelineServices,
  refusal: DomainError,
): HttpAnswer {
  const { requestId, path, now } = exchange;
  const { status, contentType, body } = endpoint.dialect.renderRefusal(refusal, {
    requestId,
    path,
    now: new Date(now),
  });
  return {
    statusCode: status,
    headers: {
      'content-type': contentType,
      ...helpLink(settings.consoleUrl, refusal.code),
      ...(refusal.retryAfterSeconds === undefined ? {} : { 'retry-after': String(refusal.retryAfterSeconds) }),
      ...(status === 401 ? { 'www-authenticate': 'Bearer' } : {}),
    },
    body: JSON.stringify(body),
  };
}
