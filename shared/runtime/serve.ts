import type { Endpoint, RequestSchemas } from '../http/define-endpoint.ts';
import type { EndpointWork } from '../http/handler-context.ts';
import { type LambdaHandler, servePipeline } from '../http/pipeline.ts';
import { services } from './services.ts';

/** The Lambda handler of an endpoint: the pipeline around its work, over the services of this instance. */
export function serve<Request extends RequestSchemas>(
  endpoint: Endpoint<Request>,
  work: EndpointWork<Request>,
): LambdaHandler {
  return servePipeline(endpoint, work, services);
}
