import { expect, test } from 'vitest';
import { consoleFilesFunction } from '../../infra/console/console-functions.ts';
import { endpointsByDialect, functionsOf, routeKeysOf } from '../../infra/endpoint-registry.ts';
import { tableIndexes, tableKeys } from '../../shared/data/table.ts';
import { tableAccessOf } from '../../shared/http/define-endpoint.ts';
import { schedulesOf } from '../../shared/http/define-job.ts';
import { type FoundResource, synthesizeTemplates } from '../support/synthesized-templates.ts';

/** CloudFormation refuses more than 500 resources in one stack; this leaves room to split one before it is full. */
const resourcesMax = 450;

const dev = await synthesizeTemplates('dev');
const prod = await synthesizeTemplates('prod');

interface Statement {
  readonly Sid: string;
  readonly Effect: string;
  readonly Action: string | readonly string[];
  readonly Resource: unknown;
}

function statementsOf(role: FoundResource): readonly Statement[] {
  return role.Properties.Policies.flatMap(
    ({ PolicyDocument }: { PolicyDocument: { Statement: Statement[] } }) => PolicyDocument.Statement,
  );
}

function list<Value>(value: Value | readonly Value[]): readonly Value[] {
  return Array.isArray(value) ? value : [value as Value];
}

test('every endpoint has its routes, each with a function of its own behind it', () => {
  const routes = dev.ofType('AWS::ApiGatewayV2::Route').map((route) => {
    const [integrationId] = route.Properties.Target['Fn::Join'][1].filter((part: unknown) => typeof part === 'object');
    const integration = dev.target(route.stack, integrationId);
    expect(integration.Properties.PayloadFormatVersion).toBe('2.0');
    const { FunctionName } = dev.target(route.stack, integration.Properties.IntegrationUri).Properties;
    return `${route.Properties.RouteKey} -> ${FunctionName}`;
  });
  const expected = dev.registry.endpoints.flatMap(({ name, endpoint }) =>
    routeKeysOf(endpoint).map((key) => `${key} -> tenantry-dev-${name}`),
  );
  expect(expected.length).toBeGreaterThan(0);
  expect(routes.sort()).toEqual(expected.sort());
});

test('nothing is deployed that is not in the registry, but what puts the files of the console', () => {
  const deployed = dev.ofType('AWS::Lambda::Function').map(({ Properties }) => Properties.FunctionName);
  const names = [...functionsOf(dev.registry).map(({ name }) => name), consoleFilesFunction];
  expect(deployed.sort()).toEqual(names.map((name) => `tenantry-dev-${name}`).sort());
});

for (const { name, endpoint } of dev.registry.endpoints) {
  test(`${name} may do with the table what it declares, and nothing else but write its log`, () => {
    const deployed = dev.functionNamed(name);
    const role = dev.target(deployed.stack, deployed.Properties.Role);
    const { actions, indexes = [] } = tableAccessOf(endpoint);
    const granted = statementsOf(role).map(({ Sid, Effect, Action }) => [Sid, Effect, [...list(Action)].sort()]);
    expect(granted).toEqual([
      ['OwnLog', 'Allow', ['logs:CreateLogStream', 'logs:PutLogEvents']],
      ...(actions.length > 0 ? [['Table', 'Allow', actions.map((action) => `dynamodb:${action}`).sort()]] : []),
      ...(indexes.length > 0 ? [['TableIndexes', 'Allow', ['dynamodb:Query']]] : []),
      ...(endpoint.avatars === 'put' ? [['Avatars', 'Allow', ['s3:PutObject']]] : []),
    ]);
    expect(role.Properties.ManagedPolicyArns).toBeUndefined();
  });
}

for (const { name, work } of [
  ...dev.registry.jobs.map(({ name, job }) => ({ name, work: job })),
  ...dev.registry.consumers.map(({ name, consumer }) => ({ name, work: consumer })),
]) {
  test(`${name} may do what it declares, and what being called takes`, () => {
    const deployed = dev.functionNamed(name);
    const statements = statementsOf(dev.target(deployed.stack, deployed.Properties.Role));
    const actionsOf = (sid: string) =>
      statements.filter(({ Sid }) => Sid === sid).flatMap(({ Action }) => [...list(Action)].sort());
    const { actions, indexes = [] } = work.table;
    expect(actionsOf('Table')).toEqual(actions.map((action) => `dynamodb:${action}`).sort());
    expect(actionsOf('TableIndexes')).toEqual(indexes.length > 0 ? ['dynamodb:Query'] : []);
    for (const sid of ['Mail', 'MailConfigurationSet'])
      expect(actionsOf(sid)).toEqual(work.mail ? ['ses:SendEmail'] : []);
    expect(actionsOf('DeadLetters')).toEqual(['sqs:SendMessage']);
    const readsStream = statements.some(({ Sid }) => Sid === 'ReadStream');
    expect(readsStream).toBe('patterns' in work);
    expect(actionsOf('Redriven')).toEqual('redrives' in work ? ['sqs:PurgeQueue'] : []);
    expect(actionsOf('Avatars')).toEqual('avatars' in work ? ['s3:DeleteObject'] : []);
    const called = ['Mail', 'MailConfigurationSet', 'ReadStream', 'ListStreams', 'DeadLetters', 'Redriven'];
    const known = ['OwnLog', 'Table', 'TableIndexes', 'Avatars', ...called];
    expect(statements.filter(({ Sid }) => !known.includes(Sid))).toEqual([]);
  });
}

test('no role allows anything on everything', () => {
  for (const role of dev.ofType('AWS::IAM::Role')) {
    expect(role.Properties.ManagedPolicyArns).toBeUndefined();
    for (const { Sid, Action, Resource } of statementsOf(role)) {
      for (const action of list(Action)) expect(action, Sid).not.toContain('*');
      // Log streams are named by Lambda; and DynamoDB has no narrower resource for listing the streams of a table.
      // Nor has S3 for all objects of a kind. Mails are bounded by who sends them, see below.
      if (['ListStreams', 'Avatars', 'Files', 'Mail'].includes(Sid)) continue;
      for (const resource of list(Resource)) expect(JSON.stringify(resource), Sid).not.toContain('*');
    }
  }
  expect(dev.ofType('AWS::IAM::Policy')).toEqual([]);
});

test('every function has a role and a log of its own, kept as long as the stage says', () => {
  const functions = dev.ofType('AWS::Lambda::Function');
  const roles = functions.map(({ stack, Properties }) => `${stack} ${JSON.stringify(Properties.Role)}`);
  expect(new Set(roles).size).toBe(functions.length);
  for (const { stack, Properties } of functions) {
    const log = dev.target(stack, Properties.LoggingConfig.LogGroup);
    expect(log.Properties.RetentionInDays).toBe(7);
    expect(Properties).toMatchObject({
      Runtime: 'nodejs24.x',
      Architectures: ['arm64'],
      Handler: 'index.handler',
      // Metrics are taken from lines of this level.
      LoggingConfig: { LogFormat: 'JSON', ApplicationLogLevel: 'INFO' },
    });
  }
  expect(dev.ofType('AWS::Lambda::Url')).toEqual([]);
});

test('a function behind the gateway ends before the gateway gives up', () => {
  for (const { name } of dev.registry.endpoints) expect(dev.functionNamed(name).Properties.Timeout).toBeLessThan(30);
});

test('only functions that send mail know how', () => {
  const mayMail = dev
    .ofType('AWS::Lambda::Function')
    .filter(({ stack, Properties }) =>
      statementsOf(dev.target(stack, Properties.Role)).some(({ Action }) => list(Action).includes('ses:SendEmail')),
    );
  const declared = [...dev.registry.jobs.map(({ job }) => job), ...dev.registry.consumers.map((of) => of.consumer)]
    .filter(({ mail }) => mail)
    .map(({ name }) => name);
  expect(mayMail.map(({ Metadata }) => Metadata?.['tenantry:job']).sort()).toEqual(declared.sort());
  for (const { Properties } of dev.ofType('AWS::Lambda::Function')) {
    const knows = 'MAIL_SENDER' in (Properties.Environment?.Variables ?? {});
    expect(knows).toBe(mayMail.some((other) => other.Properties.FunctionName === Properties.FunctionName));
  }
});

test('mail is sent as the sender of the stage only, to whomever SES lets it go to', () => {
  const mailer = prod.functionNamed('stream-mailer');
  const mail = statementsOf(prod.target(mailer.stack, mailer.Properties.Role)).find(({ Sid }) => Sid === 'Mail');
  expect(prod.resolve(mailer.stack, mail)).toMatchObject({
    // In the sandbox, SES holds a mail against the identities of its readers as well, each of which is verified there.
    Resource: 'arn:aws:ses:us-east-1:000000000000:identity/*',
    Condition: { StringEquals: { 'ses:FromAddress': mailer.Properties.Environment.Variables.MAIL_SENDER } },
  });
});

test('work in the background is found by its name, and what fails for good is kept', () => {
  for (const { name, job } of dev.registry.jobs) {
    const work = dev.functionNamed(name);
    expect(work.Metadata?.['tenantry:job']).toBe(job.name);
    const retries = dev
      .ofType('AWS::Lambda::EventInvokeConfig')
      .find(({ stack, Properties }) => dev.target(stack, Properties.FunctionName).logicalId === work.logicalId);
    const queue = retries?.Properties.DestinationConfig.OnFailure.Destination;
    expect(dev.target(work.stack, queue).Type).toBe('AWS::SQS::Queue');
  }
  for (const { name, consumer } of dev.registry.consumers) {
    const work = dev.functionNamed(name);
    expect(work.Metadata?.['tenantry:job']).toBe(consumer.name);
    const source = dev
      .ofType('AWS::Lambda::EventSourceMapping')
      .find(({ stack, Properties }) => dev.target(stack, Properties.FunctionName).logicalId === work.logicalId);
    expect(source?.Properties).toMatchObject({
      StartingPosition: 'TRIM_HORIZON',
      BisectBatchOnFunctionError: true,
      MaximumRetryAttempts: consumer.maxRetries,
      FunctionResponseTypes: ['ReportBatchItemFailures'],
      FilterCriteria: { Filters: consumer.patterns.map((pattern) => ({ Pattern: JSON.stringify(pattern) })) },
    });
    const queue = source?.Properties.DestinationConfig.OnFailure.Destination;
    expect(dev.target(work.stack, queue).Type).toBe('AWS::SQS::Queue');
  }
});

test('every job with a schedule is scheduled, and a run that cannot start is kept too', () => {
  const schedules = dev.ofType('AWS::Scheduler::Schedule');
  const wanted = dev.registry.jobs.flatMap(({ job }) =>
    schedulesOf(job).map(({ at, input }) => `${at} ${JSON.stringify(input)}`),
  );
  expect(
    schedules.map(({ Properties }) => `${Properties.ScheduleExpression} ${Properties.Target.Input}`).sort(),
  ).toEqual(wanted.sort());
  expect(new Set(schedules.map(({ Properties }) => Properties.Name)).size).toBe(schedules.length);
  for (const { stack, Properties } of schedules) {
    expect(dev.target(stack, Properties.Target.DeadLetterConfig.Arn).Type).toBe('AWS::SQS::Queue');
    // No schedule of another account can have the scheduler take the role.
    const { AssumeRolePolicyDocument } = dev.target(stack, Properties.Target.RoleArn).Properties;
    expect(AssumeRolePolicyDocument.Statement).toEqual([
      expect.objectContaining({
        Principal: { Service: 'scheduler.amazonaws.com' },
        Condition: { StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } } },
      }),
    ]);
  }
});

test('the table has its keys, its local indexes, its stream and its time to live', () => {
  const [table, ...others] = dev.ofType('AWS::DynamoDB::GlobalTable');
  expect(others).toEqual([]);
  expect(table?.Properties).toMatchObject({
    BillingMode: 'PAY_PER_REQUEST',
    KeySchema: [
      { AttributeName: tableKeys.partition, KeyType: 'HASH' },
      { AttributeName: tableKeys.sort, KeyType: 'RANGE' },
    ],
    StreamSpecification: { StreamViewType: 'NEW_AND_OLD_IMAGES' },
    TimeToLiveSpecification: { AttributeName: tableKeys.timeToLive, Enabled: true },
  });
  expect(table?.Properties.GlobalSecondaryIndexes).toBeUndefined();
  const indexes = table?.Properties.LocalSecondaryIndexes.map(
    ({ IndexName, KeySchema }: { IndexName: string; KeySchema: { AttributeName: string }[] }) => [
      IndexName,
      KeySchema[1]?.AttributeName,
    ],
  );
  expect(indexes).toEqual(Object.entries(tableIndexes).map(([name, { sortKey }]) => [name, sortKey]));
});

test('production keeps its data, whatever happens to its stacks', () => {
  const [kept] = prod.ofType('AWS::DynamoDB::GlobalTable');
  expect(kept?.DeletionPolicy).toBe('RetainExceptOnCreate');
  expect(kept?.Properties.Replicas[0]).toMatchObject({
    DeletionProtectionEnabled: true,
    PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
  });
  const [thrownAway] = dev.ofType('AWS::DynamoDB::GlobalTable');
  expect(thrownAway?.DeletionPolicy).toBe('Delete');
  expect(thrownAway?.Properties.Replicas[0].DeletionProtectionEnabled).toBe(false);
});

test(`no stack has more than ${resourcesMax} resources`, () => {
  for (const [stack, { Resources = {} }] of dev.stacks)
    expect(Object.keys(Resources).length, stack).toBeLessThanOrEqual(resourcesMax);
  for (const dialect of endpointsByDialect(dev.registry).keys())
    expect([...dev.stacks.keys()]).toContain(`tenantry-dev-${dialect}`);
});
