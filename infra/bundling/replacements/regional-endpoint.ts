/** What the SDK asks for the address of a service with. */
interface EndpointQuestion {
  /** The address that the environment names. */
  readonly Endpoint?: string | undefined;
  readonly Region?: string | undefined;
  readonly UseFIPS?: boolean;
  readonly UseDualStack?: boolean;
  readonly EndpointId?: string;
}

/** What the names of services end with, by the beginning of the region; `amazonaws.com` for all others. */
const suffixes = Object.entries({
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
});

/**
 * Where a service is reached: the endpoint that the environment names, else the service's regional one.
 *
 * @param service as host names call it: `dynamodb`, `email`.
 */
export function regionalEndpoint(service: string) {
  return ({ Endpoint, Region, UseFIPS, UseDualStack, EndpointId }: EndpointQuestion) => {
    if (UseFIPS || UseDualStack || EndpointId) {
      throw new Error('FIPS, dual-stack and global endpoints are not in this bundle: name the endpoint instead.');
    }
    if (!Endpoint && !Region) throw new Error('Neither a region nor an endpoint is set.');
    const suffix = suffixes.find(([beginning]) => Region?.startsWith(beginning))?.[1] ?? 'amazonaws.com';
    return { url: new URL(Endpoint || `https://${service}.${Region}.${suffix}`), properties: {}, headers: {} };
  };
}
