import { Stack, type StackProps } from 'aws-cdk-lib';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import type { Construct } from 'constructs';
import { Alarms, type Watched } from '../constructs/alarms.ts';
import { Dashboard } from '../constructs/dashboard.ts';
import type { StageSettings } from '../stage-settings.ts';

/** What looks at the stage: alarms, whom they write to, and one dashboard. */
export class MonitoringStack extends Stack {
  constructor(scope: Construct, id: string, watched: Watched, { alarmEmail }: StageSettings, props: StackProps) {
    super(scope, id, props);
    const topic = new Topic(this, 'Rings', { enforceSSL: true });
    // A topic with a policy of its own has lost the right of its account to publish, which alarms otherwise go by.
    topic.addToResourcePolicy(
      new PolicyStatement({
        sid: 'Alarms',
        principals: [new ServicePrincipal('cloudwatch.amazonaws.com')],
        actions: ['sns:Publish'],
        resources: [topic.topicArn],
        conditions: { StringEquals: { 'aws:SourceAccount': this.account } },
      }),
    );
    if (alarmEmail !== 'none') topic.addSubscription(new EmailSubscription(alarmEmail));
    const { all } = new Alarms(this, 'Alarms', watched, topic);
    new Dashboard(this, 'Dashboard', watched, all);
  }
}
