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

/** Sends one request to a URL. */
export async function send(method: string, url: string, { headers = {}, body }: Sent = {}): Promise<Answer> {
  const isJson = body !== undefined && typeof body !== 'string' && !(body instanceof FormData);
  const response = await fetch(url, {
    method,
    headers: { ...(isJson ? { 'content-type': 'application/json' } : {}), ...headers },
    ...(body === undefined ? {} : { body: isJson ? JSON.stringify(body) : (body as string | FormData) }),
  });
  const text = await response.text();
  const isJsonAnswer = /json/.test(response.headers.get('content-type') ?? '');
  return {
    status: response.status,
    headers: response.headers,
    text,
    body: isJsonAnswer && text !== '' ? JSON.parse(text) : text,
  };
}

/** The header of a session token. */
export function bearer(token: string): Record<string, string> {
  return { authorization: `Bearer ${token}` };
}

/** The headers of a service account. */
export function serviceAccount(key: { client_id: string; client_secret: string }): Record<string, string> {
  return { 'client-id': key.client_id, 'client-secret': key.client_secret };
}
