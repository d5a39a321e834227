import { join } from 'node:path';
import { ClearError } from './clear-error.ts';
import type { CloudAssembly } from './cloud-assembly.ts';
import type { CloudResource } from './cloud-resource.ts';
import { arnOf, isSite } from './resource-kinds.ts';

/** A Lambda function as its template states it. */
export interface FunctionDefinition {
  readonly name: string;
  readonly arn: string;
  /** The folder of its bundle. */
  readonly folder: string;
  /** As `index.handler`. */
  readonly handler: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly memoryMegabytes: number;
  readonly timeoutSeconds: number;
  /** Most instances at once, where the template reserves a number. */
  readonly instancesMax?: number;
  /** The name under which `npm run job` starts it, where it has one. */
  readonly job?: string;
  /** How a failing asynchronous call is tried again, and where it goes in the end. */
  readonly asynchronous: { readonly retriesMax: number; readonly failureArn?: string };
}

/** A route of the HTTP API with the function that it calls. */
export interface RouteDefinition {
  /** As `GET /things/{thing}`, or `$default`. */
  readonly routeKey: string;
  readonly functionArn: string;
  /** How long the gateway waits for the function. */
  readonly timeoutMilliseconds: number;
}

/** Cross-origin settings of the HTTP API. */
export interface CorsDefinition {
  readonly origins: readonly string[];
  readonly methods: readonly string[];
  readonly headers: readonly string[];
  readonly exposedHeaders: readonly string[];
  readonly credentials: boolean;
  readonly maxAgeSeconds?: number;
}

/** The HTTP API. */
export interface ApiDefinition {
  readonly id: string;
  readonly routes: readonly RouteDefinition[];
  readonly cors?: CorsDefinition;
}

/** A table, as `CreateTable` takes it, and the attribute by which its items expire. */
export interface TableDefinition {
  readonly name: string;
  readonly creation: Readonly<Record<string, unknown>>;
  readonly expiryAttribute?: string;
}

/** A function that is called for records of a table's stream. */
export interface StreamConsumerDefinition {
  /** The same at each start, so that its checkpoints are found again. */
  readonly name: string;
  readonly functionArn: string;
  readonly streamArn: string;
  readonly batchSize: number;
  readonly batchWindowSeconds: number;
  /** Patterns of which a record has to match one; none: all records match. */
  readonly patterns: readonly object[];
  readonly bisects: boolean;
  /** Retries of a failing batch; `-1` is without end. */
  readonly retriesMax: number;
  /** Records older than this are given up; `-1` is never. */
  readonly recordAgeMaxSeconds: number;
  readonly reportsItemFailures: boolean;
  readonly failureArn?: string;
}

/** A function that is called at set times. */
export interface ScheduleDefinition {
  readonly name: string;
  /** As `rate(5 minutes)` or `cron(0 3 * * ? *)`. */
  readonly expression: string;
  readonly timeZone: string;
  readonly functionArn: string;
  readonly input: string;
}

/** A queue, by its name and address. */
export interface QueueDefinition {
  readonly name: string;
  readonly arn: string;
  readonly visibilityTimeoutSeconds: number;
}

/** A topic with the functions that it calls. */
interface TopicDefinition {
  readonly name: string;
  readonly arn: string;
  readonly functionArns: readonly string[];
}

/** Which events of the mails sent with a configuration set go to which topic. */
export interface MailEventRoute {
  readonly configurationSet: string;
  /** In lower case, as `bounce`. */
  readonly eventTypes: readonly string[];
  readonly topicArn: string;
}

/** What a CloudFront distribution serves that has pages. */
export interface SiteDefinition {
  /** The folder with its files. */
  readonly folder: string;
  /** Files that only the deployment can write, by name. */
  readonly written: Readonly<Record<string, string>>;
  /** The source of the CloudFront function that finds the file of a path. */
  readonly findFileSource: string;
  /** The headers of every answer, by name in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  /** The page in place of a file that there is not. */
  readonly errorPage: string;
}

/** Everything that the local stack makes of a synthesized app. */
export interface Application {
  readonly api: ApiDefinition | undefined;
  readonly functions: readonly FunctionDefinition[];
  readonly tables: readonly TableDefinition[];
  readonly buckets: readonly string[];
  /** The bucket of pictures that CloudFront serves, if it serves one. */
  readonly distributedBucket: string | undefined;
  /** The pages that CloudFront serves, if it serves some. */
  readonly site: SiteDefinition | undefined;
  readonly consumers: readonly StreamConsumerDefinition[];
  readonly schedules: readonly ScheduleDefinition[];
  readonly queues: readonly QueueDefinition[];
  readonly topics: readonly TopicDefinition[];
  readonly mailEvents: readonly MailEventRoute[];
}

type Properties = Readonly<Record<string, unknown>>;

/** The metadata of a function that names the job it does. */
const jobMetadata = 'tenantry:job';

/**
 * Says in the terms of the local stack what an assembly holds.
 * @throws ClearError for a property that matters and that the local stack does not know.
 */
export function readApplication(assembly: CloudAssembly): Application {
  const ofType = (...types: string[]) => assembly.resources.filter(({ type }) => types.includes(type));
  const invokeSettings = ofType('AWS::Lambda::EventInvokeConfig');
  const subscriptions = ofType('AWS::SNS::Subscription');
  const distributions = ofType('AWS::CloudFront::Distribution');
  const apis = ofType('AWS::ApiGatewayV2::Api');
  if (apis.length > 1) throw new ClearError('The local stack serves one HTTP API, and the app has several.');
  return {
    api: apis[0] && readApi(apis[0], assembly),
    functions: ofType('AWS::Lambda::Function').map((resource) => readFunction(resource, assembly, invokeSettings)),
    tables: ofType('AWS::DynamoDB::GlobalTable', 'AWS::DynamoDB::Table').map(readTable),
    buckets: ofType('AWS::S3::Bucket').map(({ name }) => name),
    distributedBucket: readDistribution(distributions.filter((distribution) => !isSite(distribution))),
    site: readSite(distributions.filter(isSite), assembly),
    consumers: ofType('AWS::Lambda::EventSourceMapping').filter(isEnabled).map(readConsumer),
    schedules: ofType('AWS::Scheduler::Schedule')
      .filter(({ properties }) => properties.State !== 'DISABLED')
      .map(readSchedule),
    queues: ofType('AWS::SQS::Queue').map(({ name, properties }) => ({
      name,
      arn: arnOf('sqs', name),
      visibilityTimeoutSeconds: Number(properties.VisibilityTimeout ?? 30),
    })),
    topics: ofType('AWS::SNS::Topic').map(({ name, reference }) => ({
      name,
      arn: reference,
      functionArns: subscriptions
        .filter(({ properties }) => properties.TopicArn === reference)
        .map((subscription) => {
          if (subscription.properties.Protocol !== 'lambda') throw unknown(subscription, 'Protocol');
          return String(subscription.properties.Endpoint);
        }),
    })),
    mailEvents: ofType('AWS::SES::ConfigurationSetEventDestination').flatMap(readMailEvents),
  };
}

function readDistribution([distribution, ...more]: readonly CloudResource[]): string | undefined {
  if (distribution === undefined) return undefined;
  const { Origins } = group(group(distribution.properties).DistributionConfig);
  const [origin, ...others] = Origins as readonly { DomainName: string }[];
  const [, bucket] = /^(.+)\.s3\.[a-z0-9-]+\.amazonaws\.com$/.exec(origin?.DomainName ?? '') ?? [];
  if (bucket === undefined || others.length > 0) throw unknown(distribution, 'DistributionConfig.Origins');
  if (more.length > 0)
    throw new ClearError('The local stack serves one CloudFront distribution of pictures, and the app has several.');
  return bucket;
}

function readSite([site, ...more]: readonly CloudResource[], assembly: CloudAssembly): SiteDefinition | undefined {
  if (site === undefined) return undefined;
  if (more.length > 0) throw new ClearError('The local stack serves one site, and the app has several.');
  const { DefaultCacheBehavior, CustomErrorResponses } = group(site.properties.DistributionConfig);
  const { FunctionAssociations, ResponseHeadersPolicyId } = group(DefaultCacheBehavior);
  const [association] = FunctionAssociations as readonly { FunctionARN: string }[];
  const [errorResponse] = CustomErrorResponses as readonly { ResponsePagePath: string }[];
  const named = (type: string, name: string) =>
    assembly.resources.find((found) => found.type === type && found.name === name);
  const edgeFunction = named('AWS::CloudFront::Function', association?.FunctionARN.replace(/^.*:function\//, '') ?? '');
  const headers = named('AWS::CloudFront::ResponseHeadersPolicy', String(ResponseHeadersPolicyId));
  const files = assembly.resources.find(({ type }) => type === 'Custom::ConsoleFiles');
  const work = assembly.resources.find(({ type, name }) => {
    return type === 'AWS::Lambda::Function' && arnOf('lambda', `function:${name}`) === files?.properties.ServiceToken;
  });
  if (edgeFunction === undefined || headers === undefined || files === undefined || work === undefined)
    throw unknown(site, 'DistributionConfig');
  return {
    folder: join(assembly.assetFolder(String(group(work.properties.Code).S3Key)), 'site'),
    written: group(files.properties.Written) as Record<string, string>,
    findFileSource: String(edgeFunction.properties.FunctionCode),
    headers: readHeaders(headers),
    errorPage: errorResponse?.ResponsePagePath ?? '/index.html',
  };
}

/** @see https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/understanding-response-headers-policies.html */
function readHeaders({ properties }: CloudResource): Record<string, string> {
  const { CustomHeadersConfig, SecurityHeadersConfig } = group(properties.ResponseHeadersPolicyConfig);
  const { ContentSecurityPolicy, FrameOptions, ReferrerPolicy } = group(SecurityHeadersConfig);
  const custom = (group(CustomHeadersConfig).Items ?? []) as readonly { Header: string; Value: string }[];
  return {
    'x-content-type-options': 'nosniff',
    'x-frame-options': String(group(FrameOptions).FrameOption),
    'referrer-policy': String(group(ReferrerPolicy).ReferrerPolicy),
    // What is https in the cloud is http here, and says so in its name.
    'content-security-policy': String(group(ContentSecurityPolicy).ContentSecurityPolicy).replaceAll(
      'https://http:',
      'http:',
    ),
    ...Object.fromEntries(custom.map(({ Header, Value }) => [Header.toLowerCase(), Value])),
  };
}

function readFunction(
  resource: CloudResource,
  assembly: CloudAssembly,
  invokeSettings: readonly CloudResource[],
): FunctionDefinition {
  const { name, properties, metadata } = resource;
  if (!String(properties.Runtime).startsWith('nodejs')) throw unknown(resource, 'Runtime');
  if (properties.Layers !== undefined) throw unknown(resource, 'Layers');
  const { S3Key } = group(properties.Code);
  if (S3Key === undefined) throw unknown(resource, 'Code');
  const invoke = group(
    invokeSettings.find((setting) =>
      [name, arnOf('lambda', `function:${name}`)].includes(String(setting.properties.FunctionName)),
    )?.properties,
  );
  const failureArn =
    group(group(invoke.DestinationConfig).OnFailure).Destination ?? group(properties.DeadLetterConfig).TargetArn;
  const logging = group(properties.LoggingConfig);
  return {
    name,
    arn: arnOf('lambda', `function:${name}`),
    folder: assembly.assetFolder(String(S3Key)),
    handler: String(properties.Handler),
    environment: {
      ...(group(group(properties.Environment).Variables) as Record<string, string>),
      AWS_LAMBDA_LOG_FORMAT: String(logging.LogFormat ?? 'Text'),
      AWS_LAMBDA_LOG_GROUP_NAME: String(logging.LogGroup ?? `/aws/lambda/${name}`),
      ...(logging.ApplicationLogLevel === undefined
        ? {}
        : { AWS_LAMBDA_LOG_LEVEL: String(logging.ApplicationLogLevel) }),
    },
    memoryMegabytes: Number(properties.MemorySize ?? 128),
    timeoutSeconds: Number(properties.Timeout ?? 3),
    ...(properties.ReservedConcurrentExecutions === undefined
      ? {}
      : { instancesMax: Number(properties.ReservedConcurrentExecutions) }),
    ...(metadata[jobMetadata] === undefined ? {} : { job: String(metadata[jobMetadata]) }),
    asynchronous: {
      retriesMax: Number(invoke.MaximumRetryAttempts ?? 2),
      ...(failureArn === undefined ? {} : { failureArn: String(failureArn) }),
    },
  };
}

function readApi(api: CloudResource, assembly: CloudAssembly): ApiDefinition {
  if (api.properties.ProtocolType !== 'HTTP') throw unknown(api, 'ProtocolType');
  const own = assembly.resources.filter(({ properties }) => properties.ApiId === api.reference);
  const integrations = own.filter(({ type }) => type === 'AWS::ApiGatewayV2::Integration');
  const routes = own
    .filter(({ type }) => type === 'AWS::ApiGatewayV2::Route')
    .map((route) => {
      if (!['NONE', undefined].includes(route.properties.AuthorizationType as string))
        throw unknown(route, 'AuthorizationType');
      const integration = integrations.find(({ reference }) => route.properties.Target === `integrations/${reference}`);
      if (integration === undefined) throw unknown(route, 'Target');
      const { IntegrationType, IntegrationUri, PayloadFormatVersion, TimeoutInMillis } = integration.properties;
      if (IntegrationType !== 'AWS_PROXY') throw unknown(integration, 'IntegrationType');
      if (PayloadFormatVersion !== '2.0') throw unknown(integration, 'PayloadFormatVersion');
      return {
        routeKey: String(route.properties.RouteKey),
        // Either the function itself, or the function inside an address of API Gateway's own.
        functionArn: String(IntegrationUri).replace(/^.*\/functions\/(.*)\/invocations$/, '$1'),
        timeoutMilliseconds: Number(TimeoutInMillis ?? 30_000),
      };
    });
  const stage = own.find(({ type }) => type === 'AWS::ApiGatewayV2::Stage');
  if (stage?.name !== '$default')
    throw new ClearError('The local stack serves an HTTP API at its $default stage only.');
  const cors = api.properties.CorsConfiguration === undefined ? undefined : group(api.properties.CorsConfiguration);
  const lowerCase = (names: unknown) => ((names as string[] | undefined) ?? []).map((name) => name.toLowerCase());
  return {
    id: api.reference,
    routes,
    ...(cors === undefined
      ? {}
      : {
          cors: {
            origins: (cors.AllowOrigins as string[] | undefined) ?? [],
            methods: (cors.AllowMethods as string[] | undefined) ?? [],
            headers: lowerCase(cors.AllowHeaders),
            exposedHeaders: lowerCase(cors.ExposeHeaders),
            credentials: cors.AllowCredentials === true,
            ...(cors.MaxAge === undefined ? {} : { maxAgeSeconds: Number(cors.MaxAge) }),
          },
        }),
  };
}

function readTable({ name, properties }: CloudResource): TableDefinition {
  const { AttributeDefinitions, KeySchema, LocalSecondaryIndexes, GlobalSecondaryIndexes, StreamSpecification } =
    properties;
  const indexes = (GlobalSecondaryIndexes as Properties[] | undefined)?.map(({ IndexName, KeySchema, Projection }) => ({
    IndexName,
    KeySchema,
    Projection,
  }));
  const expiry = group(properties.TimeToLiveSpecification);
  return {
    name,
    creation: {
      TableName: name,
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions,
      KeySchema,
      ...(LocalSecondaryIndexes === undefined ? {} : { LocalSecondaryIndexes }),
      ...(indexes === undefined || indexes.length === 0 ? {} : { GlobalSecondaryIndexes: indexes }),
      ...(StreamSpecification === undefined
        ? {}
        : { StreamSpecification: { StreamEnabled: true, ...group(StreamSpecification) } }),
    },
    ...(expiry.Enabled === true ? { expiryAttribute: String(expiry.AttributeName) } : {}),
  };
}

function readConsumer(resource: CloudResource): StreamConsumerDefinition {
  const { properties } = resource;
  if (!String(properties.EventSourceArn).includes(':dynamodb:')) throw unknown(resource, 'EventSourceArn');
  // Where `LATEST` begins is nowhere written down, so a restart would pass over records.
  if (properties.StartingPosition !== 'TRIM_HORIZON') throw unknown(resource, 'StartingPosition');
  if (properties.TumblingWindowInSeconds !== undefined) throw unknown(resource, 'TumblingWindowInSeconds');
  const filters = (group(properties.FilterCriteria).Filters as { Pattern: string }[] | undefined) ?? [];
  const failureArn = group(group(properties.DestinationConfig).OnFailure).Destination;
  return {
    name: resource.name,
    functionArn: functionArnOf(String(properties.FunctionName)),
    streamArn: String(properties.EventSourceArn),
    batchSize: Number(properties.BatchSize ?? 100),
    batchWindowSeconds: Number(properties.MaximumBatchingWindowInSeconds ?? 0),
    patterns: filters.map(({ Pattern }) => JSON.parse(Pattern)),
    bisects: properties.BisectBatchOnFunctionError === true,
    retriesMax: Number(properties.MaximumRetryAttempts ?? -1),
    recordAgeMaxSeconds: Number(properties.MaximumRecordAgeInSeconds ?? -1),
    reportsItemFailures: ((properties.FunctionResponseTypes as string[] | undefined) ?? []).includes(
      'ReportBatchItemFailures',
    ),
    ...(failureArn === undefined ? {} : { failureArn: String(failureArn) }),
  };
}

function readSchedule(resource: CloudResource): ScheduleDefinition {
  const target = group(resource.properties.Target);
  if (!String(target.Arn).includes(':lambda:')) throw unknown(resource, 'Target');
  return {
    name: resource.name,
    expression: String(resource.properties.ScheduleExpression),
    timeZone: String(resource.properties.ScheduleExpressionTimezone ?? 'UTC'),
    functionArn: String(target.Arn),
    input: String(target.Input ?? '{}'),
  };
}

function readMailEvents({ properties }: CloudResource): MailEventRoute[] {
  const { Enabled, MatchingEventTypes, SnsDestination } = group(properties.EventDestination);
  if (Enabled !== true || SnsDestination === undefined) return [];
  return [
    {
      configurationSet: String(properties.ConfigurationSetName),
      eventTypes: (MatchingEventTypes as string[]).map((type) => type.toLowerCase()),
      topicArn: String(group(SnsDestination).TopicARN),
    },
  ];
}

function isEnabled({ properties }: CloudResource): boolean {
  return properties.Enabled !== false;
}

function functionArnOf(nameOrArn: string): string {
  return nameOrArn.startsWith('arn:') ? nameOrArn : arnOf('lambda', `function:${nameOrArn}`);
}

function group(value: unknown): Properties {
  return (value ?? {}) as Properties;
}

function unknown({ stackName, logicalId, type, properties }: CloudResource, property: string): ClearError {
  return new ClearError(
    `${stackName}.${logicalId}, a ${type}, has ${property} ${JSON.stringify(properties[property])}, ` +
      'which the local stack does not serve.',
  );
}
