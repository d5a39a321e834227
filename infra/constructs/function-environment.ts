import type { Stack } from 'aws-cdk-lib';
import type { TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IConfigurationSet } from 'aws-cdk-lib/aws-ses';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { StageSettings } from '../stage-settings.ts';

/** What all functions of a stage work with. */
export interface Surroundings {
  readonly settings: StageSettings;
  readonly table: TableV2;
  readonly mail: { readonly configurationSet: IConfigurationSet; readonly events: ITopic };
  /** The folder of each function's bundle, by the function's name. */
  readonly codeFolderOf: (functionName: string) => string;
}

/** Environment variables of every function; `shared/runtime/configuration.ts` reads them. */
export function functionEnvironment({ settings, table }: Surroundings): Readonly<Record<string, string>> {
  return {
    STAGE: settings.stage,
    TABLE_NAME: table.tableName,
    CONSOLE_URL: settings.consoleUrl,
    SIGN_UP: settings.signUp,
    ACCESS_TOKEN_SECONDS: String(settings.accessTokenSeconds),
    REFRESH_TOKEN_SECONDS: String(settings.refreshTokenSeconds),
    LOG_LEVEL: settings.logLevel,
  };
}

/** Environment variables of the functions that send mail, beside those of every function. */
export function mailEnvironment({ settings, mail }: Surroundings): Readonly<Record<string, string>> {
  return {
    MAIL_SENDER: settings.mailSender,
    MAIL_CONFIGURATION_SET: mail.configurationSet.configurationSetName,
  };
}

/** Sending mail as the stage's sender, and as nobody else. */
export function mailStatement(stack: Stack, { settings, mail }: Surroundings): PolicyStatement {
  const ses = (resource: string, resourceName: string) => stack.formatArn({ service: 'ses', resource, resourceName });
  return new PolicyStatement({
    sid: 'Mail',
    actions: ['ses:SendEmail'],
    resources: [
      ses('identity', mailDomainOf(settings)),
      ses('configuration-set', mail.configurationSet.configurationSetName),
    ],
  });
}

/** The domain that mails come from. */
export function mailDomainOf({ mailSender }: StageSettings): string {
  return mailSender.slice(mailSender.lastIndexOf('@') + 1);
}
