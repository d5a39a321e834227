/** Every metric that Tenantry writes itself, with its unit. What AWS measures by itself is not measured again. */
const units = {
  /** From the event to the answer, inside the function. */
  Duration: 'Milliseconds',
  ServerErrors: 'Count',
  RollupRuns: 'Count',
} as const;

export type MeasuredName = keyof typeof units;

/** Numbers to become metrics, and the one dimension that they are kept by. */
export interface Measurement {
  readonly by: Readonly<Record<string, string>>;
  readonly values: Readonly<Partial<Record<MeasuredName, number>>>;
}

/** The namespace of a stage's metrics. */
export function metricNamespace(stage: string): string {
  return `Tenantry/${stage}`;
}

/**
 * A line of the log from which CloudWatch also takes metrics: the embedded metric format, which costs no call.
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
 */
export function measuredLine(
  line: Readonly<Record<string, unknown>>,
  { by, values }: Measurement,
  { stage, level, now }: { stage: string; level: 'INFO' | 'ERROR'; now: number },
): Readonly<Record<string, unknown>> {
  const Metrics = Object.keys(values).map((Name) => ({ Name, Unit: units[Name as MeasuredName] }));
  return {
    timestamp: new Date(now).toISOString(),
    level,
    ...line,
    ...by,
    ...values,
    _aws: {
      Timestamp: now,
      CloudWatchMetrics: [{ Namespace: metricNamespace(stage), Dimensions: [Object.keys(by)], Metrics }],
    },
  };
}
