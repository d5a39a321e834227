import type { DomainError } from '../domain/errors.ts';
import type { Timestamp } from '../domain/timestamp.ts';

/** What a refusal is about: everything an error body may name beside the refusal itself. */
export interface RefusalContext {
  readonly requestId: string;
  /** The path as it was sent, without the query. */
  readonly path: string;
  readonly now: Timestamp;
}

/** A refusal as it leaves: the status, the content type and the JSON body. */
export interface RenderedRefusal {
  readonly status: number;
  readonly contentType: string;
  readonly body: unknown;
}

/** One of the published organization APIs: its place in the URL space and how it words its refusals. */
export interface Dialect {
  readonly name: 'organization-admin' | 'platform' | 'accounts' | 'hierarchy' | 'auth';
  /** What every path of the dialect begins with. */
  readonly pathPrefix: string;
  /** Which credentials its endpoints take; `organization-admin` has no organization in its paths. */
  readonly credentials: 'any' | 'organization-credential';
  /** JSON Schema of the error body, for the OpenAPI document. */
  readonly errorSchema: Readonly<Record<string, unknown>>;
  renderRefusal(error: DomainError, context: RefusalContext): RenderedRefusal;
}
