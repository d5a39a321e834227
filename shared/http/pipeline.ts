import middy, { type MiddyfiedHandler } from '@middy/core';
import type { Context } from 'aws-lambda';
import type * as z from 'zod/mini';
import type { Caller } from '../domain/access/caller.ts';
import type { TenantScope } from '../domain/access/tenant.ts';
import type { Changes } from '../domain/changes.ts';
import type { IdempotencyKey, IdempotencyRecord, Stores } from '../domain/stores.ts';
import type { DomainSettings, Work } from '../domain/work.ts';
import type { Endpoint, RequestSchemas } from './define-endpoint.ts';
import type { Exchange, HttpAnswer } from './exchange.ts';
import { authenticateCaller } from './middleware/authenticate.ts';
import { authorizeCaller } from './middleware/authorize.ts';
import { observe } from './middleware/observe.ts';
import { readRequest } from './middleware/read-request.ts';
import { renderError } from './middleware/render-error.ts';
import { validate } from './middleware/validate.ts';
import type { Reply } from './respond.ts';
import { runWork } from './run-work.ts';

/** What the pipeline needs of the world; the composition root (`shared/runtime`) makes it. */
export interface PipelineServices {
  readonly stores: Stores;
  readonly settings: DomainSettings;
  readonly logger: Logger;
  now(): number;
  randomBytes(count: number): Buffer;
  newId(): number;
  /** Opens an empty set of changes. */
  openChanges(author: { email: string; credentialId: number | null }): Changes;
  /**
   * Makes the changes true, with their audit entries and the record of their answer.
   * @throws the refusal of a rule; what `isStaleRead` or `isAnsweredAlready` recognize
   */
  commit(
    changes: Changes,
    context: { requestId: string; ip: string; now: number },
    answer?: { key: IdempotencyKey; record: IdempotencyRecord },
  ): Promise<void>;
  /** The stored state moved under the request: begin anew. */
  isStaleRead(error: unknown): boolean;
  /** Another request with the same Idempotency-Key was first. */
  isAnsweredAlready(error: unknown): boolean;
}

/** One line of the log: words and numbers, never a person's data or a secret. */
export interface Logger {
  info(line: Readonly<Record<string, unknown>>): void;
  error(line: Readonly<Record<string, unknown>>): void;
}

type Input<Request extends RequestSchemas, Part extends keyof RequestSchemas> = Request[Part] extends z.ZodMiniType
  ? z.output<Request[Part]>
  : undefined;

/** What the work of an endpoint is given. */
export interface HandlerContext<Request extends RequestSchemas> {
  readonly path: Input<Request, 'path'>;
  readonly query: Input<Request, 'query'>;
  readonly body: Input<Request, 'body'>;
  readonly work: Work;
  /** Who is calling. Asking for it on a public endpoint is a programming error. */
  readonly caller: Caller;
  /** Who is calling, if anybody came with a session: for public endpoints that accept one. */
  readonly signedIn: Caller | undefined;
  /** The organization and the rights in it. Asking for it outside an organization is a programming error. */
  readonly scope: TenantScope;
  /** The value of `If-Match`. */
  readonly ifMatch: string | undefined;
  readonly exchange: Exchange;
}

/** The work of an endpoint: reads, decides, adds to `work.changes`, and says what to answer. It may run again. */
export type EndpointWork<Request extends RequestSchemas> = (context: HandlerContext<Request>) => Promise<Reply>;

/** The AWS Lambda handler of an endpoint. */
export type LambdaHandler = (event: unknown, context: Context) => Promise<HttpAnswer>;

/**
 * Builds the chain that every endpoint runs through, in one place:
 * observe, renderError, readRequest, authenticate, authorize, validate, then the work and its commit (or the replay of
 * an earlier answer).
 * `services` is asked for at the first request: importing a function has no effects.
 */
export function servePipeline<Request extends RequestSchemas>(
  endpoint: Endpoint<Request>,
  work: EndpointWork<Request>,
  services: () => PipelineServices,
): LambdaHandler {
  let handler: MiddyfiedHandler<unknown, HttpAnswer> | undefined;
  return async (event, context) => {
    handler ??= chain(endpoint as Endpoint, work as EndpointWork<RequestSchemas>, services());
    return handler(event, context);
  };
}

function chain(endpoint: Endpoint, work: EndpointWork<RequestSchemas>, services: PipelineServices) {
  return middy({ timeoutEarlyInMillis: 0 })
    .use(observe(endpoint, services))
    .use(renderError(endpoint, services))
    .use(readRequest(endpoint))
    .use(authenticateCaller(endpoint, services))
    .use(authorizeCaller(endpoint, services))
    .use(validate(endpoint))
    .handler((exchange: unknown) => runWork(endpoint, work, exchange as Exchange, services)) as MiddyfiedHandler<
    unknown,
    HttpAnswer
  >;
}
