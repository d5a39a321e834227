/**
 * One instance of a function: the body of a worker thread, as Lambda's runtime is the body of a sandbox. It loads the
 * bundle, then answers one call after the other.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parentPort, workerData } from 'node:worker_threads';
import { useJsonConsole } from './json-console.ts';

/** What an instance is started with. */
export interface InstanceStart {
  readonly folder: string;
  readonly handler: string;
}

/** A call, as the pool sends it to an instance. */
export interface InstanceCall {
  readonly requestId: string;
  /** JSON. */
  readonly event: string;
  readonly functionName: string;
  readonly functionArn: string;
  readonly memoryMegabytes: number;
  readonly deadlineMilliseconds: number;
}

/** What an instance tells the pool. */
export type InstanceMessage =
  | { readonly kind: 'ready' }
  | { readonly kind: 'output'; readonly text: string }
  | { readonly kind: 'answer'; readonly payload: string }
  | { readonly kind: 'failure'; readonly error: FunctionFailure };

/** An error as Lambda reports it. */
export interface FunctionFailure {
  readonly errorType: string;
  readonly errorMessage: string;
  readonly trace?: readonly string[];
}

const port = parentPort;
if (port === null) throw new Error('function-instance.ts is the body of a worker thread');
const send = (message: InstanceMessage) => port.postMessage(message);

// A thread's own streams wait for acknowledgements, and what waits is lost when the thread is ended; a message is not.
for (const stream of [process.stdout, process.stderr]) {
  stream.write = ((chunk: string | Uint8Array, ...rest: unknown[]) => {
    send({ kind: 'output', text: typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString() });
    const done = rest.at(-1);
    if (typeof done === 'function') done();
    return true;
  }) as typeof stream.write;
}

let requestId = '';
if (process.env.AWS_LAMBDA_LOG_FORMAT === 'JSON') {
  const level = process.env.AWS_LAMBDA_LOG_LEVEL ?? 'INFO';
  useJsonConsole(
    level,
    () => requestId,
    (text) => send({ kind: 'output', text }),
  );
}

type Handler = (event: unknown, context: object) => unknown;

async function load({ folder, handler }: InstanceStart): Promise<Handler> {
  const dot = handler.lastIndexOf('.');
  const name = handler.slice(dot + 1);
  const file = ['.js', '.mjs', '.cjs'].map((ending) => join(folder, handler.slice(0, dot) + ending)).find(existsSync);
  if (file === undefined) throw new Error(`There is no module for the handler ${handler}`);
  const loaded = (await import(pathToFileURL(file).href)) as Record<string, unknown> & {
    default?: Record<string, unknown>;
  };
  const found = loaded[name] ?? loaded.default?.[name];
  if (typeof found !== 'function') throw new Error(`${handler} is no function`);
  return found as Handler;
}

function describe(error: unknown): FunctionFailure {
  if (!(error instanceof Error)) return { errorType: typeof error, errorMessage: String(error) };
  return { errorType: error.name, errorMessage: error.message, trace: (error.stack ?? '').split('\n') };
}

const handler = load(workerData as InstanceStart);
handler.then(
  () => send({ kind: 'ready' }),
  (error) => send({ kind: 'failure', error: describe(error) }),
);

port.on('message', async (call: InstanceCall) => {
  requestId = call.requestId;
  const context = {
    awsRequestId: call.requestId,
    callbackWaitsForEmptyEventLoop: true,
    functionName: call.functionName,
    functionVersion: '$LATEST',
    invokedFunctionArn: call.functionArn,
    logGroupName: process.env.AWS_LAMBDA_LOG_GROUP_NAME,
    logStreamName: process.env.AWS_LAMBDA_LOG_STREAM_NAME,
    memoryLimitInMB: String(call.memoryMegabytes),
    getRemainingTimeInMillis: () => Math.max(0, call.deadlineMilliseconds - Date.now()),
  };
  try {
    const answer = await (await handler)(JSON.parse(call.event), context);
    send({ kind: 'answer', payload: JSON.stringify(answer) ?? 'null' });
  } catch (error) {
    send({ kind: 'failure', error: describe(error) });
  }
});
