import type { App, Environment } from 'aws-cdk-lib';
import { Tags } from 'aws-cdk-lib';
import { consoleFilesFunction } from './console/console-functions.ts';
import type { Surroundings } from './constructs/function-environment.ts';
import { apiUrlOf } from './constructs/gateway.ts';
import { endpointsByDialect, type Registry } from './endpoint-registry.ts';
import { AvatarStack } from './stacks/avatar-stack.ts';
import { ConsoleFilesStack } from './stacks/console-files-stack.ts';
import { ConsoleStack } from './stacks/console-stack.ts';
import { DataStack } from './stacks/data-stack.ts';
import { DialectStack } from './stacks/dialect-stack.ts';
import { EntranceStack } from './stacks/entrance-stack.ts';
import { GatewayStack } from './stacks/gateway-stack.ts';
import { JobsStack } from './stacks/jobs-stack.ts';
import { MailStack } from './stacks/mail-stack.ts';
import { MonitoringStack } from './stacks/monitoring-stack.ts';
import type { StageSettings } from './stage-settings.ts';

export interface TenantryProps {
  readonly settings: StageSettings;
  readonly registry: Registry;
  /** The folder of each function's bundle, by the function's name. */
  readonly codeFolderOf: (functionName: string) => string;
  /** Account and region, where the templates are to be bound to them. */
  readonly env?: Environment;
}

/** One stage of Tenantry: every stack of it, named `tenantry-<stage>-…`. */
export function addTenantry(app: App, { settings, registry, codeFolderOf, env }: TenantryProps): void {
  const stackId = (name: string) => `tenantry-${settings.stage}-${name}`;
  const propsOf = (description: string) => ({
    description: `Tenantry ${settings.stage}: ${description}`,
    ...(env && { env }),
  });

  const { table } = new DataStack(app, stackId('data'), settings, propsOf('the table'));
  const mail = new MailStack(app, stackId('mail'), settings, propsOf('mail'));
  const { httpApi } = new GatewayStack(app, stackId('gateway'), settings, propsOf('the HTTP API'));
  const { store: avatars } = new AvatarStack(app, stackId('avatars'), settings, propsOf('avatars of organizations'));
  const apiUrl = apiUrlOf(httpApi, settings);
  const { site } = new ConsoleStack(
    app,
    stackId('console'),
    { settings, apiUrl, avatarsDomain: avatars.domainName },
    propsOf('where the console is served'),
  );
  const surroundings: Surroundings = {
    ...{ settings, table, mail, avatars, codeFolderOf },
    consoleUrl: settings.consoleUrl ?? site.url,
  };
  const dialects = [...endpointsByDialect(registry)].map(([dialect, endpoints]) => {
    const api = { endpoints, httpApi, surroundings };
    return new DialectStack(app, stackId(dialect), api, propsOf(`the ${dialect} endpoints`));
  });
  const entrance = new EntranceStack(app, stackId('entrance'), {
    ...propsOf('where requests come in'),
    ...{ httpApi, registry, settings },
  });
  for (const dialect of dialects) entrance.addStackDependency(dialect);
  const files = new ConsoleFilesStack(
    app,
    stackId('console-files'),
    { settings, apiUrl, bucketName: site.bucketName, codeFolder: codeFolderOf(consoleFilesFunction) },
    propsOf('the files of the console'),
  );
  files.addStackDependency(entrance);
  const { deadLetters } = new JobsStack(
    app,
    stackId('jobs'),
    registry,
    surroundings,
    propsOf('jobs and stream consumers'),
  );
  const watched = { stage: settings.stage, registry, httpApi, table, deadLetters };
  new MonitoringStack(app, stackId('monitoring'), watched, settings, propsOf('alarms and the dashboard'));

  Tags.of(app).add('service', 'tenantry');
  Tags.of(app).add('stage', settings.stage);
}
