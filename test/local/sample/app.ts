/**
 * A small CDK app with one of everything that the local stack serves: what it is tested with, so that its tests do not
 * hang on the product. `node app.ts` synthesizes it, as `node infra/app.ts` does the product.
 */
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  App,
  CfnOutput,
  Duration,
  aws_dynamodb as dynamodb,
  aws_apigatewayv2 as gateway,
  aws_apigatewayv2_integrations as integrations,
  aws_lambda as lambda,
  Stack,
  aws_s3 as s3,
  aws_scheduler as scheduler,
  aws_ses as ses,
  aws_sns as sns,
  aws_lambda_event_sources as sources,
  aws_sqs as sqs,
  aws_sns_subscriptions as subscriptions,
  aws_scheduler_targets as targets,
} from 'aws-cdk-lib';
import { buildSync } from 'esbuild';

const env = { account: '000000000000', region: 'us-east-1' };
const app = new App({ analyticsReporting: false });

const data = new Stack(app, 'SampleData', { env });
const table = new dynamodb.TableV2(data, 'Table', {
  tableName: 'sample-things',
  partitionKey: { name: 'pk', type: dynamodb.AttributeType.STRING },
  sortKey: { name: 'sk', type: dynamodb.AttributeType.STRING },
  localSecondaryIndexes: [{ indexName: 'by-name', sortKey: { name: 'name', type: dynamodb.AttributeType.STRING } }],
  globalSecondaryIndexes:
    process.env.SAMPLE_WITHOUT_INDEX === undefined
      ? [{ indexName: 'by-kind', partitionKey: { name: 'kind', type: dynamodb.AttributeType.STRING } }]
      : [],
  timeToLiveAttribute: 'expiresAt',
  dynamoStream: dynamodb.StreamViewType.NEW_AND_OLD_IMAGES,
});
const bucket = new s3.Bucket(data, 'Pictures');
const mail = new ses.ConfigurationSet(data, 'Mail');
const mailEvents = new sns.Topic(data, 'MailEvents');
mail.addEventDestination('ToTopic', {
  destination: ses.EventDestination.snsTopic(mailEvents),
  events: [ses.EmailSendingEvent.BOUNCE, ses.EmailSendingEvent.COMPLAINT],
});
new ses.EmailIdentity(data, 'Sender', { identity: ses.Identity.email('sender@example.com') });
const deadRecords = new sqs.Queue(data, 'DeadRecords');

const service = new Stack(app, 'SampleService', { env });
const build = mkdtempSync(join(tmpdir(), 'sample-build-'));
const revision = process.env.SAMPLE_REVISION ?? 'first';

function makeFunction(
  name: string,
  settings: { seconds?: number; environment?: Record<string, string>; job?: string } = {},
) {
  const folder = join(build, name);
  buildSync({
    entryPoints: [join(import.meta.dirname, `${name}.ts`)],
    outfile: join(folder, 'index.mjs'),
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node24',
    mainFields: ['module', 'main'],
    banner: { js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);" },
    define: { REVISION: JSON.stringify(revision) },
  });
  const made = new lambda.Function(service, name, {
    functionName: `sample-${name}`,
    runtime: lambda.Runtime.NODEJS_24_X,
    handler: 'index.handler',
    memorySize: 256,
    code: lambda.Code.fromAsset(folder),
    timeout: Duration.seconds(settings.seconds ?? 10),
    environment: { TABLE_NAME: table.tableName, ...settings.environment },
    ...(name === 'tick'
      ? { loggingFormat: lambda.LoggingFormat.JSON, applicationLogLevelV2: lambda.ApplicationLogLevel.INFO }
      : {}),
  });
  if (settings.job !== undefined) {
    (made.node.defaultChild as lambda.CfnFunction).addMetadata('tenantry:job', settings.job);
  }
  table.grantReadWriteData(made);
  return made;
}

const api = new gateway.HttpApi(service, 'Api', {
  corsPreflight: {
    allowOrigins: ['https://app.example.com'],
    allowMethods: [gateway.CorsHttpMethod.GET, gateway.CorsHttpMethod.POST],
    allowHeaders: ['authorization', 'content-type'],
    exposeHeaders: ['x-request-id'],
    maxAge: Duration.minutes(5),
  },
});
function addRoute(made: lambda.Function, method: gateway.HttpMethod, path: string, timeout?: Duration) {
  const integration = new integrations.HttpLambdaIntegration(`${made.node.id}-integration`, made, {
    ...(timeout === undefined ? {} : { timeout }),
  });
  api.addRoutes({ path, methods: [method], integration });
}

const echo = makeFunction('echo', { environment: { ONLY_ECHO: 'yes', BUCKET_NAME: bucket.bucketName } });
addRoute(echo, gateway.HttpMethod.ANY, '/echo/{thing}');
addRoute(echo, gateway.HttpMethod.GET, '/echo/fixed');
addRoute(echo, gateway.HttpMethod.GET, '/echo/{thing}/parts/{part}');
addRoute(echo, gateway.HttpMethod.ANY, '/deep/{rest+}');
addRoute(makeFunction('other'), gateway.HttpMethod.ANY, '/echo/{thing+}');

const behaviours = makeFunction('behaviours', { seconds: 2, environment: { BUCKET_NAME: bucket.bucketName } });
addRoute(behaviours, gateway.HttpMethod.POST, '/behave/{how}');
addRoute(makeFunction('slow', { seconds: 20 }), gateway.HttpMethod.GET, '/slow', Duration.seconds(1));
addRoute(makeFunction('things'), gateway.HttpMethod.ANY, '/things');

const consumer = makeFunction('consumer', {
  environment: { CONFIGURATION_SET: mail.configurationSetName },
  job: 'consumer',
});
consumer.addEventSource(
  new sources.DynamoEventSource(table as unknown as dynamodb.ITable, {
    startingPosition: lambda.StartingPosition.TRIM_HORIZON,
    batchSize: 10,
    bisectBatchOnError: true,
    retryAttempts: 1,
    reportBatchItemFailures: true,
    onFailure: new sources.SqsDlq(deadRecords),
    filters: [
      lambda.FilterCriteria.filter({
        eventName: lambda.FilterRule.isEqual('INSERT'),
        dynamodb: { NewImage: { kind: { S: lambda.FilterRule.isEqual('letter') } } },
      }),
    ],
  }),
);
const redrive = makeFunction('redrive', { job: 'redrive', environment: { QUEUE_URL: deadRecords.queueUrl } });
deadRecords.grantConsumeMessages(redrive);

const bounces = makeFunction('bounces');
mailEvents.addSubscription(new subscriptions.LambdaSubscription(bounces));

const tick = makeFunction('tick', { job: 'tick', environment: { ONLY_TICK: 'yes' } });
new scheduler.Schedule(service, 'EverySecondMinute', {
  schedule: scheduler.ScheduleExpression.rate(Duration.minutes(2)),
  target: new targets.LambdaInvoke(tick, { input: scheduler.ScheduleTargetInput.fromObject({ from: 'schedule' }) }),
});
makeFunction('bootstrap', { job: 'bootstrap' });

new CfnOutput(service, 'Address', { value: api.apiEndpoint });
app.synth();
