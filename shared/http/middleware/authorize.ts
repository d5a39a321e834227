import type { MiddlewareObj } from '@middy/core';
import { authorize, type Demand } from '../../domain/access/authorize.ts';
import { isPlatformAdministrator, mayCreateOrganizations } from '../../domain/access/caller.ts';
import { DomainError } from '../../domain/errors.ts';
import type { Stores } from '../../domain/stores.ts';
import { type Endpoint, isPublic, isTenantEndpoint } from '../define-endpoint.ts';
import { type Exchange, sentField } from '../exchange.ts';
import type { PipelineServices } from '../pipeline-services.ts';
import { readInput } from './validate.ts';

/** Decides whether the caller may do what the endpoint does, where it does it. */
export function authorizeCaller(endpoint: Endpoint, { stores }: PipelineServices): MiddlewareObj {
  return { before: (request) => grantScope(endpoint, stores, request.event as Exchange) };
}

/** Decides it on what authentication has found, and makes the scope that stores ask for. */
export async function grantScope(endpoint: Endpoint, stores: Stores, exchange: Exchange): Promise<void> {
  const demand = demandOf(endpoint);
  const { caller, found } = exchange;
  if (!caller || !found || isPublic(endpoint.permission)) return;
  if (!demand) {
    if (found.organization) exchange.organization = found.organization;
    requireWithoutTenant(endpoint, exchange);
    return;
  }
  // An administrator's endpoint says 403 to everybody else, whatever it names.
  if (demand.permission === 'platform-administrator' && !isPlatformAdministrator(caller)) {
    if (found.organization) exchange.organization = found.organization;
    exchange.isStranger = true;
    throw new DomainError('forbidden');
  }
  const outcome = await authorize(caller, found, demand, stores.authentication);
  if ('scope' in outcome) {
    exchange.organization = outcome.scope.organization;
    exchange.scope = outcome.scope;
    return;
  }
  if (found.organization) exchange.organization = found.organization;
  exchange.isStranger = outcome.isStranger;
  throw asNamed(endpoint, exchange, outcome.refusal);
}

/** A refusal in the words for where the request names its organization. */
export function asNamed(endpoint: Endpoint, exchange: Exchange, refusal: unknown): unknown {
  const isUnknown = refusal instanceof DomainError && refusal.code === 'organization_not_found';
  return endpoint.organizationFrom === 'body.id' && isUnknown ? unknownInBody(endpoint, exchange) : refusal;
}

/** A body that names no organization the caller may know is invalid: with all else that is wrong in the request. */
function unknownInBody(endpoint: Endpoint, exchange: Exchange): DomainError {
  const { errors } = readInput(endpoint, exchange);
  const isNamed = errors.some(({ field }) => field === 'id' || field === 'body');
  const unknown = { field: 'id', message: `There is no organization ${sentField(exchange, 'id')}.` };
  return new DomainError('invalid_request', { fields: isNamed ? errors : [unknown, ...errors] });
}

/** What the endpoint asks of callers inside an organization; undefined where it is not inside one. */
function demandOf(endpoint: Endpoint): Demand | undefined {
  const { permission } = endpoint;
  if (!isTenantEndpoint(endpoint) || isPublic(permission)) return undefined;
  if (permission === 'signed-in' || permission === 'session') return undefined;
  return {
    permission,
    needsAllRights: endpoint.needsAllRights ?? false,
    needsActiveOrganization: endpoint.method !== 'GET' && !endpoint.allowedWhenInactive,
  };
}

function requireWithoutTenant({ permission }: Endpoint, { caller }: Exchange): void {
  if (!caller) throw new DomainError('unauthorized');
  if (permission === 'signed-in') return;
  if (permission === 'session' && caller.kind === 'session') return;
  if (permission === 'organization:create' && mayCreateOrganizations(caller)) return;
  if (permission === 'platform-administrator' && isPlatformAdministrator(caller)) return;
  throw new DomainError('forbidden');
}
