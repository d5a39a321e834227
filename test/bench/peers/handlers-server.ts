/**
 * Serves all handlers, bundled as they are deployed, from one process, without the local stack's gateway and its threads:
 * what the product's own code takes, on the engine that the environment names. Forked; tells its address once it answers.
 */
import '../../support/quiet-log.ts';
import { createServer } from 'node:http';
import { openBundledApi } from '../../support/bundled-api.ts';

const call = await openBundledApi();
const server = createServer(async (incoming, outgoing) => {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk);
  const { status, headers, text } = await call({
    method: incoming.method ?? 'GET',
    path: incoming.url ?? '/',
    headers: incoming.headers as Record<string, string>,
    body: chunks.length === 0 ? undefined : Buffer.concat(chunks).toString(),
  });
  outgoing.writeHead(status, headers).end(text);
});
server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  process.send?.({ url: `http://127.0.0.1:${typeof address === 'object' ? address?.port : address}` });
});
