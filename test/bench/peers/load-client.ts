/**
 * Puts load on an HTTP server from a process of its own: a fixed number of connections, each with one request under way
 * at any time. Forked; takes loads as messages, one after the other, and answers each with its figures.
 */
import { Agent, request } from 'node:http';

/** A request, again and again; `{n}` in its headers and body stands for another number each time. */
export interface RepeatedRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** What to send: these requests in turn. */
export interface Load {
  readonly requests: readonly RepeatedRequest[];
  readonly connections: number;
  readonly milliseconds: number;
}

/** What became of a load. */
export interface LoadFigures {
  readonly requests: number;
  readonly requestsPerSecond: number;
  readonly middleMilliseconds: number;
  readonly p99Milliseconds: number;
  /** The first answer that was no success, where there was one: then the figures say nothing. */
  readonly failure?: string;
}

let sent = 0;

process.on('message', async (load: Load) => process.send?.(await apply(load)));

async function apply({ requests, connections, milliseconds }: Load): Promise<LoadFigures> {
  const agent = new Agent({ keepAlive: true, maxSockets: connections });
  const durations: number[] = [];
  const begun = performance.now();
  let failure: string | undefined;
  const connection = async () => {
    while (failure === undefined && performance.now() - begun < milliseconds) {
      const next = requests[sent % requests.length];
      if (next === undefined) return;
      sent += 1;
      const start = performance.now();
      const { status, text } = await exchange(agent, next, sent);
      durations.push(performance.now() - start);
      if (status < 200 || status > 299) failure ??= `${next.method} ${next.url}: ${status} ${text}`;
    }
  };
  await Promise.all(Array.from({ length: connections }, connection));
  const seconds = (performance.now() - begun) / 1_000;
  agent.destroy();
  durations.sort((one, other) => one - other);
  const at = (share: number) => durations[Math.min(durations.length - 1, Math.floor(durations.length * share))] ?? 0;
  return {
    requests: durations.length,
    requestsPerSecond: durations.length / seconds,
    middleMilliseconds: at(0.5),
    p99Milliseconds: at(0.99),
    ...(failure === undefined ? {} : { failure }),
  };
}

function exchange(agent: Agent, { method, url, headers, body }: RepeatedRequest, number: number) {
  const numbered = (text: string) => text.replaceAll('{n}', `${process.pid}-${number}`);
  return new Promise<{ status: number; text: string }>((resolve, reject) => {
    const content = body === undefined ? undefined : Buffer.from(numbered(body));
    const outgoing = request(
      url,
      {
        method,
        agent,
        headers: {
          ...Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, numbered(value)])),
          ...(content === undefined ? {} : { 'content-type': 'application/json', 'content-length': content.length }),
        },
      },
      async (incoming) => {
        try {
          const chunks: Buffer[] = [];
          for await (const chunk of incoming) chunks.push(chunk);
          resolve({ status: incoming.statusCode ?? 0, text: Buffer.concat(chunks).toString() });
        } catch (error) {
          reject(error);
        }
      },
    );
    outgoing.once('error', reject);
    outgoing.end(content);
  });
}
