import middy, { type MiddyfiedHandler } from '@middy/core';
import type { Context } from 'aws-lambda';
import { answerBy } from './deadline.ts';
import type { Endpoint, RequestSchemas } from './define-endpoint.ts';
import type { Exchange, HttpAnswer } from './exchange.ts';
import type { EndpointWork } from './handler-context.ts';
import { authenticateCaller } from './middleware/authenticate.ts';
import { authorizeCaller } from './middleware/authorize.ts';
import { limitRate } from './middleware/limit-rate.ts';
import { observe } from './middleware/observe.ts';
import { readRequest } from './middleware/read-request.ts';
import { renderError } from './middleware/render-error.ts';
import { validate } from './middleware/validate.ts';
import type { PipelineServices } from './pipeline-services.ts';
import { runWork } from './run-work.ts';

/** The AWS Lambda handler of an endpoint. */
export type LambdaHandler = (event: unknown, context: Context) => Promise<HttpAnswer>;

/**
 * Builds the chain that every endpoint runs through, in one place:
 * observe, renderError, readRequest, authenticate, limitRate, authorize, validate, then the work and its commit (or the replay of
 * an earlier answer).
 * `services` is asked for at the first request: importing a function has no effects.
 */
export function servePipeline<Request extends RequestSchemas>(
  endpoint: Endpoint<Request>,
  work: EndpointWork<Request>,
  services: () => PipelineServices,
): LambdaHandler {
  let handler: MiddyfiedHandler<unknown, HttpAnswer> | undefined;
  return async (event, context) => {
    handler ??= chain(endpoint as Endpoint, work as EndpointWork<RequestSchemas>, services());
    return handler(event, context);
  };
}

function chain(endpoint: Endpoint, work: EndpointWork<RequestSchemas>, services: PipelineServices) {
  return middy({ timeoutEarlyInMillis: 0 })
    .use(observe(endpoint, services))
    .use(renderError(endpoint, services))
    .use(readRequest(endpoint))
    .use(authenticateCaller(endpoint, services))
    .use(limitRate(services))
    .use(authorizeCaller(endpoint, services))
    .use(validate(endpoint))
    .handler((event: unknown) => {
      const exchange = event as Exchange;
      return answerBy(exchange.deadline.doneUntil, services.now(), runWork(endpoint, work, exchange, services));
    }) as MiddyfiedHandler<unknown, HttpAnswer>;
}
