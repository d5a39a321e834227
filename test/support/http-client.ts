import { appendFileSync } from 'node:fs';
import { type Client, type Credential, createClient } from '../../shared/client/client.ts';

/** An answer over HTTP: the JSON body parsed where there is one. */
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers of every shape.
  readonly body: any;
}

/** What is sent: `body` as JSON, unless it is a text or a form. */
export interface Sent {
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

/** Sends one request to a URL. Where `TENANTRY_RECORD_EXCHANGES` names a file, it gets what was sent and answered. */
export async function send(method: string, url: string, { headers = {}, body }: Sent = {}): Promise<Answer> {
  const isJson = body !== undefined && typeof body !== 'string' && !(body instanceof FormData);
  const response = await fetch(url, {
    method,
    headers: { ...(isJson ? { 'content-type': 'application/json' } : {}), ...headers },
    ...(body === undefined ? {} : { body: isJson ? JSON.stringify(body) : (body as string | FormData) }),
  });
  const text = await response.text();
  const answered = bodyOf(response, text);
  recordExchange({ url, headers, sent: body, answered });
  return { status: response.status, headers: response.headers, text, body: answered };
}

/** `fetch` for the typed client, whose exchanges are recorded like those of `send`. */
export const recordedFetch: typeof fetch = async (url, init = {}) => {
  const response = await fetch(url, init);
  const text = await response.clone().text();
  const { headers, body } = init;
  const sent = typeof body === 'string' ? JSON.parse(body) : body;
  recordExchange({ url, headers, sent, answered: bodyOf(response, text) });
  return response;
};

/** The JSON of an answer, and the text of one that is none: a type may be told of a body that is empty. */
function bodyOf({ headers }: Response, text: string): unknown {
  return /json/.test(headers.get('content-type') ?? '') && text !== '' ? JSON.parse(text) : text;
}

/** The typed client of the API at a URL. */
export function apiClient(url: string, credential?: Credential): Client {
  return createClient({ url, credential, fetch: recordedFetch });
}

/** The header of a session token. */
export function bearer(token: string): Record<string, string> {
  return { authorization: `Bearer ${token}` };
}

/** The headers of a service account. */
export function serviceAccount(key: { client_id: string; client_secret: string }): Record<string, string> {
  return { 'client-id': key.client_id, 'client-secret': key.client_secret };
}

/** What is too large to be read holds nothing of anybody. */
const recordedCharactersMax = 10_000;

function recordExchange({ sent, ...exchange }: Record<'url' | 'headers' | 'sent' | 'answered', unknown>): void {
  const { TENANTRY_RECORD_EXCHANGES: file } = process.env;
  if (file === undefined) return;
  const isLeftOut = sent instanceof FormData || (typeof sent === 'string' && sent.length > recordedCharactersMax);
  appendFileSync(file, `${JSON.stringify({ ...exchange, sent: isLeftOut ? '' : sent })}\n`);
}
