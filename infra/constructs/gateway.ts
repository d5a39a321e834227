import { Duration } from 'aws-cdk-lib';
import { CorsHttpMethod, HttpApi, HttpStage } from 'aws-cdk-lib/aws-apigatewayv2';
import { Construct } from 'constructs';
import type { StageSettings } from '../stage-settings.ts';

/** Headers that a page on an allowed origin may send. */
const requestHeaders = [
  'authorization',
  'client-id',
  'client-secret',
  'content-type',
  'idempotency-key',
  'if-match',
  'x-api-key',
];

/** Headers of the answer that such a page may read. */
const responseHeaders = ['etag', 'idempotent-replayed', 'retry-after', 'x-request-id'];

/** The one HTTP API that all dialects share. It answers preflights and throttles; the rest is the functions'. */
export class Gateway extends Construct {
  readonly httpApi: HttpApi;
  /** Where callers reach the API: `https://…`, without a slash at the end. */
  readonly url: string;

  constructor(scope: Construct, id: string, settings: StageSettings) {
    super(scope, id);
    this.httpApi = new HttpApi(this, 'Api', {
      apiName: `tenantry-${settings.stage}`,
      createDefaultStage: false,
      corsPreflight: {
        allowOrigins: [...settings.corsOrigins],
        allowMethods: [
          CorsHttpMethod.GET,
          CorsHttpMethod.POST,
          CorsHttpMethod.PUT,
          CorsHttpMethod.PATCH,
          CorsHttpMethod.DELETE,
        ],
        allowHeaders: requestHeaders,
        exposeHeaders: responseHeaders,
        maxAge: Duration.hours(2),
      },
    });
    new HttpStage(this, 'Stage', {
      httpApi: this.httpApi,
      stageName: '$default',
      autoDeploy: true,
      throttle: { rateLimit: settings.requestsPerSecondMax, burstLimit: settings.requestBurstMax },
    });
    this.url = this.httpApi.apiEndpoint;
  }
}
