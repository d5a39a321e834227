import { Stack, type StackProps } from 'aws-cdk-lib';
import {
  ConfigurationSet,
  ConfigurationSetEventDestination,
  ConfigurationSetTlsPolicy,
  DkimIdentity,
  EasyDkimSigningKeyLength,
  EmailIdentity,
  EmailSendingEvent,
  EventDestination,
  Identity,
  MailFromBehaviorOnMxFailure,
} from 'aws-cdk-lib/aws-ses';
import { Topic } from 'aws-cdk-lib/aws-sns';
import type { Construct } from 'constructs';
import { mailDomainOf } from '../constructs/function-environment.ts';
import type { StageSettings } from '../stage-settings.ts';

/** How the stage sends mail. */
export class MailStack extends Stack {
  readonly configurationSet: ConfigurationSet;
  /** Where SES tells of mails that came back or were complained about. */
  readonly events: Topic;

  constructor(scope: Construct, id: string, settings: StageSettings, props: StackProps) {
    super(scope, id, props);
    this.configurationSet = new ConfigurationSet(this, 'Mail', {
      configurationSetName: `tenantry-${settings.stage}`,
      tlsPolicy: ConfigurationSetTlsPolicy.REQUIRE,
      reputationMetrics: true,
    });
    this.events = new Topic(this, 'Events', { enforceSSL: true });
    new ConfigurationSetEventDestination(this, 'Feedback', {
      configurationSet: this.configurationSet,
      destination: EventDestination.snsTopic(this.events),
      events: [EmailSendingEvent.BOUNCE, EmailSendingEvent.COMPLAINT],
    });
    if (settings.mailIdentity === 'create')
      // Signed by DKIM, with keys that SES makes and renews. Until DNS knows the envelope's domain SES uses its own.
      new EmailIdentity(this, 'Sender', {
        identity: Identity.domain(mailDomainOf(settings)),
        configurationSet: this.configurationSet,
        dkimIdentity: DkimIdentity.easyDkim(EasyDkimSigningKeyLength.RSA_2048_BIT),
        mailFromDomain: settings.mailFromDomain,
        mailFromBehaviorOnMxFailure: MailFromBehaviorOnMxFailure.USE_DEFAULT_VALUE,
      });
  }
}
