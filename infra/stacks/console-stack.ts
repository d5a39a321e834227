import { CfnOutput, Stack, type StackProps } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { ConsoleSite, type ConsoleSiteProps } from '../constructs/console-site.ts';

/** Where the console is served. */
export class ConsoleStack extends Stack {
  readonly site: ConsoleSite;

  constructor(scope: Construct, id: string, site: ConsoleSiteProps, props: StackProps) {
    super(scope, id, props);
    this.site = new ConsoleSite(this, 'Console', site);
    new CfnOutput(this, 'ConsoleUrl', { value: this.site.url });
    // Also where nobody asks for it, as in the stack of the gateway: the stage may be told a `consoleUrl` later.
    this.exportValue(this.site.domainName);
  }
}
