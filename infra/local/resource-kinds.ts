import type { CloudResource, LiveValues } from './cloud-resource.ts';

/** The account and region that the local stack plays. */
export const localAccount = { id: '000000000000', region: 'us-east-1' } as const;

type Unfinished = Omit<CloudResource, 'reference'>;

/** What the local stack has to know of a type of resource. */
interface ResourceKind {
  /** Whether a part of the local stack acts on it. The others only have a name. */
  readonly served: boolean;
  /** The property that names it; without a name it gets one of stack and logical id. */
  readonly nameProperty?: string;
  /** The name as the service would allow it. */
  readonly localName?: (name: string) => string;
  /** What `Ref` gives, where that is not the name. */
  readonly reference?: (resource: Unfinished, live: LiveValues) => string;
  /** What `Fn::GetAtt` gives. */
  readonly attributes?: Readonly<Record<string, (resource: CloudResource, live: LiveValues) => string | undefined>>;
}

/** The address of a resource of a regional service, as `arn:aws:lambda:us-east-1:000000000000:function:thing`. */
export function arnOf(service: string, resource: string): string {
  return `arn:aws:${service}:${localAccount.region}:${localAccount.id}:${resource}`;
}

const table: ResourceKind = {
  served: true,
  nameProperty: 'TableName',
  attributes: {
    Arn: ({ name }) => arnOf('dynamodb', `table/${name}`),
    // Before the table is made its stream has no name; nothing that is read then depends on it.
    StreamArn: ({ name }, live) => live.streamArn(name) ?? arnOf('dynamodb', `table/${name}/stream/unborn`),
    TableId: ({ name }) => name,
  },
};

const kinds: Readonly<Record<string, ResourceKind>> = {
  'Custom::ConsoleFiles': { served: true },
  'AWS::ApiGatewayV2::Api': {
    served: true,
    localName: (name) => name.toLowerCase().replaceAll(/[^a-z0-9]/g, ''),
    attributes: { ApiEndpoint: (_, live) => live.apiUrl, ApiId: ({ name }) => name },
  },
  'AWS::ApiGatewayV2::Integration': { served: true },
  'AWS::ApiGatewayV2::Route': { served: true },
  'AWS::ApiGatewayV2::Stage': { served: true, nameProperty: 'StageName' },
  'AWS::CloudFront::Distribution': {
    served: true,
    // Not a name alone: here it is served by http, pages with the API and pictures on a port of their own.
    attributes: {
      DomainName: (resource, live) => (isSite(resource) ? live.apiUrl : live.distributionUrl),
      Id: ({ name }) => name,
    },
  },
  'AWS::CloudFront::Function': {
    served: true,
    nameProperty: 'Name',
    attributes: { FunctionARN: ({ name }) => `arn:aws:cloudfront::${localAccount.id}:function/${name}` },
  },
  'AWS::CloudFront::OriginAccessControl': { served: false, attributes: { Id: ({ name }) => name } },
  'AWS::CloudFront::ResponseHeadersPolicy': { served: true },
  'AWS::DynamoDB::GlobalTable': table,
  'AWS::DynamoDB::Table': table,
  'AWS::IAM::Role': {
    served: false,
    nameProperty: 'RoleName',
    attributes: {
      Arn: ({ name }) => `arn:aws:iam::${localAccount.id}:role/${name}`,
      RoleId: ({ name }) => name,
    },
  },
  'AWS::Lambda::EventInvokeConfig': { served: true },
  'AWS::Lambda::EventSourceMapping': { served: true },
  'AWS::Lambda::Function': {
    served: true,
    nameProperty: 'FunctionName',
    localName: (name) => name.slice(0, 64),
    attributes: { Arn: ({ name }) => arnOf('lambda', `function:${name}`) },
  },
  'AWS::Logs::LogGroup': {
    served: false,
    nameProperty: 'LogGroupName',
    attributes: { Arn: ({ name }) => arnOf('logs', `log-group:${name}:*`) },
  },
  'AWS::S3::Bucket': {
    served: true,
    nameProperty: 'BucketName',
    localName: (name) => name.toLowerCase().slice(0, 63),
    attributes: {
      Arn: ({ name }) => `arn:aws:s3:::${name}`,
      DomainName: ({ name }) => `${name}.s3.amazonaws.com`,
      RegionalDomainName: ({ name }) => `${name}.s3.${localAccount.region}.amazonaws.com`,
    },
  },
  'AWS::SES::ConfigurationSet': { served: false, nameProperty: 'Name' },
  'AWS::SES::ConfigurationSetEventDestination': { served: true },
  'AWS::SES::EmailIdentity': { served: false, nameProperty: 'EmailIdentity' },
  'AWS::SNS::Subscription': { served: true },
  'AWS::SNS::Topic': {
    served: true,
    nameProperty: 'TopicName',
    reference: ({ name }) => arnOf('sns', name),
    attributes: { TopicArn: ({ name }) => arnOf('sns', name), TopicName: ({ name }) => name },
  },
  'AWS::SQS::Queue': {
    served: true,
    nameProperty: 'QueueName',
    localName: (name) => name.slice(0, 80),
    reference: ({ name }, live) => `${live.queuesUrl}/${localAccount.id}/${name}`,
    attributes: {
      Arn: ({ name }) => arnOf('sqs', name),
      QueueName: ({ name }) => name,
      QueueUrl: ({ name }, live) => `${live.queuesUrl}/${localAccount.id}/${name}`,
    },
  },
  'AWS::Scheduler::Schedule': {
    served: true,
    nameProperty: 'Name',
    attributes: { Arn: ({ name }) => arnOf('scheduler', `schedule/default/${name}`) },
  },
  'AWS::Scheduler::ScheduleGroup': {
    served: false,
    nameProperty: 'Name',
    attributes: { Arn: ({ name }) => arnOf('scheduler', `schedule-group/${name}`) },
  },
};

/**
 * Types that mean nothing on one machine: permissions, which are proven on the template by a test of their own, domain
 * names, and what watches, keeps or encrypts.
 */
const ignored = [
  /^AWS::ApiGatewayV2::(ApiMapping|DomainName)$/,
  /^AWS::IAM::/,
  /^AWS::CDK::Metadata$/,
  /^AWS::CloudWatch::/,
  /^AWS::KMS::/,
  /^AWS::Lambda::Permission$/,
  /^AWS::Logs::/,
  /^AWS::S3::BucketPolicy$/,
  /^AWS::SNS::TopicPolicy$/,
  /^AWS::SQS::QueuePolicy$/,
];

/** Whether a CloudFront distribution serves pages, not pictures alone: it has one for its root. */
export function isSite({ properties }: Pick<CloudResource, 'properties'>): boolean {
  const { DistributionConfig } = properties as { DistributionConfig?: { DefaultRootObject?: string } };
  return DistributionConfig?.DefaultRootObject !== undefined;
}

/** What is known of a type of resource; nothing when it is unknown. */
export function kindOf(type: string): ResourceKind | undefined {
  return kinds[type];
}

/** Whether resources of this type mean nothing on one machine. */
export function isIgnored(type: string): boolean {
  return ignored.some((pattern) => pattern.test(type));
}
