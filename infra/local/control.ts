import { createServer } from 'node:http';

/** What can be asked of a running stack: the answer becomes JSON. */
type Orders = Readonly<Record<string, (body: unknown) => unknown>>;

/** The address where a running stack takes orders. */
export interface Control {
  readonly url: string;
  /** Takes these orders from now on, by method and path, as `POST /jobs`. */
  serve(orders: Orders): void;
  stop(): Promise<void>;
}

/** An order that cannot be carried out, in a sentence for whoever gave it. */
export class OrderRefusal extends Error {
  override readonly name = 'OrderRefusal';
}

/** Opens it on the loopback interface, for those who show the secret alone. */
export async function openControl(secret: string): Promise<Control> {
  let orders: Orders = {};
  const server = createServer(async (incoming, outgoing) => {
    const answer = (status: number, body: unknown) => {
      outgoing.writeHead(status, { 'content-type': 'application/json' });
      outgoing.end(JSON.stringify(body ?? null));
    };
    if (incoming.headers.authorization !== `Bearer ${secret}`) return answer(401, { message: 'The secret is wrong.' });
    if (incoming.url === '/') return answer(200, { processId: process.pid });
    const carryOut = orders[`${incoming.method} ${incoming.url}`];
    if (carryOut === undefined) return answer(404, { message: `There is no ${incoming.method} ${incoming.url}.` });
    try {
      const chunks: Buffer[] = [];
      for await (const chunk of incoming) chunks.push(chunk);
      const text = Buffer.concat(chunks).toString();
      answer(200, await carryOut(text === '' ? undefined : JSON.parse(text)));
    } catch (error) {
      answer(error instanceof OrderRefusal ? 400 : 500, { message: (error as Error).message });
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  return {
    url: `http://127.0.0.1:${typeof address === 'object' ? address?.port : address}`,
    serve(newOrders) {
      orders = newOrders;
    },
    async stop() {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
    },
  };
}
