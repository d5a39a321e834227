import type { DynamoDBBatchResponse, DynamoDBRecord, DynamoDBStreamEvent } from 'aws-lambda';
import { callDynamoDB } from '../../infra/local/dynamodb-wire.ts';
import { compileFilter } from '../../infra/local/event-filter.ts';
import type { Consumer } from '../../shared/http/define-job.ts';
import type { TableUnderTest } from './table-under-test.ts';

/** A function that consumes the stream. */
export interface ConsumerModule {
  readonly consumer: Consumer;
  readonly handler: (event: DynamoDBStreamEvent) => Promise<DynamoDBBatchResponse>;
}

/** The stream of the table under test, read by a test in place of Lambda. */
export interface TableStream {
  /** What has been written since the last time, as far as the consumer wants it. */
  next(of: ConsumerModule): Promise<DynamoDBRecord[]>;
  /** Hands it to the consumer, until nothing follows from what it does. Answers how many records failed. */
  deliver(to: ConsumerModule): Promise<number>;
}

/** Opens the stream; what was written before is passed over. */
export async function openTableStream({ engine, tableName }: TableUnderTest): Promise<TableStream> {
  const stream = <Answer>(action: string, request: object) =>
    callDynamoDB<Answer>(engine.url, 'stream', action, request);
  const { Table } = await callDynamoDB<{ Table: { LatestStreamArn: string } }>(engine.url, 'table', 'DescribeTable', {
    TableName: tableName,
  });
  const { StreamDescription } = await stream<{ StreamDescription: { Shards: { ShardId: string }[] } }>(
    'DescribeStream',
    { StreamArn: Table.LatestStreamArn },
  );
  /** Where to go on in each shard. */
  const iterators = new Map<string, string>();
  for (const { ShardId } of StreamDescription.Shards) {
    const { ShardIterator } = await stream<{ ShardIterator: string }>('GetShardIterator', {
      StreamArn: Table.LatestStreamArn,
      ShardId,
      ShardIteratorType: 'TRIM_HORIZON',
    });
    iterators.set(ShardId, ShardIterator);
  }

  /** What has come since the last time. */
  async function readOn(): Promise<DynamoDBRecord[]> {
    const records: DynamoDBRecord[] = [];
    for (const [shard, begin] of iterators) {
      for (let iterator: string | undefined = begin; iterator !== undefined; ) {
        const page: { Records: DynamoDBRecord[]; NextShardIterator?: string } = await stream('GetRecords', {
          ShardIterator: iterator,
        });
        records.push(...page.Records);
        if (page.NextShardIterator === undefined) iterators.delete(shard);
        else iterators.set(shard, page.NextShardIterator);
        iterator = page.Records.length > 0 ? page.NextShardIterator : undefined;
      }
    }
    return records;
  }
  await readOn();

  async function next({ consumer }: ConsumerModule): Promise<DynamoDBRecord[]> {
    const filters = consumer.patterns.map(compileFilter);
    return (await readOn()).filter((record) => filters.some((matches) => matches(record)));
  }
  return {
    next,
    async deliver(module) {
      let failed = 0;
      for (let records = await next(module); records.length > 0; records = await next(module)) {
        const { batchItemFailures } = await module.handler({ Records: records });
        failed += batchItemFailures.length;
      }
      return failed;
    },
  };
}
