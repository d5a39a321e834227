import { createServer, type IncomingMessage, request } from 'node:http';

/** One call to the engine: when it was on its way, and what it took in the units that DynamoDB bills. */
export interface RecordedCall {
  readonly operation: string;
  readonly begin: number;
  readonly end: number;
  readonly units: number;
}

/** A wire to the engine that writes down what goes over it. */
export interface EngineRecorder {
  readonly calls: RecordedCall[];
  stop(): Promise<void>;
}

interface CapacityUnits {
  readonly CapacityUnits?: number;
}

/** Puts the wire in front of an engine and points this process at it. */
export async function openEngineRecorder(engineUrl: string): Promise<EngineRecorder> {
  const calls: RecordedCall[] = [];
  const server = createServer(async (message, response) => {
    const begin = performance.now();
    const operation = String(message.headers['x-amz-target']).split('.').at(-1) ?? '';
    const input = { ...JSON.parse((await bytesOf(message)).toString()), ReturnConsumedCapacity: 'TOTAL' };
    const body = Buffer.from(JSON.stringify(input));
    const { host: _, ...headers } = message.headers;
    const forwarded = request(
      engineUrl,
      { method: 'POST', headers: { ...headers, 'content-length': body.length } },
      async (answer) => {
        const answered = await bytesOf(answer);
        const { ConsumedCapacity } = JSON.parse(answered.toString()) as {
          ConsumedCapacity?: CapacityUnits | CapacityUnits[];
        };
        const units = [ConsumedCapacity ?? []].flat().reduce((sum, { CapacityUnits = 0 }) => sum + CapacityUnits, 0);
        calls.push({ operation, begin, end: performance.now(), units });
        const { 'content-length': __, 'x-amz-crc32': ___, ...rest } = answer.headers;
        response.writeHead(answer.statusCode ?? 500, rest);
        response.end(answered);
      },
    );
    forwarded.end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  process.env.AWS_ENDPOINT_URL_DYNAMODB = `http://127.0.0.1:${port}`;
  return {
    calls,
    async stop() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** How many of these calls had to wait for one another, one after the other, at most. */
export function roundTripsOf(calls: readonly RecordedCall[]): number {
  const depths: number[] = [];
  const inOrder = [...calls].sort((one, other) => one.begin - other.begin);
  for (const { begin } of inOrder) {
    const before = depths.filter((_, at) => (inOrder[at]?.end ?? begin) <= begin);
    depths.push(Math.max(0, ...before) + 1);
  }
  return Math.max(0, ...depths);
}

async function bytesOf(message: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of message) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}
