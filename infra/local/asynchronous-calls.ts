import { setTimeout as sleep } from 'node:timers/promises';
import type { FunctionDefinition } from './application.ts';
import type { FunctionPool } from './function-pool.ts';

/** Calls of functions that nobody waits for: of schedules and topics. */
export interface AsynchronousCalls {
  /** Calls a function, again after a while when it fails, as often as it says; then its failure destination is told. */
  begin(functionArn: string, event: string): void;
  serve(definitions: readonly FunctionDefinition[]): void;
  /** Begins no further attempt. */
  stop(): void;
}

/** How long Lambda waits before the second and the third attempt. */
const retryDelaysSeconds = [60, 120];

/**
 * Makes asynchronous calls as Lambda does.
 * @param send puts a message into the queue with that ARN
 * @see https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html
 */
export function createAsynchronousCalls(
  functions: FunctionPool,
  send: (queueArn: string, body: string) => void,
  delaysSeconds: readonly number[] = retryDelaysSeconds,
): AsynchronousCalls {
  let definitions = new Map<string, FunctionDefinition>();
  const stopping = new AbortController();

  async function call(functionArn: string, event: string): Promise<void> {
    const definition = definitions.get(functionArn);
    for (let attempt = 1; ; attempt++) {
      const outcome = await functions.invoke(functionArn, event);
      if (outcome.kind === 'answer' || stopping.signal.aborted) return;
      if (definition !== undefined && attempt <= definition.asynchronous.retriesMax) {
        const seconds = delaysSeconds[attempt - 1] ?? delaysSeconds.at(-1) ?? 0;
        await sleep(seconds * 1000, undefined, { signal: stopping.signal, ref: false });
        continue;
      }
      if (definition?.asynchronous.failureArn === undefined) return;
      send(
        definition.asynchronous.failureArn,
        JSON.stringify({
          version: '1.0',
          timestamp: new Date().toISOString(),
          requestContext: {
            requestId: outcome.requestId,
            functionArn: `${functionArn}:$LATEST`,
            condition: 'RetriesExhausted',
            approximateInvokeCount: attempt,
          },
          requestPayload: JSON.parse(event),
          responseContext: { statusCode: 200, executedVersion: '$LATEST', functionError: 'Unhandled' },
          responsePayload: outcome.error,
        }),
      );
      return;
    }
  }

  return {
    begin(functionArn, event) {
      call(functionArn, event).catch((error) => {
        if (!stopping.signal.aborted) console.error(error);
      });
    },
    serve(newDefinitions) {
      definitions = new Map(newDefinitions.map((definition) => [definition.arn, definition]));
    },
    stop: () => stopping.abort(),
  };
}
