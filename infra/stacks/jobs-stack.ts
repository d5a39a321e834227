import { Stack, type StackProps } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { Surroundings } from '../constructs/function-environment.ts';
import { ScheduledJob } from '../constructs/scheduled-job.ts';
import { StreamConsumer } from '../constructs/stream-consumer.ts';
import type { Registry } from '../endpoint-registry.ts';

/** What works in the background: jobs and consumers of the table's stream. */
export class JobsStack extends Stack {
  constructor(scope: Construct, id: string, registry: Registry, surroundings: Surroundings, props: StackProps) {
    super(scope, id, props);
    for (const job of registry.jobs) new ScheduledJob(this, job, surroundings);
    for (const consumer of registry.consumers) new StreamConsumer(this, consumer, surroundings);
  }
}
