import type { MiddlewareObj } from '@middy/core';
import { authorize, type Demand } from '../../domain/access/authorize.ts';
import { isPlatformAdministrator, mayCreateOrganizations } from '../../domain/access/caller.ts';
import { DomainError, invalidField } from '../../domain/errors.ts';
import type { Stores } from '../../domain/stores.ts';
import { type Endpoint, isPublic, isTenantEndpoint } from '../define-endpoint.ts';
import type { Exchange } from '../exchange.ts';
import type { PipelineServices } from '../pipeline.ts';

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
    requireWithoutTenant(endpoint, exchange);
    return;
  }
  // An administrator's endpoint says 403 to everybody else, whatever it names.
  if (demand.permission === 'platform-administrator' && !isPlatformAdministrator(caller)) {
    if (found.organization) exchange.organization = found.organization;
    throw new DomainError('forbidden');
  }
  if (endpoint.organizationFrom === 'body.id' && !found.organization) {
    if (exchange.bodyRefusal) throw exchange.bodyRefusal;
    throw invalidField('id', 'There is no such organization.');
  }
  const outcome = await authorize(caller, found, demand, stores.authentication);
  if ('scope' in outcome) {
    exchange.organization = outcome.scope.organization;
    exchange.scope = outcome.scope;
    return;
  }
  if (found.organization) exchange.organization = found.organization;
  exchange.isStranger = outcome.isStranger;
  if (endpoint.organizationFrom === 'body.id' && outcome.refusal.code === 'organization_not_found') {
    throw invalidField('id', 'There is no such organization.');
  }
  throw outcome.refusal;
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
