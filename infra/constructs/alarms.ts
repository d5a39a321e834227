import { Duration } from 'aws-cdk-lib';
import type { HttpApi } from 'aws-cdk-lib/aws-apigatewayv2';
import { Alarm, ComparisonOperator, Metric, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import type { TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import type { Registry } from '../endpoint-registry.ts';
import { gatewayThrottles, rollupJob, stageMetric } from './stage-metric.ts';

/** What there is to watch of a stage. */
export interface Watched {
  readonly stage: string;
  readonly registry: Registry;
  readonly httpApi: HttpApi;
  readonly table: TableV2;
  /** The dead-letter queues, by the function whose failures they keep. */
  readonly deadLetters: ReadonlyMap<string, Metric>;
}

/** When somebody is called, and why it matters. */
export interface AlarmRule {
  /** The row of the runbook in `docs/operating.md`. */
  readonly kind: string;
  /** What is meant, where there are several of a kind. */
  readonly of?: string;
  readonly metric: Metric;
  /** Rings when the metric is above this, or below where the rule says so. */
  readonly threshold: number;
  readonly below?: boolean;
  /** How many periods in a row it has to be so. */
  readonly periods: number;
  /** What users feel, in a sentence. */
  readonly felt: string;
}

const fiveMinutes = Duration.minutes(5);

/**
 * Every rule of a stage. Each looks at one metric: an alarm on several would cost as much as one for each, and would not
 * say which it was.
 */
export function alarmRules({ stage, registry, httpApi, table, deadLetters }: Watched): readonly AlarmRule[] {
  const ofApi = (metricName: string, statistic: string) =>
    new Metric({
      ...{ namespace: 'AWS/ApiGateway', metricName, statistic, period: fiveMinutes },
      dimensionsMap: { ApiId: httpApi.apiId },
    });
  const ofTable = (metricName: string) =>
    new Metric({
      ...{ namespace: 'AWS/DynamoDB', metricName, statistic: 'Sum', period: fiveMinutes },
      dimensionsMap: { TableName: table.tableName },
    });
  const ofMail = (metricName: string) =>
    new Metric({
      ...{ namespace: 'AWS/SES', metricName, statistic: 'Average', period: Duration.hours(1) },
      dimensionsMap: { 'ses:configuration-set': `tenantry-${stage}` },
    });
  return [
    {
      kind: 'server-errors',
      metric: ofApi('5xx', 'Sum'),
      threshold: 5,
      periods: 2,
      felt: 'Requests fail with a 5xx answer through no fault of the caller.',
    },
    {
      kind: 'latency',
      metric: ofApi('Latency', 'p99'),
      threshold: 1_500,
      periods: 3,
      felt: 'One request in a hundred takes longer than a second and a half.',
    },
    {
      kind: 'gateway-throttles',
      metric: stageMetric(stage, gatewayThrottles, 'Sum', fiveMinutes),
      threshold: 20,
      periods: 2,
      felt: 'Callers are answered 429 because all of them together ask for more than the stage lets through.',
    },
    {
      kind: 'table-read-throttles',
      metric: ofTable('ReadThrottleEvents'),
      threshold: 10,
      periods: 2,
      felt: 'Reads of some organization are slow or answered 503, because DynamoDB holds them back.',
    },
    {
      kind: 'table-write-throttles',
      metric: ofTable('WriteThrottleEvents'),
      threshold: 10,
      periods: 2,
      felt: 'Changes in some organization are slow or answered 503, because DynamoDB holds them back.',
    },
    ...registry.consumers.map(
      ({ name, consumer }): AlarmRule => ({
        kind: 'stream-age',
        of: consumer.name,
        metric: new Metric({
          ...{ namespace: 'AWS/Lambda', metricName: 'IteratorAge', statistic: 'Maximum', period: fiveMinutes },
          dimensionsMap: { FunctionName: `tenantry-${stage}-${name}` },
        }),
        threshold: 60_000,
        periods: 3,
        felt: `Users wait more than a minute for what follows from a change (${consumer.name}: ${consumer.summary}).`,
      }),
    ),
    ...[...deadLetters].map(
      ([name, metric]): AlarmRule => ({
        kind: 'dead-letters',
        of: name,
        metric,
        threshold: 0,
        periods: 1,
        felt: `Something that users wait for was given up and will not happen by itself (${name}).`,
      }),
    ),
    {
      kind: 'rollup-late',
      metric: stageMetric(stage, 'RollupRuns', 'Sum', fiveMinutes, rollupJob),
      threshold: 1,
      below: true,
      periods: 3,
      felt: 'Consumption figures stand still: nobody sees what they have used in the last quarter of an hour.',
    },
    {
      kind: 'bounce-rate',
      metric: ofMail('Reputation.BounceRate'),
      threshold: 0.04,
      periods: 1,
      felt: 'Invitations do not arrive, and SES is about to stop all mail of the account.',
    },
    {
      kind: 'complaint-rate',
      metric: ofMail('Reputation.ComplaintRate'),
      threshold: 0.0008,
      periods: 1,
      felt: 'Recipients call our mail spam, and SES is about to stop all mail of the account.',
    },
  ];
}

/** The alarms of a stage. Each writes to the topic when it begins and when it is over. */
export class Alarms extends Construct {
  readonly all: readonly Alarm[];

  constructor(scope: Construct, id: string, watched: Watched, topic: ITopic) {
    super(scope, id);
    this.all = alarmRules(watched).map(({ kind, of, metric, threshold, below = false, periods, felt }) => {
      const name = of === undefined ? kind : `${kind}-${of}`;
      const alarm = new Alarm(this, name, {
        alarmName: `tenantry-${watched.stage}-${name}`,
        alarmDescription: `${felt} What to do: docs/operating.md, ${kind}.`,
        metric,
        threshold,
        comparisonOperator: below ? ComparisonOperator.LESS_THAN_THRESHOLD : ComparisonOperator.GREATER_THAN_THRESHOLD,
        evaluationPeriods: periods,
        // Where nothing happens there is nothing wrong, but for what has to happen.
        treatMissingData: below ? TreatMissingData.BREACHING : TreatMissingData.NOT_BREACHING,
      });
      alarm.addAlarmAction(new SnsAction(topic));
      alarm.addOkAction(new SnsAction(topic));
      return alarm;
    });
  }
}
