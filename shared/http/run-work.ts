import { withBeside } from '../domain/beside.ts';
import { DomainError } from '../domain/errors.ts';
import type { Work } from '../domain/work.ts';
import { beginAnew } from './begin-anew.ts';
import { requireTimeLeft } from './deadline.ts';
import type { Endpoint, RequestSchemas } from './define-endpoint.ts';
import type { Exchange, HttpAnswer } from './exchange.ts';
import type { EndpointWork, HandlerContext } from './handler-context.ts';
import { identifyCaller } from './middleware/authenticate.ts';
import { asNamed, grantScope } from './middleware/authorize.ts';
import type { PipelineServices } from './pipeline-services.ts';
import { replayOf } from './replay.ts';
import { entityTag, type Reply } from './respond.ts';

/**
 * Runs the work and commits what it changed together with the record of its answer, so that a crash leaves both or
 * neither. When the state moved meanwhile, all of it is done again on what is stored now.
 */
export async function runWork(
  endpoint: Endpoint,
  work: EndpointWork<RequestSchemas>,
  exchange: Exchange,
  services: PipelineServices,
): Promise<HttpAnswer> {
  return beginAnew(
    async (before) => {
      if (before > 0) {
        // What the caller may do, and the organization that the scope holds, may have changed as well.
        await identifyCaller(endpoint, services.stores, exchange);
        await grantScope(endpoint, services.stores, exchange);
      }
      const { idempotency } = exchange;
      if (idempotency?.record) return replayOf(idempotency.record, idempotency.requestHash);
      try {
        return await withBeside((beside) => attempt(endpoint, work, exchange, services, beside));
      } catch (error) {
        const replay = await answerOfTwin(error, exchange, services);
        if (replay) return replay;
        throw asNamed(endpoint, exchange, error);
      }
    },
    { isMoved: services.isStaleRead, now: services.now, until: exchange.deadline.patientUntil },
  );
}

async function attempt(
  endpoint: Endpoint,
  work: EndpointWork<RequestSchemas>,
  exchange: Exchange,
  services: PipelineServices,
  beside: Work['beside'],
): Promise<HttpAnswer> {
  const context = handlerContext(exchange, services, beside);
  const reply = await work(context);
  const answer = render(endpoint, reply);
  const { idempotency, requestId, ip, now, deadline } = exchange;
  const kept = idempotency && {
    key: idempotency.key,
    record: {
      requestHash: idempotency.requestHash,
      status: answer.statusCode,
      headers: answer.headers,
      body: endpoint.secretAnswer ? null : (answer.body ?? null),
      madeId: endpoint.secretAnswer ? (reply.madeId ?? '') : null,
    },
  };
  const { patientUntil } = deadline;
  requireTimeLeft(deadline, services.now());
  await services.commit(context.work.changes, { requestId, ip, now, patientUntil }, kept);
  return answer;
}

/**
 * A request with an Idempotency-Key that was refused may be the late twin of one that has just succeeded: then the
 * first one's answer is this one's too.
 */
async function answerOfTwin(
  error: unknown,
  { idempotency, caller }: Exchange,
  services: PipelineServices,
): Promise<HttpAnswer | undefined> {
  if (!idempotency || !caller) return undefined;
  const isRefused = error instanceof DomainError && error.code !== 'internal' && error.code !== 'unavailable';
  if (!isRefused && !services.isStaleRead(error) && !services.isAnsweredAlready(error)) return undefined;
  const { idempotencyRecord } = await services.stores.authentication.load({
    userId: caller.user.id,
    idempotencyKey: idempotency.key,
  });
  return idempotencyRecord && replayOf(idempotencyRecord, idempotency.requestHash);
}

function handlerContext(
  exchange: Exchange,
  services: PipelineServices,
  beside: Work['beside'],
): HandlerContext<RequestSchemas> {
  const { caller, scope, input, now, requestId, ip } = exchange;
  const author = {
    email: caller?.user.email ?? '',
    credentialId: caller?.kind === 'credential' ? caller.credential.id : null,
  };
  const work: Work = {
    stores: services.stores,
    settings: services.settings,
    changes: services.openChanges(author),
    now,
    requestId,
    ip,
    newId: services.newId,
    randomBytes: services.randomBytes,
    beside,
  };
  return {
    path: input?.path as undefined,
    query: input?.query as undefined,
    body: input?.body as undefined,
    ifMatch: exchange.headers['if-match'],
    exchange,
    signedIn: caller,
    get caller() {
      if (!caller) throw new TypeError('A public endpoint has no caller.');
      return caller;
    },
    get scope() {
      if (!scope) throw new TypeError('The endpoint is not inside an organization.');
      return scope;
    },
    work,
    commitPart: (part, unit) =>
      // A millisecond later than the part before: that keeps their audit entries apart, and in order.
      commitPart(exchange, services, part, () => {
        const own = { ...work, changes: services.openChanges(author), now: now + part };
        return { work: own, result: unit(own) };
      }),
  };
}

/** Runs a part until it is committed, by this request or by a twin of it. */
async function commitPart<Result>(
  { idempotency, caller, requestId, ip, deadline }: Exchange,
  services: PipelineServices,
  part: number,
  begin: () => { work: Work; result: Promise<Result> },
): Promise<Result> {
  const key = idempotency && { ...idempotency.key, keyHash: `${idempotency.key.keyHash}.${part}` };
  return beginAnew(
    async () => {
      if (key && caller) {
        const { idempotencyRecord } = await services.stores.authentication.load({
          userId: caller.user.id,
          idempotencyKey: key,
        });
        if (idempotencyRecord && idempotencyRecord.requestHash !== idempotency.requestHash) {
          throw new DomainError('idempotency_key_reused');
        }
        if (idempotencyRecord?.body) return JSON.parse(idempotencyRecord.body);
      }
      const { work, result } = begin();
      const body = JSON.stringify(await result);
      const kept = key && {
        key,
        record: { requestHash: idempotency.requestHash, status: 200, headers: {}, body, madeId: null },
      };
      const { patientUntil } = deadline;
      requireTimeLeft(deadline, services.now());
      await services.commit(work.changes, { requestId, ip, now: work.now, patientUntil }, kept);
      return result;
    },
    {
      isMoved: (error) => services.isStaleRead(error) || services.isAnsweredAlready(error),
      now: services.now,
      until: deadline.patientUntil,
    },
  );
}

function render(endpoint: Endpoint, { status, body, headers, version }: Reply): HttpAnswer {
  if (body === undefined) return { statusCode: status, headers: { ...headers } };
  const text = typeof body === 'string' && endpoint.contentType ? body : JSON.stringify(body);
  return {
    statusCode: status,
    headers: {
      'content-type': endpoint.contentType ?? 'application/json',
      ...(version === undefined ? {} : { etag: entityTag(version, text) }),
      ...headers,
    },
    body: text,
  };
}
