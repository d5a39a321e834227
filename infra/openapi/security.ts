import { type Endpoint, isPublic } from '../../shared/http/define-endpoint.ts';

/** Every way to say who is calling. */
export const securitySchemes = {
  session: {
    type: 'http',
    scheme: 'bearer',
    description: 'A session token `st_…`: a person, in every organization that they are a member of.',
  },
  apiKey: {
    type: 'http',
    scheme: 'bearer',
    description: 'An API key `ak_…`: one organization, on behalf of the person who made the key.',
  },
  accessKey: {
    type: 'apiKey',
    in: 'header',
    name: 'Authorization',
    description: 'The same API key as `Authorization: AccessKey ak_…`.',
  },
  apiKeyHeader: {
    type: 'apiKey',
    in: 'header',
    name: 'X-API-KEY',
    description: 'The same API key in a header of its own.',
  },
  clientId: {
    type: 'apiKey',
    in: 'header',
    name: 'Client-ID',
    description: 'A service account `id_…`, together with its secret. It is another spelling of an API key.',
  },
  clientSecret: {
    type: 'apiKey',
    in: 'header',
    name: 'Client-Secret',
    description: 'The secret `sk_…` of the service account.',
  },
} as const;

type Requirement = { readonly [Scheme in keyof typeof securitySchemes]?: readonly [] };

const organizationCredentials: readonly Requirement[] = [
  { apiKey: [] },
  { accessKey: [] },
  { apiKeyHeader: [] },
  { clientId: [], clientSecret: [] },
];

/** What an endpoint takes; any one of the list is enough. */
export function securityOf({ permission, acceptsSession, dialect }: Endpoint): readonly Requirement[] {
  if (isPublic(permission)) return acceptsSession ? [{}, { session: [] }] : [];
  if (permission === 'session' || permission === 'platform-administrator') return [{ session: [] }];
  if (dialect.credentials === 'organization-credential') return organizationCredentials;
  return [{ session: [] }, ...organizationCredentials];
}
