import type * as z from 'zod/mini';
import type { Caller } from '../domain/access/caller.ts';
import type { TenantScope } from '../domain/access/tenant.ts';
import type { Work } from '../domain/work.ts';
import type { RequestSchemas } from './define-endpoint.ts';
import type { Exchange } from './exchange.ts';
import type { Reply } from './respond.ts';

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
  /**
   * Commits a part of what is too much for one transaction in a transaction of its own. With an Idempotency-Key each
   * part is made once, whatever happens between two: its result, which has to be JSON, is kept with it, and a
   * repetition of the request goes on where the first was cut off. Parts are numbered from 0.
   */
  commitPart<Result>(part: number, unit: (work: Work) => Promise<Result>): Promise<Result>;
}

/** The work of an endpoint: reads, decides, adds to `work.changes`, and says what to answer. It may run again. */
export type EndpointWork<Request extends RequestSchemas> = (context: HandlerContext<Request>) => Promise<Reply>;
