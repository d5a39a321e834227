import { replaceModule } from './replace-module.ts';

/**
 * Leaves the cache of discovered endpoints out of the bundle. The DynamoDB client makes one for every client although
 * none of its operations discovers endpoints.
 */
export const noEndpointDiscovery = replaceModule({
  name: 'no-endpoint-discovery',
  file: '@aws-sdk/endpoint-cache/dist-es/index.js',
  contents: 'export class EndpointCache {}',
});
