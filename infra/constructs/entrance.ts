import { RemovalPolicy } from 'aws-cdk-lib';
import { AccessLogFormat } from 'aws-cdk-lib/aws-apigateway';
import {
  ApiMapping,
  CfnStage,
  DomainName,
  type HttpApi,
  HttpStage,
  LogGroupLogDestination,
  SecurityPolicy,
} from 'aws-cdk-lib/aws-apigatewayv2';
import { Certificate } from 'aws-cdk-lib/aws-certificatemanager';
import { FilterPattern, LogGroup, MetricFilter } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { metricNamespace } from '../../shared/http/measurement.ts';
import { type Registry, routeKeysOf } from '../endpoint-registry.ts';
import type { StageSettings } from '../stage-settings.ts';
import { apiUrlOf } from './gateway.ts';
import { gatewayThrottles } from './stage-metric.ts';

/** What a stranger may try as often as they like, if nobody stops them: guessing passwords and having mails sent. */
const temptingOperations: readonly string[] = ['session.login', 'registration.create', 'password.forgot'];

/**
 * What the gateway notes of a request, by the names of the fields: no address, no path (some hold a token) and no
 * header. `requestId` is the one that the answer and the function's log carry. `integrationStatus` is `-` where the
 * gateway answered by itself, such as when it throttles.
 */
const accessLogFields = {
  requestId: '$context.requestId',
  requestTimeEpoch: '$context.requestTimeEpoch',
  routeKey: '$context.routeKey',
  status: '$context.status',
  integrationStatus: '$context.integrationStatus',
  integrationError: '$context.integrationErrorMessage',
  responseLatency: '$context.responseLatency',
  responseLength: '$context.responseLength',
};

/**
 * Where requests come in: the stage of the HTTP API with its access log and its throttles, and the domain name where the
 * settings give one. It is deployed after all routes, because a throttle of a route needs the route.
 */
export class Entrance extends Construct {
  readonly accessLog: LogGroup;
  /** Where callers reach the API: `https://…`, without a slash at the end. */
  readonly url: string;
  /** What the domain name has to point to, where there is one. */
  readonly domainTarget: string | undefined;

  constructor(scope: Construct, id: string, httpApi: HttpApi, registry: Registry, settings: StageSettings) {
    super(scope, id);
    this.accessLog = new LogGroup(this, 'AccessLog', {
      // Under this prefix API Gateway needs no room in the account's one policy for all logs.
      logGroupName: `/aws/vendedlogs/tenantry/${settings.stage}/gateway`,
      retention: settings.logRetentionDays,
      removalPolicy: settings.keepData ? RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE : RemovalPolicy.DESTROY,
    });
    const stage = new HttpStage(this, 'Stage', {
      httpApi,
      stageName: '$default',
      autoDeploy: true,
      throttle: { rateLimit: settings.requestsPerSecondMax, burstLimit: settings.requestBurstMax },
      accessLogSettings: {
        destination: new LogGroupLogDestination(this.accessLog),
        format: AccessLogFormat.custom(JSON.stringify(accessLogFields)),
      },
    });
    const resource = stage.node.defaultChild;
    if (!(resource instanceof CfnStage)) throw new Error('The stage of the HTTP API has no resource.');
    resource.routeSettings = Object.fromEntries(
      temptingRoutes(registry).map((routeKey) => [
        routeKey,
        { ThrottlingRateLimit: settings.signInsPerSecondMax, ThrottlingBurstLimit: settings.signInBurstMax },
      ]),
    );

    new MetricFilter(this, 'Throttles', {
      logGroup: this.accessLog,
      filterPattern: FilterPattern.literal('{ ($.status = "429") && ($.integrationStatus = "-") }'),
      metricNamespace: metricNamespace(settings.stage),
      metricName: gatewayThrottles,
    });

    this.url = apiUrlOf(httpApi, settings);
    if (settings.domainName === 'none') return;
    const domainName = new DomainName(this, 'Domain', {
      domainName: settings.domainName,
      certificate: Certificate.fromCertificateArn(this, 'Certificate', settings.domainCertificateArn),
      securityPolicy: SecurityPolicy.TLS_1_2,
    });
    new ApiMapping(this, 'Mapping', { api: httpApi, domainName, stage });
    this.domainTarget = domainName.regionalDomainName;
  }
}

function temptingRoutes({ endpoints }: Registry): string[] {
  return temptingOperations.flatMap((operation) => {
    const routes = endpoints.filter(({ endpoint }) => endpoint.operation === operation);
    if (routes.length === 0) throw new Error(`There is no operation ${operation} to throttle.`);
    return routes.flatMap(({ endpoint }) => routeKeysOf(endpoint));
  });
}
