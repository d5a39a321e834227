import { Stack, Validations } from 'aws-cdk-lib';
import type { TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { CfnEventSourceMapping } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import type { RegisteredConsumer } from '../endpoint-registry.ts';
import { BackgroundFunction } from './background-function.ts';
import { DeadLetterQueue } from './dead-letter-queue.ts';
import type { Surroundings } from './function-environment.ts';

/**
 * A consumer of the table's stream: its function, called for the records that match its patterns, from the oldest
 * record that the stream still has. A batch that fails is halved until the bad record is alone; after its retries that
 * record's place in the stream goes to the dead-letter queue, and the records behind it go on.
 */
export class StreamConsumer extends Construct {
  readonly deadLetters: DeadLetterQueue;

  constructor(scope: Construct, { name, consumer }: RegisteredConsumer, surroundings: Surroundings) {
    super(scope, name);
    const { tableArn, tableStreamArn } = surroundings.table;
    if (tableStreamArn === undefined) throw new Error('The table has no stream.');

    const deadLetters = new DeadLetterQueue(this);
    this.deadLetters = deadLetters;
    const work = new BackgroundFunction(this, 'Work', {
      name,
      work: consumer,
      surroundings,
      statements: [
        new PolicyStatement({
          sid: 'ReadStream',
          actions: ['dynamodb:DescribeStream', 'dynamodb:GetRecords', 'dynamodb:GetShardIterator'],
          resources: [tableStreamArn],
        }),
        // Lambda lists the streams of a table before it reads one, and IAM knows no narrower resource for that.
        new PolicyStatement({
          sid: 'ListStreams',
          actions: ['dynamodb:ListStreams'],
          resources: [`${tableArn}/stream/*`],
        }),
        deadLetters.sendStatement(),
      ],
    });
    Validations.of(work).acknowledge({
      id: `AwsSolutions-IAM5[Resource::${exportedArnOf(surroundings.table)}/stream/*]`,
      reason: 'Lambda lists the streams of the table before it reads one, and IAM knows no narrower resource for that.',
    });
    new CfnEventSourceMapping(this, 'Source', {
      functionName: work.function.functionName,
      eventSourceArn: tableStreamArn,
      startingPosition: 'TRIM_HORIZON',
      filterCriteria: { filters: consumer.patterns.map((pattern) => ({ pattern: JSON.stringify(pattern) })) },
      batchSize: consumer.batchSize,
      // Records are handed over at once, however few.
      maximumBatchingWindowInSeconds: 0,
      parallelizationFactor: consumer.parallelBatches ?? 1,
      maximumRetryAttempts: consumer.maxRetries,
      bisectBatchOnFunctionError: true,
      functionResponseTypes: ['ReportBatchItemFailures'],
      destinationConfig: { onFailure: { destination: deadLetters.queueArn } },
    });
  }
}

/** The name under which other stacks of the stage know the table's ARN: the rules see no more of it. */
function exportedArnOf(table: TableV2): string {
  const stack = Stack.of(table);
  return stack.resolve(stack.exportValue(table.tableArn))['Fn::ImportValue'];
}
