import { join } from 'node:path';
import type { ModuleEdit } from './edit-modules.ts';

/**
 * Finds the address of SES in one step (`replacements/regional-endpoint.ts`).
 *
 * The SDK evaluates a decision diagram over FIPS, dual stack, account ids and ARNs to the same end: 18 kB, and 2 ms of
 * the first request. A test compares the answers for every region. What is not covered says so when it is asked for.
 */
export const serviceEndpoints: readonly ModuleEdit[] = [
  {
    file: '@aws-sdk/client-sesv2/dist-es/endpoint/endpointResolver.js',
    edit: () => `
      import { regionalEndpoint } from ${JSON.stringify(join(import.meta.dirname, 'replacements/regional-endpoint.ts'))};
      export const defaultEndpointResolver = regionalEndpoint('email');`,
  },
  {
    // Registers what the rules ask about regions and ARNs. A client that has rules registers it again itself.
    file: '@aws-sdk/core/dist-es/submodules/client/util-endpoints/aws.js',
    edit: (source) => source.replace(/^customEndpointFunctions\.aws = .*$/m, ''),
  },
  {
    // Held the table of all regions for the sake of a prefix that only `setPartitionInfo`, which nobody calls, changes.
    file: '@aws-sdk/core/dist-es/submodules/client/middleware-user-agent/user-agent-middleware.js',
    edit: (source) =>
      source.replace(/^import \{ getUserAgentPrefix \} from .*$/m, "const getUserAgentPrefix = () => '';"),
  },
];
