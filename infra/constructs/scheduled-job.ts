import { Stack } from 'aws-cdk-lib';
import { PolicyDocument, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { CfnEventInvokeConfig } from 'aws-cdk-lib/aws-lambda';
import { CfnSchedule } from 'aws-cdk-lib/aws-scheduler';
import { LambdaSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import { Construct } from 'constructs';
import { schedulesOf } from '../../shared/http/define-job.ts';
import type { RegisteredJob } from '../endpoint-registry.ts';
import { BackgroundFunction } from './background-function.ts';
import { DeadLetterQueue } from './dead-letter-queue.ts';
import type { Surroundings } from './function-environment.ts';

/** How often a run that failed is tried again, before it goes to the dead letters. Jobs can be run any number of times. */
const retriesMax = 2;

/** A run that could not begin for this long is given up: the next one does its work. */
const eventAgeSecondsMax = 60 * 60;

/** A job: its function and, where it has one, its schedule. Runs that fail for good end up in its dead-letter queue. */
export class ScheduledJob extends Construct {
  readonly deadLetters: DeadLetterQueue;

  /** @param redriven the dead-letter queues of the consumers, by their functions' names */
  constructor(
    scope: Construct,
    { name, job }: RegisteredJob,
    surroundings: Surroundings,
    redriven: ReadonlyMap<string, DeadLetterQueue>,
  ) {
    super(scope, name);
    const deadLetters = new DeadLetterQueue(this);
    this.deadLetters = deadLetters;
    const emptied = job.redrives === undefined ? undefined : redriven.get(`stream-${job.redrives}`);
    if (job.redrives !== undefined && !emptied) throw new Error(`There is no consumer ${job.redrives} to redrive.`);
    const work = new BackgroundFunction(this, 'Work', {
      name,
      work: job,
      surroundings,
      statements: [deadLetters.sendStatement(), ...(emptied ? [emptied.purgeStatement()] : [])],
      environment: emptied ? { DEAD_LETTERS_URL: emptied.queueUrl } : {},
    });
    new CfnEventInvokeConfig(this, 'Retries', {
      functionName: work.function.functionName,
      qualifier: '$LATEST',
      maximumRetryAttempts: retriesMax,
      maximumEventAgeInSeconds: eventAgeSecondsMax,
      destinationConfig: { onFailure: { destination: deadLetters.queueArn } },
    });
    if (job.hearsMailEvents) surroundings.mail.events.addSubscription(new LambdaSubscription(work.function));
    const schedules = schedulesOf(job);
    if (schedules.length === 0) return;

    const scheduler = new Role(this, 'SchedulerRole', {
      // The scheduler serves every account: for schedules of this one alone may it take the role.
      assumedBy: new ServicePrincipal('scheduler.amazonaws.com', {
        conditions: { StringEquals: { 'aws:SourceAccount': Stack.of(this).account } },
      }),
      inlinePolicies: {
        Start: new PolicyDocument({
          statements: [
            new PolicyStatement({
              sid: 'StartJob',
              actions: ['lambda:InvokeFunction'],
              resources: [work.function.functionArn],
            }),
            deadLetters.sendStatement(),
          ],
        }),
      },
    });
    for (const { name: schedule, at, input } of schedules) {
      new CfnSchedule(this, `Schedule${schedule}`, {
        name: ['tenantry', surroundings.settings.stage, job.name, schedule].filter(Boolean).join('-'),
        description: job.summary,
        scheduleExpression: at,
        scheduleExpressionTimezone: 'UTC',
        flexibleTimeWindow: { mode: 'OFF' },
        target: {
          arn: work.function.functionArn,
          roleArn: scheduler.roleArn,
          input: JSON.stringify(input),
          retryPolicy: { maximumRetryAttempts: retriesMax, maximumEventAgeInSeconds: eventAgeSecondsMax },
          deadLetterConfig: { arn: deadLetters.queueArn },
        },
      });
    }
  }
}
