import { randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { ApiDefinition, CorsDefinition } from './application.ts';
import { ClearError } from './clear-error.ts';
import { type FunctionPool, requestTooLarge } from './function-pool.ts';
import { type GatewayResponse, toEvent, toResponse } from './gateway-event.ts';
import { prepareRoutes, type RouteFinder } from './http-routes.ts';
import type { Site } from './site.ts';

/** The HTTP API's front door. */
export interface Gateway {
  /** As `http://127.0.0.1:3000`. */
  readonly url: string;
  /**
   * Serves an API from now on; before the first, every request is answered 503. Where no route of its own takes a request,
   * a page of the site does, if it is asked for one.
   */
  serve(api: ApiDefinition, functions: FunctionPool, site?: Site): void;
  /** Takes no new requests, gives those under way a moment, and closes. */
  stop(): Promise<void>;
}

/** API Gateway's limit for a request's body. @see https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-quotas.html */
const bodyBytesMax = 10 * 1024 * 1024;
/** API Gateway's limit for the request line and all header values. */
const headBytesMax = 10_240;

interface Served {
  readonly api: ApiDefinition;
  readonly functions: FunctionPool;
  readonly findRoute: RouteFinder;
  readonly site: Site | undefined;
}

/**
 * Listens on the loopback interface and answers as an API Gateway HTTP API does.
 * @param port 0 for any that is free
 * @throws ClearError when the port is taken.
 */
export async function openGateway(port: number): Promise<Gateway> {
  let served: Served | undefined;
  const server = createServer({ keepAliveTimeout: 65_000, maxHeaderSize: 2 * headBytesMax }, (message, response) => {
    answer(message, served).then(
      (answered) => write(response, message, answered),
      (error) => {
        console.error(error);
        write(response, message, internalServerError);
      },
    );
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EADDRINUSE') {
        reject(
          new ClearError(
            `Port ${port} is taken: end what uses it, or choose another with PORT (PORT=0 takes any free one).`,
          ),
        );
      } else if (error.code === 'EACCES') {
        reject(new ClearError(`Port ${port} may not be used: choose one above 1023 with PORT.`));
      } else reject(error);
    });
    server.listen(port, '127.0.0.1', resolve);
  });
  const address = server.address();
  const bound = typeof address === 'object' && address !== null ? address.port : port;

  return {
    url: `http://127.0.0.1:${bound}`,
    serve(api, functions, site) {
      served = { api, functions, findRoute: prepareRoutes(api.routes), site };
    },
    async stop() {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeIdleConnections();
      const patience = setTimeout(() => server.closeAllConnections(), 1_000);
      await closed;
      clearTimeout(patience);
    },
  };
}

async function answer(message: IncomingMessage, served: Served | undefined): Promise<GatewayResponse> {
  if (served === undefined) return refuse(503, 'Service Unavailable');
  const { cors } = served.api;
  const { origin } = message.headers;
  if (cors === undefined || origin === undefined) return answerRequest(message, served);
  if (message.method === 'OPTIONS' && message.headers['access-control-request-method'] !== undefined) {
    return { status: 204, headers: preflightHeaders(cors, origin), body: Buffer.alloc(0) };
  }
  const response = await answerRequest(message, served);
  return { ...response, headers: { ...response.headers, ...responseHeaders(cors, origin) } };
}

async function answerRequest(
  message: IncomingMessage,
  { api, functions, findRoute, site }: Served,
): Promise<GatewayResponse> {
  const requestId = `${randomBytes(11).toString('base64')}`;
  const target = message.url ?? '/';
  const [path = '/', ...query] = target.split('?');
  const headBytes = target.length + message.rawHeaders.reduce((bytes, text) => bytes + text.length, 0);
  if (headBytes > headBytesMax) return refuse(431, 'Request Header Fields Too Large');
  const body = await readBody(message);
  if (body === undefined) return refuse(413, 'Request Entity Too Large');

  let match: ReturnType<RouteFinder>;
  try {
    match = findRoute(message.method ?? 'GET', path);
  } catch {
    // The path has a percent sign that begins no character.
    return refuse(400, 'Bad Request');
  }
  if (site !== undefined && (match === undefined || match.route.routeKey === '$default')) {
    const page = await answerPage(message, path, site);
    if (page !== undefined) return page;
  }
  if (match === undefined) return refuse(404, 'Not Found');

  const { functionArn, timeoutMilliseconds } = match.route;
  const request = { message, path, rawQueryString: query.join('?'), body, requestId };
  const event = JSON.stringify(toEvent(request, match, api.id, message.socket.localPort ?? 0));
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<undefined>((resolve) => {
    timer = setTimeout(() => resolve(undefined), timeoutMilliseconds);
  });
  const outcome = await Promise.race([functions.invoke(functionArn, event), late]);
  clearTimeout(timer);
  if (outcome === undefined) return refuse(503, 'Service Unavailable');
  if (outcome.kind === 'failure') {
    return outcome.error === requestTooLarge ? refuse(413, 'Request Entity Too Large') : internalServerError;
  }
  const response = toResponse(outcome.payload) ?? internalServerError;
  const headers = { ...response.headers, 'apigw-requestid': requestId };
  if (api.cors === undefined) return { ...response, headers };
  // The gateway's own settings hold; what a function says of CORS is dropped.
  const kept = Object.entries(headers).filter(([name]) => !name.startsWith('access-control-'));
  return { ...response, headers: Object.fromEntries(kept) };
}

/** Programs that ask the API ask for no HTML: what there is not for them the API refuses itself. */
async function answerPage(
  { method, headers }: IncomingMessage,
  path: string,
  site: Site,
): Promise<GatewayResponse | undefined> {
  if (method !== 'GET' && method !== 'HEAD') return undefined;
  const wantsPage = headers.accept?.includes('text/html') === true;
  const isFile = path === '/' || /\.\w+$/.test(path) || /^\/docs(\/|$)/.test(path);
  if (!wantsPage && !isFile) return undefined;
  return (await site.file(path)) ?? (wantsPage ? site.missing() : undefined);
}

function readBody(message: IncomingMessage): Promise<Buffer | undefined> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let bytes = 0;
    message.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      // What is too much is still read, and thrown away: a client that is sending would not see the answer otherwise.
      if (bytes <= bodyBytesMax) chunks.push(chunk);
      else chunks.length = 0;
    });
    message.once('end', () => resolve(bytes > bodyBytesMax ? undefined : Buffer.concat(chunks)));
    message.once('error', reject);
  });
}

function write(response: ServerResponse, message: IncomingMessage, { status, headers, body }: GatewayResponse): void {
  try {
    const written = new Headers();
    for (const [name, value] of Object.entries(headers)) if (typeof value === 'string') written.set(name, value);
    response.setHeaders(written);
    if (Array.isArray(headers['set-cookie'])) response.setHeader('set-cookie', headers['set-cookie']);
  } catch {
    // A header that HTTP does not allow.
    for (const name of response.getHeaderNames()) response.removeHeader(name);
    response.writeHead(500, { 'content-type': 'application/json' });
    response.end(internalServerError.body);
    return;
  }
  response.statusCode = status;
  if (status !== 204 && status !== 304) response.setHeader('content-length', body.length);
  else response.removeHeader('content-type');
  response.end(message.method === 'HEAD' ? undefined : body);
}

function refuse(status: number, message: string): GatewayResponse {
  return { status, headers: { 'content-type': 'application/json' }, body: Buffer.from(JSON.stringify({ message })) };
}

const internalServerError = refuse(500, 'Internal Server Error');

const allMethods = ['DELETE', 'GET', 'HEAD', 'OPTIONS', 'PATCH', 'POST', 'PUT'];

function preflightHeaders(cors: CorsDefinition, origin: string): Record<string, string> {
  const allowed = allowedOrigin(cors, origin);
  if (allowed === undefined) return {};
  return {
    'access-control-allow-origin': allowed,
    'access-control-allow-methods': (cors.methods.includes('*') ? allMethods : cors.methods).join(','),
    ...(cors.headers.length === 0 ? {} : { 'access-control-allow-headers': cors.headers.join(',') }),
    ...(cors.credentials ? { 'access-control-allow-credentials': 'true' } : {}),
    ...(cors.maxAgeSeconds === undefined ? {} : { 'access-control-max-age': String(cors.maxAgeSeconds) }),
  };
}

function responseHeaders(cors: CorsDefinition, origin: string): Record<string, string> {
  const allowed = allowedOrigin(cors, origin);
  if (allowed === undefined) return {};
  return {
    'access-control-allow-origin': allowed,
    ...(cors.credentials ? { 'access-control-allow-credentials': 'true' } : {}),
    ...(cors.exposedHeaders.length === 0 ? {} : { 'access-control-expose-headers': cors.exposedHeaders.join(',') }),
  };
}

function allowedOrigin({ origins }: CorsDefinition, origin: string): string | undefined {
  if (origins.includes('*')) return '*';
  const scheme = origin.replace(/:\/\/.*$/, '://*');
  return origins.includes(origin) || origins.includes(scheme) ? origin : undefined;
}
