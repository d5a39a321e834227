import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { StreamConsumerDefinition } from './application.ts';
import { callDynamoDB, DynamoDBRefusal } from './dynamodb-wire.ts';
import { compileFilter } from './event-filter.ts';
import type { FunctionPool, Outcome } from './function-pool.ts';
import { type KeptFile, keptFile } from './kept-file.ts';
import { localAccount } from './resource-kinds.ts';

/** Functions that are called for the records of table streams. */
export interface StreamConsumers {
  /** Runs these from now on. One that stays as it was is not disturbed. */
  serve(definitions: readonly StreamConsumerDefinition[]): Promise<void>;
  /** Begins no further batch; settles when none is under way. */
  stop(): Promise<void>;
}

/** What consumers need of their surroundings. */
export interface StreamConsumerOptions {
  readonly dynamodbUrl: string;
  readonly functions: FunctionPool;
  /** Puts a message into the queue with that ARN. */
  readonly send: (queueArn: string, body: string) => void;
  /** Where it is written down how far each consumer has come; without one they begin anew. */
  readonly dataFolder?: string | undefined;
}

/** How far a consumer has come in each shard of its stream: the last record that is done with, or that all are. */
interface Progress {
  readonly streamArn: string;
  readonly shards: Readonly<Record<string, string>>;
}
const shardDone = 'done';

interface StreamRecord {
  readonly eventID: string;
  readonly dynamodb: { readonly SequenceNumber: string; readonly ApproximateCreationDateTime?: number };
}

interface Shard {
  readonly ShardId: string;
  readonly ParentShardId?: string;
}

const pollMilliseconds = 200;
const discoveryMilliseconds = 2_000;
const retryMillisecondsMax = 30_000;

/**
 * Calls functions as Lambda's event source mappings do: at least once for each record that matches, in the order of
 * the stream, with retries, halving of failing batches, and a destination for what fails for good. What was not done
 * with when the stack ended is delivered when it runs again.
 * @see https://docs.aws.amazon.com/lambda/latest/dg/with-ddb.html
 */
export function createStreamConsumers(options: StreamConsumerOptions): StreamConsumers {
  const running = new Map<string, { definition: string; consumer: Consumer }>();
  return {
    async serve(definitions) {
      const wanted = new Map(definitions.map((definition) => [definition.name, definition]));
      for (const [name, { definition, consumer }] of running) {
        if (JSON.stringify(wanted.get(name)) === definition) continue;
        running.delete(name);
        await consumer.stop();
      }
      for (const [name, definition] of wanted) {
        if (running.has(name)) continue;
        running.set(name, { definition: JSON.stringify(definition), consumer: startConsumer(definition, options) });
      }
    },
    async stop() {
      await Promise.all([...running.values()].map(({ consumer }) => consumer.stop()));
    },
  };
}

interface Consumer {
  stop(): Promise<void>;
}

function startConsumer(definition: StreamConsumerDefinition, options: StreamConsumerOptions): Consumer {
  const { dynamodbUrl, functions, send, dataFolder } = options;
  const { streamArn, functionArn, batchSize, bisects, retriesMax, recordAgeMaxSeconds, reportsItemFailures } =
    definition;
  const filters = definition.patterns.map(compileFilter);
  const file = dataFolder === undefined ? undefined : join(dataFolder, 'stream-progress', `${definition.name}.json`);
  const kept: KeptFile<Progress> = keptFile(file, { streamArn, shards: {} });
  // A table that was made anew has another stream.
  const progress = new Map(Object.entries(kept.read().streamArn === streamArn ? kept.read().shards : {}));
  const stopping = new AbortController();
  const readers = new Map<string, Promise<void>>();

  const callStream = <Answer>(action: string, request: object) =>
    callDynamoDB<Answer>(dynamodbUrl, 'stream', action, request);
  const pause = (milliseconds: number) => sleep(milliseconds, undefined, { signal: stopping.signal });
  const matches = (record: StreamRecord) => filters.length === 0 || filters.some((filter) => filter(record));

  function note(shardId: string, position: string): void {
    progress.set(shardId, position);
    kept.write({ streamArn, shards: Object.fromEntries(progress) });
  }

  async function discover(): Promise<void> {
    for (;;) {
      const shards = await listShards();
      const known = new Set(shards.map(({ ShardId }) => ShardId));
      for (const { ShardId, ParentShardId } of shards) {
        // A shard is read after the one that it continues, so that the changes of one item stay in order.
        const parentDone =
          ParentShardId === undefined || !known.has(ParentShardId) || progress.get(ParentShardId) === shardDone;
        if (!parentDone || readers.has(ShardId) || progress.get(ShardId) === shardDone) continue;
        readers.set(
          ShardId,
          untilStopped(() => readShard(ShardId)),
        );
      }
      await pause(discoveryMilliseconds);
    }
  }

  async function listShards(): Promise<Shard[]> {
    const shards: Shard[] = [];
    let from: string | undefined;
    do {
      const { StreamDescription } = await callStream<{
        StreamDescription: { Shards: Shard[]; LastEvaluatedShardId?: string };
      }>('DescribeStream', { StreamArn: streamArn, ...(from === undefined ? {} : { ExclusiveStartShardId: from }) });
      shards.push(...StreamDescription.Shards);
      from = StreamDescription.LastEvaluatedShardId;
    } while (from !== undefined);
    return shards;
  }

  async function readShard(shardId: string): Promise<void> {
    let iterator: string | undefined = await findIterator(shardId);
    let waiting: StreamRecord[] = [];
    let waitingSince = 0;
    while (iterator !== undefined) {
      const page: { Records: StreamRecord[]; NextShardIterator?: string } = await callStream('GetRecords', {
        ShardIterator: iterator,
        Limit: 1000,
      });
      iterator = page.NextShardIterator;
      const read = page.Records.map((record) => ({
        ...record,
        awsRegion: localAccount.region,
        eventSourceARN: streamArn,
      }));
      const matching = read.filter(matches);
      if (waiting.length === 0) waitingSince = performance.now();
      waiting.push(...matching);
      const windowOver = performance.now() - waitingSince >= definition.batchWindowSeconds * 1000;
      while (waiting.length >= batchSize || (waiting.length > 0 && windowOver)) {
        await deliver(shardId, waiting.slice(0, batchSize), 0);
        waiting = waiting.slice(batchSize);
      }
      const last = read.at(-1);
      // What lies behind the last match is passed over for good, unless something still waits before it.
      if (last !== undefined && waiting.length === 0) note(shardId, last.dynamodb.SequenceNumber);
      if (last === undefined && iterator !== undefined) await pause(pollMilliseconds);
    }
    if (waiting.length > 0) await deliver(shardId, waiting, 0);
    note(shardId, shardDone);
  }

  async function findIterator(shardId: string): Promise<string | undefined> {
    const position = progress.get(shardId);
    const place = { StreamArn: streamArn, ShardId: shardId };
    if (position !== undefined) {
      try {
        const after = { ...place, ShardIteratorType: 'AFTER_SEQUENCE_NUMBER', SequenceNumber: position };
        return (await callStream<{ ShardIterator: string }>('GetShardIterator', after)).ShardIterator;
      } catch (error) {
        // The record was trimmed away meanwhile: what is left begins behind it.
        if (!(error instanceof DynamoDBRefusal && error.code === 'TrimmedDataAccessException')) throw error;
      }
    }
    const start = { ...place, ShardIteratorType: 'TRIM_HORIZON' };
    return (await callStream<{ ShardIterator: string }>('GetShardIterator', start)).ShardIterator;
  }

  async function deliver(shardId: string, batch: readonly StreamRecord[], retries: number): Promise<void> {
    const outcome = await functions.invoke(functionArn, JSON.stringify({ Records: batch }));
    // What was done is noted, also at the end; a failure then may be the end itself.
    if (outcome.kind === 'failure') stopping.signal.throwIfAborted();
    const doneUpTo = firstFailure(outcome, batch, reportsItemFailures) ?? batch.length;
    const done = batch[doneUpTo - 1];
    if (done !== undefined) note(shardId, done.dynamodb.SequenceNumber);
    const failed = batch.slice(doneUpTo);
    const [oldest] = failed;
    if (oldest === undefined) return;

    const ageSeconds = Date.now() / 1000 - (oldest.dynamodb.ApproximateCreationDateTime ?? 0);
    const tooOld = recordAgeMaxSeconds >= 0 && ageSeconds > recordAgeMaxSeconds;
    if (tooOld) return giveUp(shardId, failed, outcome, retries, 'RecordAgeExceeded');
    if (bisects && failed.length > 1) {
      // Halving is no retry: it finds the record that spoils the others.
      const middle = Math.ceil(failed.length / 2);
      await deliver(shardId, failed.slice(0, middle), retries);
      return deliver(shardId, failed.slice(middle), retries);
    }
    // A function that could not be called at all is none that failed.
    const called = outcome.kind === 'answer' || outcome.error.errorType !== 'ServiceException';
    if (called && retriesMax >= 0 && retries >= retriesMax) {
      return giveUp(shardId, failed, outcome, retries, 'RetryAttemptsExhausted');
    }
    await pause(Math.min(pollMilliseconds * 2 ** retries, retryMillisecondsMax));
    return deliver(shardId, failed, called ? retries + 1 : retries);
  }

  /** Tells the failure destination where in the stream the records are, as Lambda does, and goes on behind them. */
  function giveUp(
    shardId: string,
    failed: readonly StreamRecord[],
    outcome: Outcome,
    retries: number,
    condition: string,
  ): void {
    const [first, last] = [failed[0], failed.at(-1)];
    if (first === undefined || last === undefined) return;
    if (definition.failureArn !== undefined) {
      send(
        definition.failureArn,
        JSON.stringify({
          requestContext: {
            requestId: outcome.requestId,
            functionArn,
            condition,
            approximateInvokeCount: retries + 1,
          },
          responseContext: {
            statusCode: 200,
            executedVersion: '$LATEST',
            ...(outcome.kind === 'failure' ? { functionError: 'Unhandled' } : {}),
          },
          version: '1.0',
          timestamp: new Date().toISOString(),
          DDBStreamBatchInfo: {
            shardId,
            startSequenceNumber: first.dynamodb.SequenceNumber,
            endSequenceNumber: last.dynamodb.SequenceNumber,
            approximateArrivalOfFirstRecord: arrival(first),
            approximateArrivalOfLastRecord: arrival(last),
            batchSize: failed.length,
            streamArn,
          },
        }),
      );
    }
    note(shardId, last.dynamodb.SequenceNumber);
  }

  /** Work goes on after an error, from what is written down, until the consumer is stopped. */
  async function untilStopped(work: () => Promise<void>): Promise<void> {
    while (!stopping.signal.aborted) {
      try {
        return await work();
      } catch (error) {
        if (stopping.signal.aborted) return;
        const expired = error instanceof DynamoDBRefusal && error.code === 'ExpiredIteratorException';
        if (!expired) console.error(`The consumer ${definition.name} goes on after an error:`, error);
        await pause(1_000).catch(() => {});
      }
    }
  }

  const discovery = untilStopped(discover);
  return {
    async stop() {
      stopping.abort();
      await Promise.all([discovery, ...readers.values()]);
    },
  };
}

/** The index of the first record of a batch that failed; nothing when all are done. */
function firstFailure(
  outcome: Outcome,
  batch: readonly StreamRecord[],
  reportsItemFailures: boolean,
): number | undefined {
  if (outcome.kind === 'failure') return 0;
  if (!reportsItemFailures) return undefined;
  const answer = JSON.parse(outcome.payload) as { batchItemFailures?: { itemIdentifier?: string }[] | null } | null;
  const failures = answer?.batchItemFailures ?? [];
  if (failures.length === 0) return undefined;
  const indexes = failures.map(({ itemIdentifier }) =>
    batch.findIndex(({ dynamodb }) => dynamodb.SequenceNumber === itemIdentifier),
  );
  // A failure that names no record of the batch means the whole batch.
  return indexes.includes(-1) ? 0 : Math.min(...indexes);
}

function arrival(record: StreamRecord): string {
  return new Date((record.dynamodb.ApproximateCreationDateTime ?? 0) * 1000).toISOString();
}
