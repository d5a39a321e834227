import { Stack, type StackProps } from 'aws-cdk-lib';
import { ConfigurationSet, ConfigurationSetTlsPolicy, EmailIdentity, Identity } from 'aws-cdk-lib/aws-ses';
import type { Construct } from 'constructs';
import { mailDomainOf } from '../constructs/function-environment.ts';
import type { StageSettings } from '../stage-settings.ts';

/** How the stage sends mail. */
export class MailStack extends Stack {
  readonly configurationSet: ConfigurationSet;

  constructor(scope: Construct, id: string, settings: StageSettings, props: StackProps) {
    super(scope, id, props);
    this.configurationSet = new ConfigurationSet(this, 'Mail', {
      configurationSetName: `tenantry-${settings.stage}`,
      tlsPolicy: ConfigurationSetTlsPolicy.REQUIRE,
      reputationMetrics: true,
    });
    if (settings.mailIdentity === 'create')
      new EmailIdentity(this, 'Sender', { identity: Identity.domain(mailDomainOf(settings)) });
  }
}
