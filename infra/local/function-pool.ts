import { createHash, randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Worker } from 'node:worker_threads';
import { buildSync } from 'esbuild';
import type { FunctionDefinition } from './application.ts';
import type { FunctionFailure, InstanceCall, InstanceMessage, InstanceStart } from './function-instance.ts';
import type { FunctionLog } from './function-log.ts';
import { localAccount } from './resource-kinds.ts';

/** What became of a call. */
export type Outcome =
  | { readonly kind: 'answer'; readonly requestId: string; readonly payload: string }
  | { readonly kind: 'failure'; readonly requestId: string; readonly error: FunctionFailure };

/** The functions of an application, each with instances of its own. */
export interface FunctionPool {
  /** Calls a function and waits for what becomes of it. Never rejects. @param event JSON */
  invoke(functionArn: string, event: string): Promise<Outcome>;
  /** Takes other definitions. Instances of a function that changed end when they have answered. */
  replace(definitions: readonly FunctionDefinition[]): void;
  /** Ends all instances. What is under way fails. */
  stop(): Promise<void>;
}

/** How the functions of a pool run. */
export interface FunctionPoolOptions {
  /** Added to each function's environment: where the services answer. */
  readonly endpoints: Readonly<Record<string, string>>;
  readonly log: FunctionLog;
  /** Most instances of one function; further calls wait. */
  readonly instancesPerFunctionMax?: number;
  /** Most instances in all, by default more than Tenantry has functions; the one that has idled longest makes way. */
  readonly instancesMax?: number;
}

/** Lambda's limit for what a function is given and what it answers. @see https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html */
const payloadBytesMax = 6 * 1024 * 1024;

/** A machine at work starts instances slower than Lambda, which allows ten seconds. */
const initializationMillisecondsMax = 30_000;

interface Call {
  readonly requestId: string;
  readonly event: string;
  readonly settle: (outcome: Outcome) => void;
}

interface Instance {
  readonly worker: Worker;
  readonly definition: FunctionDefinition;
  call: Call | undefined;
  timer: NodeJS.Timeout | undefined;
  ready: boolean;
  idleSince: number;
}

interface PooledFunction {
  definition: FunctionDefinition;
  readonly instances: Set<Instance>;
  readonly waiting: Call[];
}

/** The body of the threads. As it stands in the sources, each would take as long to take its types off as to start. */
function buildInstanceBody(): URL {
  const file = join(import.meta.dirname, 'function-instance.ts');
  const { outputFiles } = buildSync({
    entryPoints: [file],
    bundle: true,
    write: false,
    platform: 'node',
    target: 'node24',
    format: 'esm',
    footer: { js: `//# sourceURL=${pathToFileURL(file)}` },
  });
  const [body] = outputFiles.map(({ contents }) => Buffer.from(contents).toString('base64'));
  return new URL(`data:text/javascript;base64,${body}`);
}
const instanceBody = buildInstanceBody();

/** The access key of a function: it shows in each of its calls whose they are. Letters and digits, as DynamoDB Local wants it. */
export function accessKeyOf(functionName: string): string {
  return `LOCAL${createHash('sha256').update(functionName).digest('hex').slice(0, 15).toUpperCase()}`;
}

/** Runs functions in worker threads: an environment, globals and output of their own, and an end that takes nobody along. */
export function createFunctionPool(options: FunctionPoolOptions): FunctionPool {
  const { log, endpoints, instancesPerFunctionMax = 4, instancesMax = 100 } = options;
  const functions = new Map<string, PooledFunction>();
  const retiring = new Set<Instance>();
  let stopped = false;

  function dispatch(pooled: PooledFunction): void {
    while (pooled.waiting.length > 0) {
      const idle = [...pooled.instances].find(({ call }) => call === undefined);
      const instance = idle ?? addInstance(pooled);
      if (instance === undefined) return;
      instance.call = pooled.waiting.shift();
      if (instance.ready) begin(instance);
    }
  }

  function addInstance(pooled: PooledFunction): Instance | undefined {
    const { definition } = pooled;
    const most = Math.max(1, Math.min(instancesPerFunctionMax, definition.instancesMax ?? instancesPerFunctionMax));
    if (pooled.instances.size >= most) return undefined;
    makeRoom();
    const start: InstanceStart = { folder: definition.folder, handler: definition.handler };
    const worker = new Worker(instanceBody, {
      name: definition.name,
      workerData: start,
      env: environmentOf(definition, endpoints),
      execArgv: [],
      resourceLimits: {
        maxOldGenerationSizeMb: Math.max(128, definition.memoryMegabytes),
        // A tenth of the usual: dozens of instances are to fit on a laptop.
        maxYoungGenerationSizeMb: 4,
      },
    });
    const instance: Instance = {
      worker,
      definition,
      call: undefined,
      ready: false,
      idleSince: performance.now(),
      timer: setTimeout(
        () => abandon(instance, { errorType: 'Sandbox.Timedout', errorMessage: 'The function did not load in time' }),
        initializationMillisecondsMax,
      ),
    };
    pooled.instances.add(instance);
    worker.on('message', (message: InstanceMessage) => {
      if (message.kind === 'output') log.write(definition.name, instance.call?.requestId ?? '-', message.text);
      else if (message.kind === 'ready') {
        instance.ready = true;
        clearTimeout(instance.timer);
        if (instance.call !== undefined) begin(instance);
      } else if (!instance.ready && message.kind === 'failure') abandon(instance, message.error);
      else finish(instance, message);
    });
    worker.on('error', (error: Error & { code?: string }) => {
      abandon(instance, {
        errorType: error.code === 'ERR_WORKER_OUT_OF_MEMORY' ? 'Runtime.OutOfMemory' : error.name,
        errorMessage: error.message,
        trace: (error.stack ?? '').split('\n'),
      });
    });
    worker.on('exit', (code) => {
      abandon(instance, { errorType: 'Runtime.ExitError', errorMessage: `Runtime exited with status ${code}` });
    });
    return instance;
  }

  function makeRoom(): void {
    const all = [...functions.values()].flatMap(({ instances }) => [...instances]);
    if (all.length < instancesMax) return;
    const [oldest] = all.filter(({ call }) => call === undefined).sort((a, b) => a.idleSince - b.idleSince);
    if (oldest !== undefined) end(oldest);
  }

  function begin(instance: Instance): void {
    const { call, definition } = instance;
    if (call === undefined) return;
    const milliseconds = definition.timeoutSeconds * 1000;
    instance.timer = setTimeout(() => {
      abandon(instance, {
        errorType: 'Sandbox.Timedout',
        errorMessage: `RequestId: ${call.requestId} Error: Task timed out after ${definition.timeoutSeconds.toFixed(2)} seconds`,
      });
    }, milliseconds);
    const message: InstanceCall = {
      requestId: call.requestId,
      event: call.event,
      functionName: definition.name,
      functionArn: definition.arn,
      memoryMegabytes: definition.memoryMegabytes,
      deadlineMilliseconds: Date.now() + milliseconds,
    };
    instance.worker.postMessage(message);
  }

  function finish(instance: Instance, message: InstanceMessage & { kind: 'answer' | 'failure' }): void {
    const { call, definition } = instance;
    if (call === undefined) return;
    clearTimeout(instance.timer);
    instance.call = undefined;
    instance.idleSince = performance.now();
    const tooLarge = message.kind === 'answer' && Buffer.byteLength(message.payload) > payloadBytesMax;
    settle(definition, call, tooLarge ? { kind: 'failure', error: responseTooLarge } : message);
    if (retiring.delete(instance)) void instance.worker.terminate();
    const pooled = functions.get(definition.arn);
    if (pooled !== undefined) dispatch(pooled);
  }

  /** An instance that failed otherwise than by its handler is never used again. */
  function abandon(instance: Instance, error: FunctionFailure): void {
    const { call, definition } = instance;
    const known = end(instance);
    if (call !== undefined) {
      instance.call = undefined;
      settle(definition, call, { kind: 'failure', error });
    } else if (known && !stopped) {
      log.write(definition.name, '-', `ERROR ${JSON.stringify(error)}`);
    }
    const pooled = functions.get(definition.arn);
    if (pooled !== undefined && !stopped) dispatch(pooled);
  }

  function end(instance: Instance): boolean {
    clearTimeout(instance.timer);
    const known = functions.get(instance.definition.arn)?.instances.delete(instance) || retiring.delete(instance);
    if (known) void instance.worker.terminate();
    return known;
  }

  function settle(
    { name }: FunctionDefinition,
    { requestId, settle }: Call,
    outcome: { kind: 'answer'; payload: string } | { kind: 'failure'; error: FunctionFailure },
  ): void {
    if (outcome.kind === 'failure') log.write(name, requestId, `ERROR ${JSON.stringify(outcome.error)}`);
    settle({ ...outcome, requestId });
  }

  return {
    invoke(functionArn, event) {
      const requestId = randomUUID();
      return new Promise<Outcome>((resolve) => {
        const pooled = functions.get(functionArn);
        const refusal = stopped
          ? { errorType: 'ServiceException', errorMessage: 'The local stack is stopping' }
          : pooled === undefined
            ? { errorType: 'ResourceNotFoundException', errorMessage: `There is no function ${functionArn}` }
            : Buffer.byteLength(event) > payloadBytesMax
              ? requestTooLarge
              : undefined;
        if (pooled === undefined || refusal !== undefined) {
          resolve({ kind: 'failure', requestId, error: refusal ?? requestTooLarge });
          return;
        }
        pooled.waiting.push({ requestId, event, settle: resolve });
        dispatch(pooled);
      });
    },
    replace(definitions) {
      const wanted = new Map(definitions.map((definition) => [definition.arn, definition]));
      for (const [arn, pooled] of functions) {
        const definition = wanted.get(arn);
        if (definition !== undefined && JSON.stringify(definition) === JSON.stringify(pooled.definition)) continue;
        for (const instance of [...pooled.instances]) {
          if (instance.call === undefined) end(instance);
          else {
            pooled.instances.delete(instance);
            retiring.add(instance);
          }
        }
        if (definition === undefined) {
          functions.delete(arn);
          for (const call of pooled.waiting) settle(pooled.definition, call, { kind: 'failure', error: gone });
        } else pooled.definition = definition;
      }
      for (const [arn, definition] of wanted) {
        if (!functions.has(arn)) functions.set(arn, { definition, instances: new Set(), waiting: [] });
      }
    },
    async stop() {
      stopped = true;
      const all = [...[...functions.values()].flatMap(({ instances }) => [...instances]), ...retiring];
      for (const { waiting, definition } of functions.values()) {
        for (const call of waiting.splice(0)) settle(definition, call, { kind: 'failure', error: gone });
      }
      await Promise.all(
        all.map((instance) => {
          const { worker } = instance;
          abandon(instance, gone);
          return worker.terminate();
        }),
      );
    },
  };
}

/** The name by which the gateway knows that a request does not fit into a function's event. */
export const requestTooLarge: FunctionFailure = {
  errorType: 'RequestTooLargeException',
  errorMessage: `Request must be smaller than ${payloadBytesMax} bytes for the InvokeFunction operation`,
};
const responseTooLarge: FunctionFailure = {
  errorType: 'Function.ResponseSizeTooLarge',
  errorMessage: `Response payload size exceeded maximum allowed payload size (${payloadBytesMax} bytes).`,
};
const gone: FunctionFailure = { errorType: 'ServiceException', errorMessage: 'The function was taken away' };

function environmentOf(definition: FunctionDefinition, endpoints: Readonly<Record<string, string>>): NodeJS.ProcessEnv {
  const accessKey = accessKeyOf(definition.name);
  return {
    ...definition.environment,
    ...endpoints,
    AWS_ACCESS_KEY_ID: accessKey,
    AWS_SECRET_ACCESS_KEY: accessKey,
    AWS_REGION: localAccount.region,
    AWS_DEFAULT_REGION: localAccount.region,
    AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs24.x',
    AWS_LAMBDA_FUNCTION_NAME: definition.name,
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(definition.memoryMegabytes),
    AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
    AWS_LAMBDA_INITIALIZATION_TYPE: 'on-demand',
    AWS_LAMBDA_LOG_STREAM_NAME: randomUUID(),
    LAMBDA_TASK_ROOT: definition.folder,
    LANG: 'en_US.UTF-8',
    TZ: ':UTC',
    _HANDLER: definition.handler,
  };
}
