import { Aws, Duration } from 'aws-cdk-lib';
import {
  type Alarm,
  AlarmStatusWidget,
  Dashboard as CloudWatchDashboard,
  GraphWidget,
  type IMetric,
  Metric,
  PeriodOverride,
} from 'aws-cdk-lib/aws-cloudwatch';
import { Construct } from 'constructs';
import { endpointsByDialect } from '../endpoint-registry.ts';
import type { Watched } from './alarms.ts';
import { gatewayThrottles, rollupJob, stageMetric } from './stage-metric.ts';

const period = Duration.minutes(5);

/** The one page of a stage: the alarms, what callers ask and get, what the table does, what works in the background. */
export class Dashboard extends Construct {
  constructor(scope: Construct, id: string, watched: Watched, alarms: readonly Alarm[]) {
    super(scope, id);
    const { stage, registry, httpApi, table, deadLetters } = watched;
    const dialects = [...endpointsByDialect(registry).keys()];
    const ofApi = (metricName: string, statistic: string, label = metricName) =>
      metric('AWS/ApiGateway', metricName, statistic, { ApiId: httpApi.apiId }, label);
    const ofTable = (metricName: string, statistic = 'Sum') =>
      metric('AWS/DynamoDB', metricName, statistic, { TableName: table.tableName });
    const ofFunction = (name: string, metricName: string, statistic: string) =>
      metric('AWS/Lambda', metricName, statistic, { FunctionName: `tenantry-${stage}-${name}` }, name);
    const ofMail = (metricName: string) =>
      metric('AWS/SES', metricName, 'Average', { 'ses:configuration-set': `tenantry-${stage}` });

    const dashboard = new CloudWatchDashboard(this, 'Dashboard', {
      // An account has the names of dashboards once for all regions.
      dashboardName: `tenantry-${stage}-${Aws.REGION}`,
      periodOverride: PeriodOverride.INHERIT,
    });
    dashboard.addWidgets(new AlarmStatusWidget({ title: 'Alarms', alarms: [...alarms], width: 24, height: 4 }));
    dashboard.addWidgets(
      graph('Requests', [ofApi('Count', 'Sum'), ofApi('4xx', 'Sum'), ofApi('5xx', 'Sum')]),
      graph('Latency at the gateway (ms)', [ofApi('Latency', 'p50', 'p50'), ofApi('Latency', 'p99', 'p99')]),
      graph(
        'p99 by dialect (ms)',
        dialects.map((dialect) => stageMetric(stage, 'Duration', 'p99', period, { dialect }).with({ label: dialect })),
      ),
    );
    dashboard.addWidgets(
      graph(
        'Server errors by dialect',
        dialects.map((dialect) =>
          stageMetric(stage, 'ServerErrors', 'Sum', period, { dialect }).with({ label: dialect }),
        ),
      ),
      graph('Capacity units of the table', [
        ofTable('ConsumedReadCapacityUnits'),
        ofTable('ConsumedWriteCapacityUnits'),
      ]),
      graph('Throttles', [
        stageMetric(stage, gatewayThrottles, 'Sum', period),
        ofTable('ReadThrottleEvents'),
        ofTable('WriteThrottleEvents'),
        metric('AWS/Lambda', 'Throttles', 'Sum', {}, 'functions of the account'),
      ]),
    );
    dashboard.addWidgets(
      graph(
        'Age of the stream (ms)',
        registry.consumers.map(({ name }) => ofFunction(name, 'IteratorAge', 'Maximum')),
      ),
      graph('Dead letters', [...deadLetters.values()]),
      graph(
        'Jobs (ms)',
        registry.jobs.map(({ name }) => ofFunction(name, 'Duration', 'Maximum')),
      ),
    );
    dashboard.addWidgets(
      graph('Mail', [ofMail('Reputation.BounceRate'), ofMail('Reputation.ComplaintRate')]),
      graph('Rollups that ended well', [stageMetric(stage, 'RollupRuns', 'Sum', period, rollupJob)]),
      graph('Instances at once', [
        metric('AWS/Lambda', 'ConcurrentExecutions', 'Maximum', {}, 'functions of the account'),
      ]),
    );
  }
}

function metric(
  namespace: string,
  metricName: string,
  statistic: string,
  dimensionsMap: Readonly<Record<string, string>>,
  label = metricName,
): Metric {
  return new Metric({ namespace, metricName, statistic, period, label, dimensionsMap: { ...dimensionsMap } });
}

function graph(title: string, left: readonly IMetric[]): GraphWidget {
  return new GraphWidget({ title, left: [...left], width: 8, height: 6, leftYAxis: { min: 0 } });
}
