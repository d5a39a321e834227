import { Stack, type StackProps } from 'aws-cdk-lib';
import type { Metric } from 'aws-cdk-lib/aws-cloudwatch';
import type { Construct } from 'constructs';
import type { Surroundings } from '../constructs/function-environment.ts';
import { ScheduledJob } from '../constructs/scheduled-job.ts';
import { StreamConsumer } from '../constructs/stream-consumer.ts';
import type { Registry } from '../endpoint-registry.ts';

/** What works in the background: jobs and consumers of the table's stream. */
export class JobsStack extends Stack {
  /** How many failures wait, by the name of the function whose they are. */
  readonly deadLetters: ReadonlyMap<string, Metric>;

  constructor(scope: Construct, id: string, registry: Registry, surroundings: Surroundings, props: StackProps) {
    super(scope, id, props);
    const consumers = registry.consumers.map((consumer) => new StreamConsumer(this, consumer, surroundings));
    const redriven = new Map(consumers.map(({ node, deadLetters }) => [node.id, deadLetters]));
    const jobs = registry.jobs.map((job) => new ScheduledJob(this, job, surroundings, redriven));
    this.deadLetters = new Map(
      [...jobs, ...consumers].map(({ node, deadLetters }) => [node.id, deadLetters.waiting()] as const),
    );
  }
}
