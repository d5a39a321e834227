import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A wire to the object store that does with each call what `decide` says. */
export interface ObjectWire {
  /** Whether the call goes through; else it fails for good. A call waits until it is decided. */
  decide: (method: string) => boolean | Promise<boolean>;
  stop(): Promise<void>;
}

/** Puts the wire in front of an object store and points this process at it. */
export async function openObjectWire(storeUrl: string): Promise<ObjectWire> {
  const wire: ObjectWire = {
    decide: () => true,
    async stop() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  const server = createServer(async (incoming, outgoing) => {
    const body = Buffer.concat(await incoming.toArray());
    if (!(await wire.decide(incoming.method ?? ''))) {
      outgoing.writeHead(400);
      outgoing.end();
      return;
    }
    const { method = 'GET', headers } = incoming;
    const forwarded = request(new URL(incoming.url ?? '/', storeUrl), { method, headers }, (answer) => {
      outgoing.writeHead(answer.statusCode ?? 500, answer.headers);
      answer.pipe(outgoing);
    });
    forwarded.on('error', () => outgoing.destroy());
    forwarded.end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  process.env.AWS_ENDPOINT_URL_S3 = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return wire;
}
