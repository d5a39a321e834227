import type { Example } from '../../infra/reference/example.ts';
import { type Client, type Credential, createClient } from '../../shared/client/client.ts';
import {
  type IdentifierKind,
  identifierKinds,
  newIdentifier,
  readIdentifier,
  toHex24,
  toUuid,
} from '../../shared/domain/identifiers.ts';
import { recordedFetch } from './http-client.ts';

/** Notes what operations are asked and answer, for the reference. */
export interface ExampleRecorder {
  /** A client whose first call of each operation becomes the operation's example. */
  as(credential?: Credential): Client;
  /** The examples so far, by operationId in order; where the calls are the same, so are they. */
  examples(): Readonly<Record<string, Example>>;
}

/** Headers of an answer that an example shows. */
const shownHeaders = ['content-type', 'etag', 'link'];

/** The moment at which all examples begin. */
const sampleStart = Date.UTC(2026, 2, 2, 9, 30);
const hour = 3_600_000;
const sampleRequestId = 'e7HfXjOKIAMEPqg=';

/** Opens a recorder of the API at a URL. */
export function openExampleRecorder(url: string): ExampleRecorder {
  const startedAt = Date.now();
  const recorded = new Map<string, Example>();
  return {
    as(credential) {
      const client: Client = async (operation, ...said) => {
        let example: Example | undefined;
        const noting: typeof fetch = async (target, init = {}) => {
          const response = await recordedFetch(target, init);
          example = await exampleOf(said[0] ?? {}, init, response.clone());
          return response;
        };
        const answer = await createClient({ url, credential, fetch: noting })(operation, ...said);
        if (example !== undefined && !recorded.has(operation)) recorded.set(operation, example);
        return answer;
      };
      return client;
    },
    examples() {
      const withSamples = sampler(startedAt);
      const sampled = [...recorded].map(([id, example]) => [id, withSamples(example) as Example] as const);
      return Object.fromEntries(sampled.sort(([one], [other]) => (one < other ? -1 : 1)));
    },
  };
}

async function exampleOf(input: object, init: RequestInit, response: Response): Promise<Example> {
  const { path = {}, query = {} } = input as Pick<Example['request'], 'path' | 'query'>;
  const file = init.body instanceof FormData ? [...init.body].find(([, part]) => part instanceof File) : undefined;
  const text = await response.text();
  const isJson = /json/.test(response.headers.get('content-type') ?? '');
  return {
    request: {
      path,
      query,
      headers: credentialsHidden(init.headers as Record<string, string>),
      ...(typeof init.body === 'string' ? { body: JSON.parse(init.body) } : {}),
      ...(file === undefined
        ? {}
        : { file: { field: file[0], name: 'logo.png', contentType: (file[1] as File).type } }),
    },
    answer: {
      status: response.status,
      headers: Object.fromEntries(
        shownHeaders.flatMap((name) => {
          const value = response.headers.get(name);
          return value === null ? [] : [[name, value]];
        }),
      ),
      ...(text === '' ? {} : { body: isJson ? abridged(JSON.parse(text)) : text }),
    },
  };
}

/** An answer of which the largest fields are left out where it is too long for anybody to read: the OpenAPI document. */
function abridged(body: unknown): unknown {
  if (JSON.stringify(body).length < 20_000) return body;
  return Object.fromEntries(Object.entries(body as object).filter(([, value]) => JSON.stringify(value).length < 1_000));
}

/** Secrets that a reader has to put in are variables of the shell. */
function credentialsHidden(headers: Readonly<Record<string, string>>): Record<string, string> {
  const variables: Readonly<Record<string, string>> = {
    authorization: 'Bearer $TENANTRY_TOKEN',
    'client-id': '$TENANTRY_CLIENT_ID',
    'client-secret': '$TENANTRY_CLIENT_SECRET',
    'idempotency-key': '0d4b1c5e-6f0a-4d8e-9b55-2f6c3a7e1d90',
  };
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, variables[name] ?? value]));
}

const tokenNames: Readonly<Record<string, string>> = {
  st: 'st_sample-access-token',
  rt: 'rt_sample-refresh-token',
  ak: 'ak_sample-api-key',
  id: 'id_sample-client-id',
  sk: 'sk_sample-client-secret',
  it: 'it_sample-invitation-token',
  lt: 'lt_sample-link-token',
};

/** What differs from run to run inside a text, and what stands for it. Ids and moments are replaced one by one. */
const patterns = {
  token: /\b(st|rt|ak|id|sk|it|lt)_[\w-]{20,}/g,
  requestId: /^[\w+/-]{15}=(?=$|\.)/,
  uniqueWord: /-[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}(?=[@.])/g,
  moment: /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z/g,
  id: /\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b|\b[0-9a-f]{24}\b|(?<=\borg-)\d{10,16}\b|\b\d{10,16}\b/g,
  cursor: /(?<=cursor=)[^&>]+/g,
  avatarOrigin: /https?:\/\/[^/\s]+(?=\/avatars\/)/g,
  hash: /\b[0-9a-f]{64}\b/g,
  version: /(?<=^"\d+-)[0-9a-f]+(?="$)/,
};

/** Puts samples in the place of ids, moments, tokens and whatever else is another one in each run. */
function sampler(startedAt: number): (value: unknown) => unknown {
  const samples = new Map<number, number>();
  const sampleOf = (id: number) => {
    const sample = samples.get(id) ?? newIdentifier(sampleStart + samples.size * 1000, 0.42);
    samples.set(id, sample);
    return sample;
  };
  const moment = (text: string) => {
    const hours = Math.trunc((Date.parse(text) - startedAt) / hour);
    return new Date(sampleStart + hours * hour).toISOString();
  };
  const text = (value: string, field: string): string => {
    if (/^request_?id$/i.test(field)) return sampleRequestId;
    if (field === 'ip') return '203.0.113.7';
    if (field === 'month') return new Date(sampleStart).toISOString().slice(0, 7);
    return value
      .replace(patterns.token, (_, prefix: string) => tokenNames[prefix] ?? '')
      .replace(patterns.requestId, sampleRequestId)
      .replace(patterns.uniqueWord, '')
      .replace(patterns.moment, moment)
      .replace(patterns.hash, 'b5bb9d8014a0f9b1d61e21e796d78dccdf1352f23cd32812f4850b878ae4944c')
      .replace(patterns.version, 'b29e611960adf377')
      .replace(patterns.cursor, 'eyJhZnRlciI6IjAxIn0')
      .replace(patterns.avatarOrigin, 'https://avatars.example.com')
      .replace(patterns.id, (spelled) => respelled(spelled, sampleOf));
  };
  const sampled = (value: unknown, field: string): unknown => {
    if (typeof value === 'string') return text(value, field);
    if (typeof value === 'number') return value >= 2 ** 40 && Number.isSafeInteger(value) ? sampleOf(value) : value;
    if (Array.isArray(value)) return value.map((each) => sampled(each, field));
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, sampled(inner, name)]));
  };
  return (value) => sampled(value, '');
}

const kinds = Object.keys(identifierKinds) as IdentifierKind[];

/** The sample of an id in the same spelling; what only looks like an id stays. */
function respelled(spelled: string, sampleOf: (id: number) => number): string {
  if (/^\d+$/.test(spelled)) return String(sampleOf(Number(spelled)));
  const spell = spelled.includes('-') ? toUuid : toHex24;
  for (const kind of kinds) {
    const read = readIdentifier(kind, spelled);
    if (typeof read === 'object') return spell(kind, sampleOf(read.id));
  }
  return spelled;
}
