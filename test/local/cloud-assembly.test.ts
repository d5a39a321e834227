import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readApplication } from '../../infra/local/application.ts';
import { readCloudAssembly } from '../../infra/local/cloud-assembly.ts';
import { temporaryFolder } from './sample-assembly.ts';

const live = {
  apiUrl: 'http://api',
  distributionUrl: 'http://pictures',
  queuesUrl: 'http://queues',
  streamArn: () => undefined,
};

/** An assembly as the CDK writes it, of templates that the CDK would hardly write. */
function assemblyOf(stacks: Record<string, object>): string {
  const folder = temporaryFolder();
  const artifacts: Record<string, object> = {
    assets: { type: 'cdk:asset-manifest', properties: { file: 'assets.json' } },
  };
  for (const [name, template] of Object.entries(stacks)) {
    artifacts[name] = { type: 'aws:cloudformation:stack', properties: { templateFile: `${name}.json` } };
    writeFileSync(join(folder, `${name}.json`), JSON.stringify(template));
  }
  mkdirSync(join(folder, 'asset.code'));
  const files = {
    code: { source: { path: 'asset.code', packaging: 'zip' }, destinations: { here: { objectKey: 'code.zip' } } },
  };
  writeFileSync(join(folder, 'assets.json'), JSON.stringify({ files }));
  writeFileSync(join(folder, 'manifest.json'), JSON.stringify({ artifacts }));
  return folder;
}

const read = (stacks: Record<string, object>) => readApplication(readCloudAssembly(assemblyOf(stacks), live));

const functionOf = (variables: object, more: object = {}) => ({
  Type: 'AWS::Lambda::Function',
  Properties: {
    Runtime: 'nodejs24.x',
    Handler: 'index.handler',
    Code: { S3Bucket: 'assets', S3Key: 'code.zip' },
    Environment: { Variables: variables },
    ...more,
  },
});

test('a function of one stack gets the physical names of what another exports', () => {
  const data = {
    Resources: {
      Table: { Type: 'AWS::DynamoDB::GlobalTable', Properties: {} },
      Queue: { Type: 'AWS::SQS::Queue' },
      Bucket: { Type: 'AWS::S3::Bucket', Properties: {} },
    },
    Outputs: {
      Table: { Value: { Ref: 'Table' }, Export: { Name: 'table' } },
      // biome-ignore lint/suspicious/noTemplateCurlyInString: it is CloudFormation's own notation
      Queue: { Value: { Ref: 'Queue' }, Export: { Name: { 'Fn::Sub': '${AWS::StackName}:queue' } } },
      Bucket: { Value: { 'Fn::GetAtt': ['Bucket', 'Arn'] }, Export: { Name: 'bucket' } },
    },
  };
  const service = {
    Resources: {
      Made: functionOf({
        TABLE: { 'Fn::ImportValue': 'table' },
        QUEUE: { 'Fn::ImportValue': 'Data:queue' },
        BUCKET: { 'Fn::ImportValue': 'bucket' },
      }),
    },
  };
  expect(read({ Service: service, Data: data }).functions).toMatchObject([
    {
      name: 'Service-Made',
      environment: {
        TABLE: 'Data-Table',
        QUEUE: 'http://queues/000000000000/Data-Queue',
        BUCKET: 'arn:aws:s3:::data-bucket',
      },
    },
  ]);
});

test('a resource whose condition does not hold is not there', () => {
  const application = read({
    Only: {
      Conditions: { Never: { 'Fn::Equals': ['a', 'b'] }, Always: { 'Fn::Not': [{ Condition: 'Never' }] } },
      Resources: {
        Absent: { ...functionOf({}), Condition: 'Never' },
        Present: { ...functionOf({}), Condition: 'Always' },
      },
    },
  });
  expect(application.functions.map(({ name }) => name)).toEqual(['Only-Present']);
});

test.each([
  ['AWS::StepFunctions::StateMachine', { Type: 'AWS::StepFunctions::StateMachine' }],
  ['Layers', functionOf({}, { Layers: ['arn'] })],
  ['Runtime', functionOf({}, { Runtime: 'python3.13' })],
  ['code.jar', functionOf({}, { Code: { S3Key: 'code.jar' } })],
  ['Unknown', functionOf({ A: { 'Fn::GetAtt': ['Other', 'Unknown'] } })],
  ['Missing', functionOf({ A: { Ref: 'Missing' } })],
  ['Nobody', functionOf({ A: { 'Fn::ImportValue': 'Nobody' } })],
])('what the local stack cannot serve is refused by name: %s', (name, resource) => {
  expect(() => read({ Only: { Resources: { Thing: resource, Other: { Type: 'AWS::SQS::Queue' } } } })).toThrow(name);
});

test('a consumer that would begin at an unknown place of the stream is refused', () => {
  const mapping = {
    Type: 'AWS::Lambda::EventSourceMapping',
    Properties: { FunctionName: 'x', EventSourceArn: 'arn:aws:dynamodb:x', StartingPosition: 'LATEST' },
  };
  expect(() => read({ Only: { Resources: { Mapping: mapping } } })).toThrow('StartingPosition "LATEST"');
});

test('permissions, alarms and logs mean nothing on one machine', () => {
  const application = read({
    Only: {
      Resources: {
        Role: { Type: 'AWS::IAM::Role', Properties: { Statement: { 'Fn::Nonsense': 1 } } },
        Alarm: { Type: 'AWS::CloudWatch::Alarm' },
        Logs: { Type: 'AWS::Logs::LogGroup' },
      },
    },
  });
  expect(application).toMatchObject({ functions: [], tables: [], api: undefined });
});

test('a folder without a synthesized app is refused in a sentence', () => {
  expect(() => readCloudAssembly('/nowhere', live)).toThrow('There is no synthesized app');
});
