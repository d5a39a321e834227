import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { rollupJob } from '../../infra/constructs/stage-metric.ts';
import { metricNamespace } from '../../shared/http/measurement.ts';
import { synthesizeTemplates } from '../support/synthesized-templates.ts';

const dev = await synthesizeTemplates('dev');
const prod = await synthesizeTemplates('prod');
const alarms = dev.ofType('AWS::CloudWatch::Alarm').map(({ Properties }) => Properties);

const runbook = readFileSync(join(import.meta.dirname, '../../docs/operating.md'), 'utf8');
const runbookKinds = [...runbook.matchAll(/^\| `([a-z-]+)` \| .{40,} \|$/gm)].map(([, kind = '']) => kind);

/** The row of the runbook that an alarm is about. */
function kindOf(alarmName: string): string | undefined {
  const name = alarmName.replace('tenantry-dev-', '');
  return runbookKinds.find((kind) => name === kind || name.startsWith(`${kind}-`));
}

test('every alarm has its line in the runbook, and every line its alarm', () => {
  expect(alarms.length).toBeGreaterThan(0);
  for (const { AlarmName } of alarms) expect(kindOf(AlarmName), AlarmName).toBeDefined();
  const ringing = new Set(alarms.map(({ AlarmName }) => kindOf(AlarmName)));
  expect(runbookKinds.filter((kind) => !ringing.has(kind))).toEqual([]);
});

test('every alarm says in a sentence what users feel, and where the runbook is', () => {
  for (const { AlarmName, AlarmDescription } of alarms)
    expect(AlarmDescription).toMatch(
      new RegExp(`^[A-Z].{30,}[^ ]\\. What to do: docs/operating.md, ${kindOf(AlarmName)}\\.$`),
    );
});

test('every consumer is watched for its age, everything in the background for its dead letters', () => {
  const { consumers, jobs } = dev.registry;
  const names = alarms.map(({ AlarmName }) => AlarmName);
  for (const { consumer } of consumers) expect(names).toContain(`tenantry-dev-stream-age-${consumer.name}`);
  for (const { name } of [...consumers, ...jobs]) expect(names).toContain(`tenantry-dev-dead-letters-${name}`);
  const watched = alarms.filter(({ AlarmName }) => AlarmName.startsWith('tenantry-dev-dead-letters-'));
  const queues = watched.map(({ Dimensions }) => JSON.stringify(Dimensions));
  expect(new Set(queues).size).toBe(dev.ofType('AWS::SQS::Queue').length);
});

test('a rollup that does not run rings; other silence is no alarm', () => {
  const [late] = alarms.filter(({ AlarmName }) => AlarmName === 'tenantry-dev-rollup-late');
  expect(late).toMatchObject({ TreatMissingData: 'breaching', ComparisonOperator: 'LessThanThreshold' });
  expect(late.Namespace).toBe(metricNamespace('dev'));
  expect(dev.registry.jobs.map(({ job }) => job.name)).toContain(rollupJob.job);
  for (const { AlarmName, TreatMissingData } of alarms)
    if (AlarmName !== late.AlarmName) expect(TreatMissingData, AlarmName).toBe('notBreaching');
});

test('the mail alarms watch the configuration set that mails are sent with', () => {
  const [set] = dev.ofType('AWS::SES::ConfigurationSet');
  expect(set?.Properties.ReputationOptions.ReputationMetricsEnabled).toBe(true);
  for (const { Dimensions } of alarms.filter(({ Namespace }) => Namespace === 'AWS/SES'))
    expect(Dimensions).toEqual([{ Name: 'ses:configuration-set', Value: set?.Properties.Name }]);
});

test('whoever is on call in production gets the alarms', () => {
  const subscription = prod.ofType('AWS::SNS::Subscription').find(({ Properties }) => Properties.Protocol === 'email');
  expect(subscription?.Properties).toMatchObject({ Protocol: 'email', Endpoint: 'on-call@example.com' });
  const topic = subscription?.Properties.TopicArn;
  for (const { Properties } of prod.ofType('AWS::CloudWatch::Alarm'))
    expect(Properties).toMatchObject({ AlarmActions: [topic], OKActions: [topic] });
  const policy = prod.ofType('AWS::SNS::TopicPolicy').find(({ stack }) => stack === 'tenantry-prod-monitoring');
  expect(policy?.Properties.PolicyDocument.Statement).toContainEqual(
    expect.objectContaining({ Effect: 'Allow', Principal: { Service: 'cloudwatch.amazonaws.com' } }),
  );
});

test('there is one dashboard, and it shows every alarm', () => {
  const [dashboard, ...others] = dev.ofType('AWS::CloudWatch::Dashboard');
  expect(others).toEqual([]);
  const body = JSON.stringify(dashboard?.Properties.DashboardBody);
  for (const { logicalId } of dev.ofType('AWS::CloudWatch::Alarm')) expect(body).toContain(logicalId);
});
