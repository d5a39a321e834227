import type { Endpoint } from '../../shared/http/define-endpoint.ts';

/** How many trips to AWS, one after the other behind authentication, an endpoint may make before it answers. */
export function tripsMaxOf({ method }: Endpoint): number {
  return method === 'GET' ? 2 : 3;
}
