import { hash } from 'node:crypto';
import type { MiddlewareObj } from '@middy/core';
import type { AuthenticationQuestion } from '../../domain/access/authentication-store.ts';
import { authenticate } from '../../domain/access/authorize.ts';
import type { IdempotencyKey } from '../../domain/access/idempotency-key.ts';
import { type PresentedCredential, readCredentialHeaders } from '../../domain/access/presented-credential.ts';
import { DomainError } from '../../domain/errors.ts';
import { readIdentifier } from '../../domain/identifiers.ts';
import type { Stores } from '../../domain/stores.ts';
import { type Endpoint, isPublic, isTenantEndpoint, organizationParameterOf } from '../define-endpoint.ts';
import { type Exchange, sentField } from '../exchange.ts';
import type { PipelineServices } from '../pipeline-services.ts';
import { readQuery } from './validate.ts';

const idempotencyKeyForm = /^[\x20-\x7e]{1,255}$/;

/** Finds out who is calling, before anything else looks at the request. */
export function authenticateCaller(endpoint: Endpoint, { stores }: PipelineServices): MiddlewareObj {
  return { before: (request) => identifyCaller(endpoint, stores, request.event as Exchange) };
}

/**
 * Finds out who is calling. One read brings the credential, its owner, the organization that the request names, the
 * membership there, and the answer that an Idempotency-Key may have got before; beside it, what the endpoint asks for.
 */
export async function identifyCaller(endpoint: Endpoint, stores: Stores, exchange: Exchange): Promise<void> {
  if (isPublic(endpoint.permission) && !endpoint.acceptsSession) return;
  const presented = readCredentialHeaders(exchange.headers);
  if (!presented) {
    if (isPublic(endpoint.permission)) return;
    throw new DomainError('unauthorized');
  }
  const needsCredential = endpoint.dialect.credentials === 'organization-credential';
  if (presented.kind === 'session' ? needsCredential : isPublic(endpoint.permission)) {
    throw new DomainError('unauthorized');
  }
  const idempotencyKey = readIdempotencyKey(endpoint, exchange, presented);
  const organizationId = organizationOf(endpoint, exchange, presented);
  if (organizationId !== undefined) openLists(endpoint, stores, exchange, organizationId);
  const [found, organizationIds] = await Promise.all([
    stores.authentication.load(question(presented, organizationId, idempotencyKey)),
    endpoint.needsOwnOrganizations && presented.kind === 'session'
      ? stores.members.organizationIdsOf(presented.userId)
      : undefined,
  ]);
  const caller = await authenticate(presented, found, exchange.now, stores.authentication);
  exchange.caller = organizationIds && caller.kind === 'session' ? { ...caller, organizationIds } : caller;
  exchange.found = found;
  if (idempotencyKey) {
    exchange.idempotency = {
      key: idempotencyKey,
      requestHash: hash('sha256', exchange.sentBytes ?? Buffer.alloc(0), 'base64url'),
      ...(found.idempotencyRecord ? { record: found.idempotencyRecord } : {}),
    };
  }
}

/** Begins to look up the page of a list that is asked for; nobody sees it unless they may. */
function openLists(endpoint: Endpoint, stores: Stores, exchange: Exchange, organizationId: number): void {
  if (!endpoint.opensMembers && !endpoint.opensInvitations) return;
  const query = readQuery(endpoint, exchange, []) as never;
  if (query === undefined) return;
  const page = endpoint.opensMembers?.(query);
  const members = page && stores.memberLists.open(organizationId, page);
  if (members) exchange.openedList = members;
  const asked = endpoint.opensInvitations && { ...endpoint.opensInvitations(query), now: exchange.now };
  const invitations = asked && stores.invitationList.open(organizationId, asked);
  if (invitations) exchange.openedInvitations = invitations;
}

function question(
  presented: PresentedCredential,
  organizationId: number | undefined,
  idempotencyKey: IdempotencyKey | undefined,
): AuthenticationQuestion {
  if (presented.kind === 'session') {
    return { userId: presented.userId, sessionId: presented.sessionId, organizationId, idempotencyKey };
  }
  const credential = { organizationId: presented.organizationId, id: presented.credentialId };
  return { userId: presented.makerId, credential, organizationId, idempotencyKey };
}

/** The organization that a request names; undefined where it names none, or something that cannot exist. */
function organizationOf(endpoint: Endpoint, exchange: Exchange, presented: PresentedCredential): number | undefined {
  const named = namedOrganization(endpoint, exchange);
  if (named === undefined) {
    const isImplied = isTenantEndpoint(endpoint) && endpoint.organizationFrom === undefined;
    const isInPath = organizationParameterOf(endpoint) !== undefined;
    return isImplied && !isInPath && presented.kind === 'credential' ? presented.organizationId : undefined;
  }
  const read = readIdentifier('organization', named);
  return typeof read === 'object' ? read.id : undefined;
}

function namedOrganization(endpoint: Endpoint, exchange: Exchange): string | number | undefined {
  if (endpoint.organizationFrom === 'body.id') {
    const id = sentField(exchange, 'id');
    return typeof id === 'string' || typeof id === 'number' ? id : undefined;
  }
  const parameter = organizationParameterOf(endpoint);
  return parameter === undefined ? undefined : exchange.event.pathParameters?.[parameter];
}

function readIdempotencyKey(
  endpoint: Endpoint,
  exchange: Exchange,
  presented: PresentedCredential,
): IdempotencyKey | undefined {
  const key = exchange.headers['idempotency-key'];
  if (!endpoint.idempotent || key === undefined) return undefined;
  if (!idempotencyKeyForm.test(key)) {
    exchange.headerErrors = [{ field: 'Idempotency-Key', message: 'Must have from 1 to 255 printable characters.' }];
    return undefined;
  }
  return {
    owner: presented.kind === 'session' ? `user-${presented.userId}` : `organization-${presented.organizationId}`,
    // A path may be longer than a key of the table.
    endpoint: hash('sha256', `${exchange.method} ${exchange.path}`, 'base64url'),
    keyHash: hash('sha256', key, 'base64url'),
    at: exchange.now,
  };
}
