import { fallbackPath, readRegistry } from '../../infra/endpoint-registry.ts';
import { newIdentifier } from '../../shared/domain/identifiers.ts';
import {
  type Endpoint,
  isPublic,
  isTenantEndpoint,
  organizationParameterOf,
} from '../../shared/http/define-endpoint.ts';
import type { ApiAnswer, ApiRequest } from './in-process-api.ts';

/** Every endpoint that asks for a credential. */
export async function guardedEndpoints(): Promise<Endpoint[]> {
  const { endpoints } = await readRegistry();
  return endpoints
    .map(({ endpoint }) => endpoint)
    .filter(({ path, permission }) => path !== fallbackPath && !isPublic(permission));
}

/** Every endpoint that works inside one organization. */
export async function tenantEndpoints(): Promise<Endpoint[]> {
  return (await guardedEndpoints()).filter(isTenantEndpoint);
}

/** As a table of routes writes it. */
export const routeOf = ({ method, path }: Endpoint) => `${method} ${path}`;

/**
 * A request that is refused after authorization at the latest where it would change something: its body has a field
 * that no endpoint has, and what its path names beside the organization does not exist.
 */
export function harmlessRequest(endpoint: Endpoint, organization: number | string): ApiRequest {
  const parameter = organizationParameterOf(endpoint);
  const path = endpoint.path.replace(/\{(\w+)\}/g, (_, name: string) =>
    name === parameter ? String(organization) : String(newIdentifier(Date.now(), 0.5)),
  );
  const body = endpoint.organizationFrom ? { id: organization, stray: 1 } : { stray: 1 };
  return { method: endpoint.method, path, ...(endpoint.request.body ? { body } : {}) };
}

/** The stable word of a refusal, in any dialect; undefined where it is none. */
export function codeOf({ status, body }: ApiAnswer): string | undefined {
  if (status < 400) return undefined;
  return typeof body.code === 'string' ? body.code : body.error;
}

/** An answer without what is different in every answer, and without the ids that the request named. */
export function bytesOf({ status, headers, text }: ApiAnswer, named: readonly (number | string)[]): unknown {
  const { 'x-request-id': requestId = '', ...rest } = headers;
  let bare = text.replaceAll(requestId, '').replace(/"(?:timestamp|path)":"[^"]+"/g, '');
  for (const id of named) bare = bare.replaceAll(String(id), '');
  return { status, headers: { ...rest, 'content-length': undefined }, text: bare };
}
