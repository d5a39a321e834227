import { Duration, Validations } from 'aws-cdk-lib';
import type { Metric } from 'aws-cdk-lib/aws-cloudwatch';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';

/** Where work goes that failed for good, and waits two weeks (the longest that SQS keeps anything) for an operator. */
export class DeadLetterQueue extends Queue {
  constructor(scope: Construct) {
    super(scope, 'DeadLetters', {
      encryption: QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
      retentionPeriod: Duration.days(14),
    });
    Validations.of(this).acknowledge({
      id: 'AwsSolutions-SQS3',
      reason: 'It is a dead-letter queue itself: of event source mappings, asynchronous calls and schedules.',
    });
  }

  /** How many wait in this queue. */
  waiting(): Metric {
    return this.metricApproximateNumberOfMessagesVisible({ statistic: 'Maximum', period: Duration.minutes(5) });
  }

  /** Emptying this queue. */
  purgeStatement(): PolicyStatement {
    return new PolicyStatement({ sid: 'Redriven', actions: ['sqs:PurgeQueue'], resources: [this.queueArn] });
  }

  /** Putting something into this queue. */
  sendStatement(): PolicyStatement {
    return new PolicyStatement({ sid: 'DeadLetters', actions: ['sqs:SendMessage'], resources: [this.queueArn] });
  }
}
