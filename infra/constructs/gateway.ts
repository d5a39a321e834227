import { Duration } from 'aws-cdk-lib';
import { CorsHttpMethod, HttpApi } from 'aws-cdk-lib/aws-apigatewayv2';
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
const responseHeaders = [
  'etag',
  'idempotent-replayed',
  'link',
  'ratelimit',
  'ratelimit-policy',
  'retry-after',
  'x-request-id',
];

/** The one HTTP API that all dialects share. It answers preflights; its stage is made when all routes are (`Entrance`). */
export class Gateway extends Construct {
  readonly httpApi: HttpApi;

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
  }
}

/** Where callers reach the API: `https://…`, without a slash at the end. */
export function apiUrlOf(httpApi: HttpApi, { domainName }: StageSettings): string {
  return domainName === 'none' ? httpApi.apiEndpoint : `https://${domainName}`;
}
