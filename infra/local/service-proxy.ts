import { Agent, createServer, type IncomingHttpHeaders, request as sendRequest } from 'node:http';

/** A request on its way to a service. */
export interface ProxiedRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

/** A service's answer on its way back. */
export interface ProxiedResponse {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

/** What is done to what passes. */
export interface Passage {
  /** Another body for the service. */
  readonly request?: (request: ProxiedRequest) => Buffer;
  /** Sees both, before the answer goes on; may give it another body. */
  readonly response: (
    request: ProxiedRequest,
    response: ProxiedResponse,
    milliseconds: number,
  ) => Buffer | undefined | Promise<Buffer | undefined>;
}

/** A loopback address that hands everything on to a service. */
export interface ServiceProxy {
  readonly url: string;
  stop(): Promise<void>;
}

/** Opens a proxy before a service. Headers pass as they are, so that signatures stay whole. */
export async function openServiceProxy(target: string, passage: Passage): Promise<ServiceProxy> {
  const agent = new Agent({ keepAlive: true });
  const { hostname, port } = new URL(target);
  const server = createServer({ keepAliveTimeout: 65_000 }, async (incoming, outgoing) => {
    const begun = performance.now();
    try {
      const sent: Buffer[] = [];
      for await (const chunk of incoming) sent.push(chunk);
      const request: ProxiedRequest = {
        method: incoming.method ?? 'GET',
        path: incoming.url ?? '/',
        headers: incoming.headers,
        body: Buffer.concat(sent),
      };
      const response = await forward(request, passage.request?.(request) ?? request.body);
      const body = (await passage.response(request, response, performance.now() - begun)) ?? response.body;
      const { 'x-amz-crc32': _, 'transfer-encoding': __, connection: ___, ...headers } = response.headers;
      const length = request.method === 'HEAD' ? headers['content-length'] : body.length;
      outgoing.writeHead(response.status, {
        ...headers,
        ...(length === undefined ? {} : { 'content-length': length }),
      });
      outgoing.end(body);
    } catch {
      // The service is gone, or was in the middle of an answer: for the caller the connection breaks.
      outgoing.destroy();
    }
  });

  function forward(request: ProxiedRequest, body: Buffer): Promise<ProxiedResponse> {
    return new Promise((resolve, reject) => {
      const { 'transfer-encoding': _, connection: __, expect: ___, ...headers } = request.headers;
      const outgoing = sendRequest(
        {
          agent,
          hostname,
          port,
          method: request.method,
          path: request.path,
          headers: { ...headers, 'content-length': body.length },
        },
        async (incoming) => {
          const received: Buffer[] = [];
          try {
            for await (const chunk of incoming) received.push(chunk);
            resolve({ status: incoming.statusCode ?? 502, headers: incoming.headers, body: Buffer.concat(received) });
          } catch (error) {
            reject(error);
          }
        },
      );
      outgoing.once('error', reject);
      outgoing.end(body);
    });
  }

  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  return {
    url: `http://127.0.0.1:${typeof address === 'object' ? address?.port : address}`,
    async stop() {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      agent.destroy();
      await closed;
    },
  };
}
