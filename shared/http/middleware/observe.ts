import type { MiddlewareObj, Request } from '@middy/core';
import type { APIGatewayProxyEventV2, Context } from 'aws-lambda';
import {
  type AccessEntry,
  type AccessStatus,
  noOrganization,
  shardsOfNoOrganization,
} from '../../domain/access-log/access-entry.ts';
import { DomainError } from '../../domain/errors.ts';
import { answerBy, deadlineOf } from '../deadline.ts';
import { type Endpoint, isPublic } from '../define-endpoint.ts';
import { describeError } from '../describe-error.ts';
import type { Exchange, HttpAnswer } from '../exchange.ts';
import type { Measurement } from '../measurement.ts';
import type { PipelineServices } from '../pipeline-services.ts';
import { refusalAnswer } from '../refusal-answer.ts';
import { rateHeaders } from './limit-rate.ts';

/**
 * The outermost step: turns the event into an exchange, puts on every answer what every answer carries, writes the
 * access-log entry before the answer leaves, and logs one line about the request.
 */
export function observe(endpoint: Endpoint, services: PipelineServices): MiddlewareObj {
  async function finish(request: Request): Promise<void> {
    const exchange = request.event as Exchange;
    let answer = request.response as HttpAnswer;
    try {
      const { deadline, settling } = exchange;
      const entry = writeAccessEntry(exchange, answer.statusCode, services);
      const settled = settling && answerBy(deadline.loggedUntil, services.now(), settling).catch(() => undefined);
      await Promise.all([answerBy(deadline.loggedUntil, services.now(), entry), settled]);
    } catch (error) {
      const unavailable = new DomainError('unavailable', { retryAfterSeconds: 1, cause: error });
      exchange.refusal = { code: unavailable.code, cause: error };
      answer = refusalAnswer(endpoint.dialect, exchange, services.settings.consoleUrl, unavailable);
    }
    const { requestId, rate } = exchange;
    answer.headers = { ...commonHeaders, 'x-request-id': requestId, ...rateHeaders(rate), ...answer.headers };
    request.response = answer;
    logLine(exchange, answer.statusCode, services);
  }
  return {
    before: (request) => {
      const remaining = (request.context as Partial<Context>).getRemainingTimeInMillis?.();
      request.event = openExchange(endpoint, request.event as APIGatewayProxyEventV2, services.now(), remaining);
    },
    after: finish,
    onError: finish,
  };
}

/** What every answer carries. */
export const commonHeaders = {
  'cache-control': 'no-store',
  'x-content-type-options': 'nosniff',
  'strict-transport-security': 'max-age=63072000; includeSubDomains',
};

function openExchange(
  endpoint: Endpoint,
  event: APIGatewayProxyEventV2,
  now: number,
  remainingMilliseconds: number | undefined,
): Exchange {
  const { http, requestId } = event.requestContext;
  const headers: Record<string, string | undefined> = {};
  for (const [name, value] of Object.entries(event.headers ?? {})) headers[name.toLowerCase()] = value;
  const deadline = deadlineOf(now, remainingMilliseconds);
  const { sourceIp: ip, method, path } = http;
  return { endpoint, event, requestId, now, deadline, ip, method, path, headers };
}

/**
 * Every authenticated request to an existing organization leaves one entry, refused ones too. So does that of a stranger
 * to one that is not there, where nobody reads it: the time that it takes is the same.
 */
async function writeAccessEntry(exchange: Exchange, status: number, services: PipelineServices): Promise<void> {
  const { caller, organization, endpoint, isStranger } = exchange;
  if (!caller || !(organization || isStranger)) return;
  const entry: AccessEntry = {
    id: exchange.requestId,
    organizationId: organization?.id ?? noOrganization,
    timestamp: exchange.now,
    user: caller.kind === 'session' ? caller.user.email : caller.credential.name,
    userId: caller.user.id,
    action: endpoint.operation.replace(/\W/g, '_').toUpperCase(),
    status: accessStatus(exchange, status),
    ip: exchange.ip,
    method: exchange.method,
    // What stands in the path of a public endpoint is a credential: who reads the log must not get it.
    path: isPublic(endpoint.permission) ? endpoint.path : exchange.path,
    requestId: exchange.requestId,
  };
  const use =
    caller.kind === 'credential'
      ? { organizationId: caller.credential.organizationId, credentialId: caller.credential.id, at: exchange.now }
      : undefined;
  await services.stores.accessLog.append([{ entry, shards: organization?.logShards ?? shardsOfNoOrganization }], use);
}

function accessStatus(exchange: Exchange, status: number): AccessStatus {
  if (status < 400) return 'SUCCESS';
  return exchange.isStranger || status === 403 ? 'DENIED' : 'FAILURE';
}

function logLine(exchange: Exchange, status: number, services: PipelineServices): void {
  const { endpoint } = exchange;
  const line = {
    requestId: exchange.requestId,
    operation: endpoint.operation,
    organizationId: exchange.organization?.id,
    status,
    code: exchange.refusal?.code,
  };
  const measurement: Measurement = {
    by: { dialect: endpoint.dialect.name },
    values: { Duration: services.now() - exchange.now, ServerErrors: status < 500 ? 0 : 1 },
  };
  if (status < 500) services.logger.measure(line, measurement);
  else services.logger.measure({ ...line, cause: describeError(exchange.refusal?.cause) }, measurement, 'ERROR');
}
