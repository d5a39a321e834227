import { Duration } from 'aws-cdk-lib';
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
  }

  /** How many wait in this queue. */
  waiting(): Metric {
    return this.metricApproximateNumberOfMessagesVisible({ statistic: 'Maximum', period: Duration.minutes(5) });
  }

  /** Putting something into this queue. */
  sendStatement(): PolicyStatement {
    return new PolicyStatement({ sid: 'DeadLetters', actions: ['sqs:SendMessage'], resources: [this.queueArn] });
  }
}
