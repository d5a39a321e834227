import type { IncomingMessage } from 'node:http';
import type { RouteMatch } from './http-routes.ts';
import { localAccount } from './resource-kinds.ts';

/** A response as the gateway sends it. */
export interface GatewayResponse {
  readonly status: number;
  /** A list for `set-cookie`. */
  readonly headers: Readonly<Record<string, string | readonly string[]>>;
  readonly body: Buffer;
}

/** A request of which the body has been read. */
export interface GatewayRequest {
  readonly message: IncomingMessage;
  /** As sent, without the query. */
  readonly path: string;
  readonly rawQueryString: string;
  readonly body: Buffer;
  readonly requestId: string;
}

/**
 * The event that a function is given, payload format 2.0.
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html
 */
export function toEvent(
  request: GatewayRequest,
  { route, pathParameters }: RouteMatch,
  apiId: string,
  port: number,
): object {
  const { message, body, rawQueryString, requestId } = request;
  const { cookie, ...headers } = joinHeaders(message);
  const now = new Date();
  // API Gateway hands the path on decoded, an encoded slash included.
  const path = decodeURIComponent(request.path);
  const sourceIp = (message.socket.remoteAddress ?? '127.0.0.1').replace(/^::ffff:/, '');
  const text = isText(headers['content-type']);
  const query = parseQuery(rawQueryString);
  const domainName = headers.host ?? '';
  return {
    version: '2.0',
    routeKey: route.routeKey,
    rawPath: path,
    rawQueryString,
    ...(cookie === undefined ? {} : { cookies: cookie.split(/[;,] */).filter((part) => part !== '') }),
    headers: {
      ...headers,
      'content-length': String(body.length),
      'x-amzn-trace-id': `Root=1-${Math.floor(now.getTime() / 1000).toString(16)}-${requestId}`,
      'x-forwarded-for': [headers['x-forwarded-for'], sourceIp].filter(Boolean).join(', '),
      'x-forwarded-port': String(port),
      'x-forwarded-proto': 'http',
    },
    ...(query === undefined ? {} : { queryStringParameters: query }),
    requestContext: {
      accountId: localAccount.id,
      apiId,
      domainName,
      domainPrefix: domainName.split('.')[0],
      http: {
        method: message.method,
        path,
        protocol: `HTTP/${message.httpVersion}`,
        sourceIp,
        userAgent: headers['user-agent'] ?? '',
      },
      requestId,
      routeKey: route.routeKey,
      stage: '$default',
      time: commonLogTime(now),
      timeEpoch: now.getTime(),
    },
    ...(Object.keys(pathParameters).length === 0 ? {} : { pathParameters }),
    ...(body.length === 0 ? {} : { body: body.toString(text ? 'utf8' : 'base64') }),
    isBase64Encoded: body.length > 0 && !text,
  };
}

/**
 * Reads a function's answer as the gateway does: with a status it is a response, without one it is the body of a 200.
 * Nothing when it is no response at all, which the gateway answers with 500.
 */
export function toResponse(payload: string): GatewayResponse | undefined {
  const answer: unknown = JSON.parse(payload);
  if (typeof answer !== 'object' || answer === null || !('statusCode' in answer)) {
    return {
      status: 200,
      headers: { 'content-type': 'application/json' },
      body: Buffer.from(typeof answer === 'string' ? answer : payload),
    };
  }
  const {
    statusCode,
    headers = {},
    cookies = [],
    body = '',
    isBase64Encoded = false,
  } = answer as Record<string, unknown>;
  const status = Number(statusCode);
  if (!Number.isInteger(status) || status < 100 || status > 599) return undefined;
  if (typeof body !== 'string' && body !== null) return undefined;
  if (typeof headers !== 'object' || !Array.isArray(cookies)) return undefined;
  const answered: Record<string, string | readonly string[]> = { 'content-type': 'text/plain;charset=UTF-8' };
  for (const [name, value] of Object.entries(headers ?? {})) {
    if (!hopByHop.has(name.toLowerCase()))
      answered[name.toLowerCase()] = Array.isArray(value) ? value.join(',') : String(value);
  }
  if (cookies.length > 0) answered['set-cookie'] = cookies.map(String);
  return { status, headers: answered, body: Buffer.from(body ?? '', isBase64Encoded === true ? 'base64' : 'utf8') };
}

/** What belongs to a connection, not to a message: the gateway's own affair. */
const hopByHop = new Set(['connection', 'content-length', 'keep-alive', 'transfer-encoding', 'upgrade']);

/**
 * Whether the gateway hands a body on as text. Anything else it encodes as base64: forms, a body without a type, and
 * also `application/problem+json`.
 */
function isText(contentType: string | undefined): boolean {
  const type = contentType?.split(';')[0]?.trim().toLowerCase() ?? '';
  return type.startsWith('text/') || ['application/json', 'application/javascript', 'application/xml'].includes(type);
}

/** Names in lower case; a header that was sent several times is joined by commas. */
function joinHeaders({ rawHeaders }: IncomingMessage): Record<string, string> {
  const joined: Record<string, string> = {};
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const name = (rawHeaders[index] ?? '').toLowerCase();
    const value = rawHeaders[index + 1] ?? '';
    if (hopByHop.has(name)) continue;
    joined[name] = joined[name] === undefined ? value : `${joined[name]},${value}`;
  }
  return joined;
}

/** Decoded; a name that was sent several times has its values joined by commas. */
function parseQuery(rawQueryString: string): Record<string, string> | undefined {
  const query: Record<string, string> = {};
  for (const [name, value] of new URLSearchParams(rawQueryString)) {
    query[name] = query[name] === undefined ? value : `${query[name]},${value}`;
  }
  return Object.keys(query).length === 0 ? undefined : query;
}

/** As `12/Mar/2020:19:03:58 +0000`. */
function commonLogTime(time: Date): string {
  const [, day, month, year, clock] = /(\d+) (\w+) (\d+) ([\d:]+)/.exec(time.toUTCString()) ?? [];
  return `${day}/${month}/${year}:${clock} +0000`;
}
