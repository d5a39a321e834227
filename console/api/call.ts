import { accessToken, renewAccess } from '../session/tokens.ts';
import { ApiError, readRefusal } from './api-error.ts';
import { apiOrigin } from './configuration.ts';

type Query = Readonly<Record<string, string | number | boolean | undefined>>;

export interface CallOptions {
  readonly query?: Query | undefined;
  /** JSON, or a form with files. */
  readonly body?: object | undefined;
  readonly headers?: Readonly<Record<string, string>> | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Goes without the session, also where there is one. */
  readonly anonymous?: boolean | undefined;
}

export interface Answer<Body> {
  readonly status: number;
  readonly body: Body;
  readonly headers: Headers;
}

/**
 * Asks the API, in the session where there is one. An access token that has run out is renewed, once.
 * @throws ApiError for a refusal, and where there is no answer.
 */
export async function call<Body = unknown>(
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE',
  path: string,
  options: CallOptions = {},
): Promise<Answer<Body>> {
  const token = options.anonymous ? undefined : accessToken();
  const first = await send(method, path, options, token);
  if (first.status !== 401 || token === undefined) return read(first);
  const renewed = await renewAccess(token);
  return renewed === undefined ? read(first) : read(await send(method, path, options, renewed));
}

async function send(
  method: string,
  path: string,
  { query = {}, body, headers, signal }: CallOptions,
  token: string | undefined,
): Promise<Response> {
  const url = new URL(path, await apiOrigin());
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined && value !== '') url.searchParams.set(name, String(value));
  }
  const isForm = body instanceof FormData;
  try {
    return await fetch(url, {
      method,
      credentials: 'omit',
      cache: 'no-store',
      headers: {
        ...(body === undefined || isForm ? {} : { 'content-type': 'application/json' }),
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: isForm ? body : JSON.stringify(body) }),
      ...(signal === undefined ? {} : { signal }),
    });
  } catch (error) {
    if (signal?.aborted) throw error;
    throw new ApiError({
      status: 0,
      code: 'unreachable',
      message: 'The service cannot be reached. Check your connection and try again.',
      requestId: undefined,
      fields: {},
      retryAfterSeconds: undefined,
    });
  }
}

async function read<Body>(response: Response): Promise<Answer<Body>> {
  const text = await response.text();
  const body = parse(text);
  if (!response.ok) throw readRefusal(response.status, response.headers, body);
  return { status: response.status, body: body as Body, headers: response.headers };
}

function parse(text: string): unknown {
  try {
    return text === '' ? undefined : JSON.parse(text);
  } catch {
    return undefined;
  }
}
