import type * as z from 'zod/mini';
import type { Dialect } from '../dialects/dialect.ts';
import type { Permission } from '../domain/access/permissions.ts';
import type { DomainErrorCode } from '../domain/errors.ts';
import type { InvitationQuery } from '../domain/invitation/invitation-list-store.ts';
import type { MemberPage } from '../domain/member/member-list-store.ts';

/** An endpoint that needs no credential, and why. */
export interface Public {
  readonly public: string;
}

/**
 * Who may call an endpoint: holders of a permission; any member (`member`); anybody with a credential (`signed-in`);
 * a person with a session (`session`); a platform administrator; or, with its reason spelled out, everybody.
 */
export type EndpointPermission = Permission | 'member' | 'signed-in' | 'session' | 'platform-administrator' | Public;

/** DynamoDB actions as IAM names them. `TransactWriteItems` needs those of its parts. */
export type TableAction =
  | 'BatchGetItem'
  | 'Query'
  | 'PutItem'
  | 'UpdateItem'
  | 'DeleteItem'
  | 'ConditionCheckItem'
  | 'BatchWriteItem';

/** Indexes of the table an endpoint may query, by the name of the question that they answer. */
export type TableIndex = 'inOrderOfJoining' | 'inOrderOfName' | 'inOrderOfEmail' | 'inOrderOfRole';

/** What a function does with the table, beyond authentication and the access log, which `tableAccessOf` adds. */
export interface TableAccess {
  /** On the table itself; `Query` too. */
  readonly actions: readonly TableAction[];
  /** Indexes that are queried. */
  readonly indexes?: readonly TableIndex[];
}

/** What a function does with the bucket of avatars. */
export type AvatarAccess = 'put' | 'delete';

export type HttpMethod = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

/** Schemas of the parts of a request. An undeclared body field is a 400; an undeclared query parameter is ignored. */
export interface RequestSchemas {
  readonly path?: z.ZodMiniType;
  readonly query?: z.ZodMiniType;
  readonly body?: z.ZodMiniType;
  /** Takes a form (`multipart/form-data`) with one file, in this field; the work reads it (`multipart.ts`). */
  readonly file?: string;
}

type Query<Request extends RequestSchemas> = Request['query'] extends z.ZodMiniType
  ? z.output<Request['query']>
  : undefined;

/** Everything that is to be said about an endpoint; route, function, IAM statement and OpenAPI operation follow from it. */
export interface EndpointDefinition<Request extends RequestSchemas = RequestSchemas> {
  /** `resource.verb`: the OpenAPI operationId and, in upper case, the action in the access log. */
  readonly operation: string;
  readonly method: HttpMethod;
  /** With path parameters in braces, as API Gateway writes them. */
  readonly path: string;
  /** Other paths of the same endpoint. */
  readonly aliases?: readonly string[];
  /** One line for the reference. */
  readonly summary: string;
  readonly permission: EndpointPermission;
  /** A public endpoint that takes a session where one comes along. */
  readonly acceptsSession?: boolean;
  /** Where the organization is named; by default the path parameter, or the credential in `organization-admin`. */
  readonly organizationFrom?: 'body.id';
  /** The work checks further permissions of the caller, so inherited roles are always loaded. */
  readonly needsAllRights?: boolean;
  /** Names an organization in its path that no caller may be in: the work finds it by itself. */
  readonly findsOrganization?: boolean;
  /** Writes that an organization takes although it is not active. By default only reads (GET) are. */
  readonly allowedWhenInactive?: boolean;
  readonly table: TableAccess;
  /** What it does with the bucket of avatars. */
  readonly avatars?: AvatarAccess;
  readonly request: Request;
  /**
   * The page of the organization's members that a query asks for: it is looked up beside authentication, and waits in
   * `exchange.openedList` for the work.
   */
  opensMembers?(query: Query<Request>): Pick<MemberPage, 'order' | 'offset'> | undefined;
  /** The same for a page of its invitations, which waits in `exchange.openedInvitations`. */
  opensInvitations?(query: Query<Request>): Pick<InvitationQuery, 'status'>;
  /** The work goes on with the organizations of whoever is signed in: they are looked up beside authentication. */
  readonly needsOwnOrganizations?: boolean;
  /** What success looks like, by status; `null` is an empty body. */
  readonly responses: Readonly<Record<number, z.ZodMiniType | null>>;
  /** Refusals of the work itself; those of the pipeline (401, 403, 404, 413 …) follow from the rest. */
  readonly errors: readonly DomainErrorCode[];
  /** Takes `Idempotency-Key`. */
  readonly idempotent?: boolean;
  /** The answer carries a secret: it is never kept, and a repetition is answered `already_made`. */
  readonly secretAnswer?: boolean;
  /** What a successful body is sent as, when it is not JSON of the default kind. */
  readonly contentType?: string;
  /** Memory of the function in MB, where the default (see `infra/constructs/endpoint-function.ts`) does not suit. */
  readonly memoryMegabytes?: number;
}

/** A definition with its dialect. */
export interface Endpoint<Request extends RequestSchemas = RequestSchemas> extends EndpointDefinition<Request> {
  readonly dialect: Dialect;
}

/** States an endpoint. The value is plain data: importing it has no effects. */
export function defineEndpoint<const Request extends RequestSchemas>(
  dialect: Dialect,
  definition: EndpointDefinition<Request>,
): Endpoint<Request> {
  return { ...definition, dialect };
}

/** Whether the endpoint is for everybody. */
export function isPublic(permission: EndpointPermission): permission is Public {
  return typeof permission === 'object';
}

const organizationParameters = ['organizationId', 'organization_id', 'org_id', 'organization'];

/** The path parameter that names the organization, if the path has one. */
export function organizationParameterOf(endpoint: Endpoint): string | undefined {
  return organizationParameters.find((name) => endpoint.path.includes(`{${name}}`));
}

/** Whether the endpoint works inside one organization. */
export function isTenantEndpoint(endpoint: Endpoint): boolean {
  if (endpoint.findsOrganization) return false;
  return (
    endpoint.organizationFrom !== undefined ||
    (!isPublic(endpoint.permission) &&
      (endpoint.dialect.credentials === 'organization-credential' || organizationParameterOf(endpoint) !== undefined))
  );
}

/**
 * All that the endpoint's function does with the table: its own work, the authentication read, the count of the
 * credential's requests, the access-log write.
 */
export function tableAccessOf(endpoint: Endpoint): TableAccess {
  const pipeline: TableAction[] =
    isTenantEndpoint(endpoint) || endpoint.findsOrganization
      ? ['BatchGetItem', 'PutItem', 'UpdateItem']
      : isPublic(endpoint.permission) && !endpoint.acceptsSession
        ? []
        : ['BatchGetItem', 'UpdateItem'];
  return { ...endpoint.table, actions: [...new Set([...pipeline, ...endpoint.table.actions])].sort() };
}
