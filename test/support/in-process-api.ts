import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { readRegistry, routeKeysOf } from '../../infra/endpoint-registry.ts';
import type { Endpoint } from '../../shared/http/define-endpoint.ts';
import type { HttpAnswer } from '../../shared/http/exchange.ts';

const projectFolder = join(import.meta.dirname, '../..');

/** A request to the API, as a client would write it. */
export interface ApiRequest {
  readonly method: string;
  /** With the query. */
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as JSON, unless it is a text or bytes. */
  readonly body?: unknown;
  /** What Lambda gives the function for it; by default what a deployed one has. */
  readonly remainingMilliseconds?: number;
  /** By default a new one. */
  readonly requestId?: string;
}

/** An answer: the JSON body parsed where there is one. */
export interface ApiAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers of every shape.
  readonly body: any;
}

interface Route {
  readonly method: string;
  readonly pattern: RegExp;
  readonly names: readonly string[];
  readonly parameters: number;
  handler(event: unknown, context: unknown): Promise<HttpAnswer>;
}

/** An endpoint with what runs it. */
export interface Served {
  readonly endpoint: Endpoint;
  handler(event: unknown, context: unknown): Promise<HttpAnswer>;
}

/** All handlers of the registry behind their routes, in this process: for tests of data and rules, not of transport. */
export async function openApi(): Promise<(request: ApiRequest) => Promise<ApiAnswer>> {
  const { endpoints } = await readRegistry();
  return apiOf(
    await Promise.all(
      endpoints.map(async ({ file, endpoint }) => {
        const { handler } = await import(pathToFileURL(join(projectFolder, file)).href);
        return { endpoint, handler };
      }),
    ),
  );
}

/** These handlers behind their routes, in this process. */
export function apiOf(served: readonly Served[]): (request: ApiRequest) => Promise<ApiAnswer> {
  const routes: Route[] = [];
  for (const { endpoint, handler } of served) {
    for (const key of routeKeysOf(endpoint)) {
      const [method = '', path] = key.split(' ');
      if (path === undefined) continue;
      const names = [...path.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => name);
      const pattern = new RegExp(`^${path.replace(/\{\w+\}/g, '([^/]+)')}$`);
      routes.push({ method, pattern, names, parameters: names.length, handler });
    }
  }
  routes.sort((one, other) => one.parameters - other.parameters);

  return async ({ method, path, headers = {}, body, remainingMilliseconds, requestId = randomUUID() }) => {
    const [rawPath = '', rawQueryString = ''] = path.split('?');
    const route = routes.find((candidate) => candidate.method === method && candidate.pattern.test(rawPath));
    if (!route) throw new Error(`No route ${method} ${rawPath}`);
    const values = route.pattern.exec(rawPath)?.slice(1) ?? [];
    // API Gateway hands the path on decoded.
    const decodedPath = decodeURIComponent(rawPath);
    const isJson = body !== undefined && typeof body !== 'string' && !Buffer.isBuffer(body);
    const answer = await route.handler(
      {
        version: '2.0',
        rawPath: decodedPath,
        rawQueryString,
        headers: { ...(isJson ? { 'content-type': 'application/json' } : {}), ...headers },
        pathParameters: Object.fromEntries(route.names.map((name, at) => [name, decodeURIComponent(values[at] ?? '')])),
        requestContext: {
          requestId,
          http: { method, path: decodedPath, sourceIp: '127.0.0.1', userAgent: 'test', protocol: 'HTTP/1.1' },
        },
        body: isJson ? JSON.stringify(body) : Buffer.isBuffer(body) ? body.toString('base64') : body,
        isBase64Encoded: Buffer.isBuffer(body),
      },
      remainingMilliseconds === undefined ? {} : { getRemainingTimeInMillis: () => remainingMilliseconds },
    );
    const text = answer.body ?? '';
    const isJsonAnswer = /json/.test(answer.headers['content-type'] ?? '');
    return { status: answer.statusCode, headers: answer.headers, text, body: isJsonAnswer ? JSON.parse(text) : text };
  };
}
