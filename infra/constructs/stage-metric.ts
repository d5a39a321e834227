import type { Duration } from 'aws-cdk-lib';
import { Metric } from 'aws-cdk-lib/aws-cloudwatch';
import { type MeasuredName, metricNamespace } from '../../shared/http/measurement.ts';

/** Counted from the gateway's access log. */
export const gatewayThrottles = 'GatewayThrottles';

/** The dimension that a rollup's runs are counted by. */
export const rollupJob = { job: 'consumption-rollup' };

/** A metric that Tenantry itself writes, of one stage and, where it has a dimension, of one part of it. */
export function stageMetric(
  stage: string,
  metricName: MeasuredName | typeof gatewayThrottles,
  statistic: string,
  period: Duration,
  dimensions: Readonly<Record<string, string>> = {},
): Metric {
  return new Metric({
    ...{ namespace: metricNamespace(stage), metricName, statistic, period },
    dimensionsMap: { ...dimensions },
  });
}
