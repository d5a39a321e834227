import { createServer, type IncomingMessage, request } from 'node:http';
import { needOwnProcess } from './own-process.ts';

/** What becomes of a call on its way to the engine. */
export type Fault =
  /** Answered by nobody but us. */
  | { readonly status: number; readonly type: string; readonly more?: Readonly<Record<string, unknown>> }
  /** The connection is cut before the engine hears of it, or after it has done what was asked. */
  | 'cut before'
  | 'cut after'
  /** Never answered; the engine does not hear of it. */
  | 'held'
  /** The engine’s answer, changed on its way back. */
  | ((answer: Record<string, unknown>) => Record<string, unknown>)
  | undefined;

/** A call to the engine: `TransactWriteItems` and its input in DynamoDB’s own JSON. */
export interface EngineCall {
  readonly operation: string;
  // biome-ignore lint/suspicious/noExplicitAny: inputs of every operation.
  readonly input: any;
}

/** A wire to the engine that does with each call what `decide` says. */
export interface FaultyEngine {
  readonly url: string;
  readonly calls: EngineCall[];
  /** A call waits until it is decided. */
  decide: (call: EngineCall) => Fault | Promise<Fault>;
  stop(): Promise<void>;
}

/** Puts the wire in front of an engine and points this process at it. */
export async function openFaultyEngine(engineUrl: string): Promise<FaultyEngine> {
  needOwnProcess('A faulty engine');
  const server = createServer(async (message, response) => {
    const body = await bytesOf(message);
    const operation = String(message.headers['x-amz-target']).split('.').at(-1) ?? '';
    const call = { operation, input: JSON.parse(body.toString()) };
    faulty.calls.push(call);
    const fault = await faulty.decide(call);
    if (fault === 'cut before') {
      message.socket.destroy();
      return;
    }
    if (fault === 'held') return;
    if (fault && typeof fault === 'object') {
      response.writeHead(fault.status, { 'content-type': 'application/x-amz-json-1.0' });
      response.end(JSON.stringify({ ...fault.more, __type: `com.amazonaws.dynamodb.v20120810#${fault.type}` }));
      return;
    }
    const { host: _, ...headers } = message.headers;
    const forwarded = request(engineUrl, { method: 'POST', headers }, async (answer) => {
      const answered = await bytesOf(answer);
      if (fault === 'cut after') {
        message.socket.destroy();
        return;
      }
      const { 'content-length': __, 'x-amz-crc32': ___, ...rest } = answer.headers;
      response.writeHead(answer.statusCode ?? 500, rest);
      response.end(fault ? JSON.stringify(fault(JSON.parse(answered.toString()))) : answered);
    });
    forwarded.end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const faulty: FaultyEngine = {
    url: `http://127.0.0.1:${port}`,
    calls: [],
    decide: () => undefined,
    async stop() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  process.env.AWS_ENDPOINT_URL_DYNAMODB = faulty.url;
  return faulty;
}

async function bytesOf(message: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of message) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

/** The calls of this operation wait for each other; then all go on at once, or one after the other's answer. */
export function meeting(operation: string, count: number, goOn: 'at once' | 'in turn'): FaultyEngine['decide'] {
  const waiting: (() => void)[] = [];
  let met = 0;
  return async (call) => {
    if (call.operation !== operation || met === count) return undefined;
    met += 1;
    const turn = new Promise<void>((resolve) => waiting.push(resolve));
    if (met === count) for (const next of goOn === 'at once' ? waiting.splice(0) : waiting.splice(0, 1)) next();
    await turn;
    if (goOn === 'at once') return undefined;
    return (answer) => {
      waiting.shift()?.();
      return answer;
    };
  };
}

/** The first of the calls that `isIt` waits until `act` is done. */
export function heldDuring(isIt: (call: EngineCall) => boolean, act: () => Promise<unknown>): FaultyEngine['decide'] {
  let isHeld = false;
  return async (call) => {
    if (isHeld || !isIt(call)) return undefined;
    isHeld = true;
    await act();
    return undefined;
  };
}

/** Whether a call commits several writes together, as every request that changes something does in the end. */
export const isTransaction = ({ operation }: EngineCall): boolean => operation === 'TransactWriteItems';

/** From now on so many calls are answered; then the process is dead, and nothing that it does reaches anybody. */
export function diesAfter(engine: FaultyEngine, calls: number): { readonly isDead: () => boolean } {
  let made = 0;
  engine.decide = () => (++made > calls ? { status: 400, type: 'ValidationException' } : undefined);
  return { isDead: () => made > calls };
}

/** What a call may meet, and is to be answered after, when it comes again. */
export const passingFaults: readonly Fault[] = [
  { status: 400, type: 'ProvisionedThroughputExceededException' },
  'cut after',
  { status: 500, type: 'InternalServerError' },
  'cut before',
];

/** How calls are disturbed. */
export interface Disturbance {
  /** With which of the faults it begins. */
  readonly first?: number;
  readonly faults?: readonly Fault[];
  /** How many of them are met: each call one, by default, or so many calls of each operation. */
  readonly ofEachOperation?: number | undefined;
}

/** Calls meet faults, of ever another kind; then they are answered. */
export function disturbs(
  engine: FaultyEngine,
  { first = 0, faults = passingFaults, ofEachOperation }: Disturbance = {},
): void {
  const met = new Map<string, number>();
  let all = first;
  engine.decide = ({ operation, input }: EngineCall) => {
    const call = ofEachOperation === undefined ? `${operation} ${JSON.stringify(input)}` : operation;
    const before = met.get(call) ?? 0;
    if (before === (ofEachOperation ?? 1)) return undefined;
    met.set(call, before + 1);
    all += 1;
    return faults[all % faults.length];
  };
}
