import { ApiError, apiErrorOf } from './api-error.ts';
import { answerSecondsMax, inTime } from './in-time.ts';
import { type Operations, routes } from './operations.ts';

/** An operation by its `operationId`, such as `hierarchy.api_key.list`. */
export type OperationId = keyof Operations;

/** What an operation takes: its parameters in `path` and `query`, and its `body`. */
export type InputOf<Id extends OperationId> = Omit<Operations[Id], 'answer'>;

/** The body that an operation answers. */
export type AnswerOf<Id extends OperationId> = Operations[Id]['answer'];

/** The body that an operation takes. */
export type BodyOf<Id extends OperationId> = Operations[Id] extends { body?: infer Body } ? Body : never;

/** An answer that is a success. */
export interface Answer<Id extends OperationId> {
  readonly status: number;
  readonly body: AnswerOf<Id>;
  readonly requestId: string | undefined;
  /** The version of what is answered, for `ifMatch`. */
  readonly etag: string | undefined;
  /** Where the next page begins, for `query.cursor`; none after the last. */
  readonly nextCursor: string | undefined;
  /** Whether this is the answer to an earlier request with the same key. */
  readonly isReplayed: boolean;
}

/** How one call is to be made. */
export interface CallOptions {
  /** The `etag` that was read: the change is refused with `precondition_failed` if somebody else was faster. */
  readonly ifMatch?: string | undefined;
  /** Operations that take one get a fresh key by default, so that repeating them is safe. */
  readonly idempotencyKey?: string | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** A token, `st_…` or `ak_…`, or a service account. */
export type Credential = string | { readonly clientId: string; readonly clientSecret: string };

export interface ClientSettings {
  /** Where the API is, without a slash at the end; `''` is where the page came from. */
  readonly url: string;
  /** Who calls; asked before each request where it is a function. */
  readonly credential?: Credential | (() => Credential | undefined | Promise<Credential | undefined>) | undefined;
  readonly fetch?: typeof globalThis.fetch;
}

/** What has to be said beside the operation: nothing, where nothing is required. */
type Said<Id extends OperationId> =
  Record<never, never> extends InputOf<Id>
    ? [input?: InputOf<Id>, options?: CallOptions]
    : [input: InputOf<Id>, options?: CallOptions];

/**
 * Calls an operation and answers its success. What is sure not to have happened (429), and what may safely happen again
 * (GET, PUT without `ifMatch`, whatever has an Idempotency-Key: 503 or no answer at all), is tried three times in all,
 * unless the wait that is asked for is longer than five seconds. Each time an answer is waited for 35 seconds, where a
 * file is sent three minutes; what has none by then is not tried again.
 * @throws ApiError for a refusal, and where no answer comes; what the signal says when it is aborted
 */
export type Client = <Id extends OperationId>(operation: Id, ...said: Said<Id>) => Promise<Answer<Id>>;

const attemptsMax = 3;
const waitSecondsMax = 5;
const uploadSecondsMax = 180;

/** Makes a client of the API at a URL. */
export function createClient({ url, credential, fetch = globalThis.fetch }: ClientSettings): Client {
  return async (operation, ...[input = {}, options = {}]) => {
    const request = requestOf(operation, input, options);
    for (let attempt = 1; ; attempt++) {
      const who = typeof credential === 'function' ? await credential() : credential;
      const headers = { ...request.headers, ...credentialHeaders(who) };
      const seconds = request.body instanceof FormData ? uploadSecondsMax : answerSecondsMax;
      const ask = (overdue: AbortSignal) => {
        const signal = options.signal ? AbortSignal.any([options.signal, overdue]) : overdue;
        return fetch(`${url}${request.path}`, { ...request, headers, signal });
      };
      const outcome = await exchange(seconds, ask, options.signal);
      if (!(outcome instanceof ApiError)) return outcome as Answer<typeof operation>;
      const waitSeconds = outcome.retryAfterSeconds ?? attempt / 2;
      const isWorthIt = attempt < attemptsMax && waitSeconds <= waitSecondsMax && mayBeRepeated(outcome, request);
      if (!isWorthIt) throw outcome;
      await pause(waitSeconds, options.signal);
    }
  };
}

interface ClientRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | FormData | null;
}

function requestOf(operation: OperationId, input: object, options: CallOptions): ClientRequest {
  const { path: named = {}, query = {}, body } = input as { path?: object; query?: object; body?: object };
  const [method = '', path = '', mark] = routes[operation].split(' ');
  const values = new Map(Object.entries(named));
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) if (value !== undefined) search.set(name, String(value));
  const idempotencyKey = options.idempotencyKey ?? (mark === 'once' ? freshKey() : undefined);
  return {
    method,
    path: `${path.replace(/\{(\w+)\}/g, (_, name) => encodeURIComponent(values.get(name)))}${search.size > 0 ? `?${search}` : ''}`,
    headers: {
      ...(body !== undefined && mark !== 'form' ? { 'content-type': 'application/json' } : {}),
      ...(idempotencyKey === undefined ? {} : { 'idempotency-key': idempotencyKey }),
      ...(options.ifMatch === undefined ? {} : { 'if-match': options.ifMatch }),
    },
    body: body === undefined ? null : mark === 'form' ? formOf(body) : JSON.stringify(body),
  };
}

function formOf(fields: object): FormData {
  const form = new FormData();
  for (const [name, file] of Object.entries(fields)) form.append(name, file);
  return form;
}

/** A fresh Idempotency-Key. Unlike `crypto.randomUUID`, this is there on a page that came over plain HTTP. */
export function freshKey(): string {
  return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}

function credentialHeaders(credential: Credential | undefined): Record<string, string> {
  if (credential === undefined) return {};
  if (typeof credential === 'string') return { authorization: `Bearer ${credential}` };
  return { 'client-id': credential.clientId, 'client-secret': credential.clientSecret };
}

async function exchange(
  seconds: number,
  ask: (overdue: AbortSignal) => Promise<Response>,
  signal: AbortSignal | undefined,
) {
  try {
    const { response, text } = await inTime(seconds, async (overdue) => {
      const response = await ask(overdue);
      return { response, text: await response.text() };
    });
    const body = parsed(text);
    if (!response.ok || (body === undefined && text !== '')) return apiErrorOf(response, body);
    const link = /[?&]cursor=([^&>]+)[^>]*>; rel="next"/.exec(response.headers.get('link') ?? '')?.[1];
    return {
      status: response.status,
      body,
      requestId: response.headers.get('x-request-id') ?? undefined,
      etag: response.headers.get('etag') ?? undefined,
      nextCursor: link === undefined ? undefined : decodeURIComponent(link),
      isReplayed: response.headers.get('idempotent-replayed') === 'true',
    };
  } catch (cause) {
    signal?.throwIfAborted();
    if (cause instanceof ApiError) return cause;
    return new ApiError('The service cannot be reached.', { code: 'unreachable', status: 0, cause });
  }
}

/** The JSON of an answer; nothing where it is none. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function mayBeRepeated({ code, status, retryAfterSeconds }: ApiError, { method, headers }: ClientRequest): boolean {
  if (status === 429) return retryAfterSeconds !== undefined;
  if (code === 'timed_out') return false;
  if (status !== 503 && status !== 0) return false;
  return method === 'GET' || 'idempotency-key' in headers || (method === 'PUT' && !('if-match' in headers));
}

async function pause(seconds: number, signal: AbortSignal | undefined): Promise<void> {
  await new Promise<void>((resolve) => {
    setTimeout(resolve, seconds * 1000);
    signal?.addEventListener('abort', () => resolve(), { once: true });
  });
  signal?.throwIfAborted();
}
