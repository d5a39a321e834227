import type { ModuleEdit } from './edit-modules.ts';

/**
 * Finds the address of DynamoDB and of SES in one step: the endpoint that the environment names, else the service's
 * regional one.
 *
 * The SDK evaluates a decision diagram over FIPS, dual stack, account ids and ARNs to the same end: 18 kB, and 2 ms of
 * the first request. A test compares the answers for every region. What is not covered says so when it is asked for.
 */
export const serviceEndpoints: readonly ModuleEdit[] = [
  { file: '@aws-sdk/client-dynamodb/dist-es/endpoint/endpointResolver.js', edit: () => resolverOf('dynamodb') },
  { file: '@aws-sdk/client-sesv2/dist-es/endpoint/endpointResolver.js', edit: () => resolverOf('email') },
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

/** What the names of services end with, by the beginning of the region; `amazonaws.com` for all others. */
const suffixes = {
  'cn-': 'amazonaws.com.cn',
  'aws-cn-': 'amazonaws.com.cn',
  'eusc-': 'amazonaws.eu',
  'us-iso-': 'c2s.ic.gov',
  'aws-iso-global': 'c2s.ic.gov',
  'us-isob-': 'sc2s.sgov.gov',
  'aws-iso-b-': 'sc2s.sgov.gov',
  'eu-isoe-': 'cloud.adc-e.uk',
  'aws-iso-e-': 'cloud.adc-e.uk',
  'us-isof-': 'csp.hci.ic.gov',
  'aws-iso-f-': 'csp.hci.ic.gov',
};

function resolverOf(service: string): string {
  return `
    const suffixes = ${JSON.stringify(Object.entries(suffixes))};
    export const defaultEndpointResolver = ({ Endpoint, Region, UseFIPS, UseDualStack, EndpointId }) => {
      if (UseFIPS || UseDualStack || EndpointId) {
        throw new Error('FIPS, dual-stack and global endpoints are not in this bundle: name the endpoint instead.');
      }
      if (!Endpoint && !Region) throw new Error('Neither a region nor an endpoint is set.');
      const suffix = suffixes.find(([beginning]) => Region?.startsWith(beginning))?.[1] ?? 'amazonaws.com';
      const url = new URL(Endpoint || 'https://${service}.' + Region + '.' + suffix);
      return { url, properties: {}, headers: {} };
    };`;
}
