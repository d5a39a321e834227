import { Stack, type StackProps } from 'aws-cdk-lib';
import type { HttpApi } from 'aws-cdk-lib/aws-apigatewayv2';
import type { Construct } from 'constructs';
import { Gateway } from '../constructs/gateway.ts';
import type { StageSettings } from '../stage-settings.ts';

/** The HTTP API that the dialects hang their routes on. */
export class GatewayStack extends Stack {
  readonly httpApi: HttpApi;

  constructor(scope: Construct, id: string, settings: StageSettings, props: StackProps) {
    super(scope, id, props);
    this.httpApi = new Gateway(this, 'Gateway', settings).httpApi;
    // Also where nobody asks for it: a stage that is told a `domainName` could not be deployed otherwise, because its
    // other stacks import this until they are deployed themselves.
    this.exportValue(this.httpApi.apiEndpoint);
  }
}
