import type { MiddlewareObj } from '@middy/core';
import { DomainError } from '../../domain/errors.ts';
import type { Endpoint } from '../define-endpoint.ts';
import type { Exchange } from '../exchange.ts';
import type { PipelineServices } from '../pipeline-services.ts';
import { refusalAnswer } from '../refusal-answer.ts';

/** Answers every error in the endpoint's dialect. What is no refusal of ours is a 500 without a detail. */
export function renderError(endpoint: Endpoint, services: PipelineServices): MiddlewareObj {
  return {
    onError: (request) => {
      const exchange = request.event as Exchange;
      const refusal = asRefusal(request.error, services);
      exchange.refusal = { code: refusal.code, cause: refusal.cause ?? refusal };
      request.response = refusalAnswer(endpoint.dialect, exchange, services.settings.consoleUrl, refusal);
    },
  };
}

function asRefusal(error: unknown, services: PipelineServices): DomainError {
  if (error instanceof DomainError) return error;
  if (services.isStaleRead(error)) return new DomainError('unavailable', { retryAfterSeconds: 1, cause: error });
  return new DomainError('internal', { cause: error });
}
