import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import type { AuthenticationAnswer } from '../domain/access/authentication-store.ts';
import type { Caller } from '../domain/access/caller.ts';
import type { IdempotencyKey, IdempotencyRecord } from '../domain/access/idempotency-key.ts';
import type { RateStanding } from '../domain/access/rate-limits.ts';
import type { TenantScope } from '../domain/access/tenant.ts';
import type { FieldError } from '../domain/errors.ts';
import type { OpenedInvitations } from '../domain/invitation/invitation-list-store.ts';
import type { OpenedList } from '../domain/member/member-list-store.ts';
import type { Organization } from '../domain/organization/organization.ts';
import type { Timestamp } from '../domain/timestamp.ts';
import type { Deadline } from './deadline.ts';
import type { Endpoint } from './define-endpoint.ts';

/** One request on its way through the pipeline: each step adds what it found out. */
export interface Exchange {
  readonly endpoint: Endpoint;
  readonly event: APIGatewayProxyEventV2;
  readonly requestId: string;
  readonly now: Timestamp;
  readonly deadline: Deadline;
  readonly ip: string;
  readonly method: string;
  /** As it was sent, without the query. */
  readonly path: string;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  /** The JSON body as it was sent, parsed; undefined where the endpoint takes none. */
  sentBody?: unknown;
  /** The bytes of the body. */
  sentBytes?: Buffer;
  /** Why the body cannot be read, and what is invalid in the headers: said once the caller is known. */
  bodyRefusal?: unknown;
  headerErrors?: readonly FieldError[];
  caller?: Caller;
  /** What authentication has read. */
  found?: AuthenticationAnswer;
  /** Where the credential stands with its rate limit. */
  rate?: RateStanding;
  /** Settles, never with an error, when the table was told of requests. */
  settling?: Promise<void>;
  /** The page of members that is being looked up for the work. */
  openedList?: OpenedList;
  /** The page of invitations that is being looked up for the work. */
  openedInvitations?: OpenedInvitations;
  /** The organization that the request is to, once the caller is known. */
  organization?: Organization;
  scope?: TenantScope;
  /** The caller has no business in the organization, if there is one: the access log says DENIED, the answer 404. */
  isStranger?: boolean;
  idempotency?: { readonly key: IdempotencyKey; readonly requestHash: string; readonly record?: IdempotencyRecord };
  input?: { readonly path: unknown; readonly query: unknown; readonly body: unknown };
  /** The refusal that was answered. */
  refusal?: { readonly code: string; readonly cause: unknown };
}

/** A field of the JSON body as it was sent; undefined where the body has none of that name. */
export function sentField({ sentBody }: Exchange, name: string): unknown {
  return (sentBody as Readonly<Record<string, unknown>> | null | undefined)?.[name];
}

/** An answer as API Gateway takes it. */
export interface HttpAnswer {
  statusCode: number;
  headers: Record<string, string>;
  body?: string;
  isBase64Encoded?: boolean;
}
