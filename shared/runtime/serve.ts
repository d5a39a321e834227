import type { Endpoint, RequestSchemas } from '../http/define-endpoint.ts';
import type { EndpointWork } from '../http/handler-context.ts';
import { type LambdaHandler, servePipeline } from '../http/pipeline.ts';
import { type StoreFactories, servicesWith } from './services.ts';

/** The Lambda handler of an endpoint: the pipeline around its work, over the stores that the work uses. */
export function serve<Request extends RequestSchemas>(
  endpoint: Endpoint<Request>,
  stores: StoreFactories,
  work: EndpointWork<Request>,
): LambdaHandler {
  return servePipeline(endpoint, work, () => servicesWith(stores));
}
