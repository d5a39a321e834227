import { Validations } from 'aws-cdk-lib';
import { type HttpApi, HttpMethod, HttpRoute, HttpRouteKey } from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import { Construct } from 'constructs';
import type { Endpoint } from '../../shared/http/define-endpoint.ts';
import { fallbackPath, pathsOf, type RegisteredEndpoint } from '../endpoint-registry.ts';
import { EndpointFunction } from './endpoint-function.ts';
import type { Surroundings } from './function-environment.ts';

export interface DialectApiProps {
  readonly endpoints: readonly RegisteredEndpoint[];
  readonly httpApi: HttpApi;
  readonly surroundings: Surroundings;
}

/** All endpoints of a dialect: for each its function, and the routes of the shared API that lead to it. */
export class DialectApi extends Construct {
  constructor(scope: Construct, id: string, { endpoints, httpApi, surroundings }: DialectApiProps) {
    super(scope, id);
    Validations.of(this).acknowledge({
      id: 'AwsSolutions-APIG4',
      reason:
        'Callers are authenticated by the function itself, with the one read that it needs anyway; an authorizer would read twice. Every endpoint states its permission, and tests call each without one.',
    });
    for (const registered of endpoints) {
      const endpointFunction = new EndpointFunction(this, registered, surroundings);
      const integration = new HttpLambdaIntegration('Integration', endpointFunction.function);
      for (const [index, path] of pathsOf(registered.endpoint).entries()) {
        const routeKey = routeKeyOf(registered.endpoint, path);
        new HttpRoute(endpointFunction, index === 0 ? 'Route' : `Route${index + 1}`, {
          httpApi,
          routeKey,
          integration,
        });
      }
    }
  }
}

function routeKeyOf({ method }: Endpoint, path: string): HttpRouteKey {
  return path === fallbackPath ? HttpRouteKey.DEFAULT : HttpRouteKey.with(path, HttpMethod[method]);
}
