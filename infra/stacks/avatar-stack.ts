import { CfnOutput, Stack, type StackProps } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { AvatarStore } from '../constructs/avatar-store.ts';
import type { StageSettings } from '../stage-settings.ts';

/** The avatars of organizations: kept and served. */
export class AvatarStack extends Stack {
  readonly store: AvatarStore;

  constructor(scope: Construct, id: string, settings: StageSettings, props: StackProps) {
    super(scope, id, { ...props, terminationProtection: settings.keepData });
    this.store = new AvatarStore(this, 'Avatars', settings);
    new CfnOutput(this, 'AvatarsDomain', { value: this.store.domainName });
  }
}
