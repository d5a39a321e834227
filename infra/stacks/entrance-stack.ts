import { CfnOutput, Stack, type StackProps } from 'aws-cdk-lib';
import type { HttpApi } from 'aws-cdk-lib/aws-apigatewayv2';
import type { LogGroup } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import { Entrance } from '../constructs/entrance.ts';
import type { Registry } from '../endpoint-registry.ts';
import type { StageSettings } from '../stage-settings.ts';

export interface EntranceStackProps extends StackProps {
  readonly httpApi: HttpApi;
  readonly registry: Registry;
  readonly settings: StageSettings;
}

/** Opens the door, once everything behind it stands. */
export class EntranceStack extends Stack {
  readonly accessLog: LogGroup;

  constructor(scope: Construct, id: string, { httpApi, registry, settings, ...props }: EntranceStackProps) {
    super(scope, id, props);
    const { accessLog, url, domainTarget } = new Entrance(this, 'Entrance', httpApi, registry, settings);
    this.accessLog = accessLog;
    new CfnOutput(this, 'ApiUrl', { value: url });
    if (domainTarget !== undefined) new CfnOutput(this, 'DomainTarget', { value: domainTarget });
  }
}
