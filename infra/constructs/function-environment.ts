import { Aws, Validations } from 'aws-cdk-lib';
import type { TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IConfigurationSet } from 'aws-cdk-lib/aws-ses';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { Construct } from 'constructs';
import type { AvatarAccess } from '../../shared/http/define-endpoint.ts';
import type { StageSettings } from '../stage-settings.ts';

/** What all functions of a stage work with. */
export interface Surroundings {
  readonly settings: StageSettings;
  readonly table: TableV2;
  readonly mail: { readonly configurationSet: IConfigurationSet; readonly events: ITopic };
  readonly avatars: { readonly bucketName: string; readonly domainName: string };
  /** Where the console is served: mailed links begin with it. */
  readonly consoleUrl: string;
  /** The folder of each function's bundle, by the function's name. */
  readonly codeFolderOf: (functionName: string) => string;
}

/** Environment variables of every function; `shared/runtime/configuration.ts` reads them. */
export function functionEnvironment({
  settings,
  table,
  avatars,
  consoleUrl,
}: Surroundings): Readonly<Record<string, string>> {
  return {
    STAGE: settings.stage,
    TABLE_NAME: table.tableName,
    CONSOLE_URL: consoleUrl,
    AVATARS_DOMAIN: avatars.domainName,
    SIGN_UP: settings.signUp,
    ACCESS_TOKEN_SECONDS: String(settings.accessTokenSeconds),
    REFRESH_TOKEN_SECONDS: String(settings.refreshTokenSeconds),
    ...limit('SESSION_REQUESTS_PER_MINUTE_MAX', settings.sessionRequestsPerMinuteMax),
    ...limit('KEY_REQUESTS_PER_MINUTE_MAX', settings.keyRequestsPerMinuteMax),
  };
}

function limit(name: string, value: number | 'none'): Readonly<Record<string, string>> {
  return value === 'none' ? {} : { [name]: String(value) };
}

/** Environment variables of the functions that keep or remove avatars, beside those of every function. */
export function avatarEnvironment(
  { avatars }: Surroundings,
  access: AvatarAccess | undefined,
): Readonly<Record<string, string>> {
  return access === undefined ? {} : { AVATAR_BUCKET: avatars.bucketName };
}

const avatarActions: Readonly<Record<AvatarAccess, string>> = { put: 's3:PutObject', delete: 's3:DeleteObject' };

/** Every avatar there is. */
export function avatarObjectsArn({ bucketName }: Surroundings['avatars']): string {
  return `arn:${Aws.PARTITION}:s3:::${bucketName}/avatars/*`;
}

/** What a function may do with avatars, and with nothing else in the bucket. */
export function avatarStatements(
  { avatars }: Surroundings,
  access: AvatarAccess | undefined,
): readonly PolicyStatement[] {
  if (access === undefined) return [];
  const resources = [avatarObjectsArn(avatars)];
  return [new PolicyStatement({ sid: 'Avatars', actions: [avatarActions[access]], resources })];
}

/** Says why the statement of `avatarStatements` names all objects of a kind. */
export function acknowledgeAvatars(
  scope: Construct,
  { settings }: Surroundings,
  access: AvatarAccess | undefined,
): void {
  if (access === undefined) return;
  const objects = `arn:<AWS::Partition>:s3:::tenantry-${settings.stage}-avatars-<AWS::AccountId>-<AWS::Region>/avatars/*`;
  Validations.of(scope).acknowledge({
    id: `AwsSolutions-IAM5[Resource::${objects}]`,
    reason: 'Every organization has objects of its own in there, and which those are nobody knows beforehand.',
  });
}

/** Environment variables of the functions that send mail, beside those of every function. */
export function mailEnvironment({ settings, mail }: Surroundings): Readonly<Record<string, string>> {
  return {
    MAIL_SENDER: settings.mailSender,
    MAIL_CONFIGURATION_SET: mail.configurationSet.configurationSetName,
  };
}

/**
 * Sending mail as the stage's sender, and as nobody else. The sender bounds it and not the sender's identity: in its
 * sandbox SES holds a mail against the identities of the readers as well, who have to be verified there.
 */
export function mailStatements({ settings, mail }: Surroundings): readonly PolicyStatement[] {
  const actions = ['ses:SendEmail'];
  return [
    new PolicyStatement({
      ...{ sid: 'Mail', actions, resources: [sesArn('identity/*')] },
      conditions: { StringEquals: { 'ses:FromAddress': settings.mailSender } },
    }),
    new PolicyStatement({
      ...{ sid: 'MailConfigurationSet', actions },
      resources: [sesArn(`configuration-set/${mail.configurationSet.configurationSetName}`)],
    }),
  ];
}

/** Says why the first of `mailStatements` names all identities. */
export function acknowledgeMail(scope: Construct): void {
  Validations.of(scope).acknowledge({
    id: 'AwsSolutions-IAM5[Resource::arn:<AWS::Partition>:ses:<AWS::Region>:<AWS::AccountId>:identity/*]',
    reason: 'The address that mails come from bounds it; whom they go to nobody knows beforehand.',
  });
}

function sesArn(resource: string): string {
  return `arn:${Aws.PARTITION}:ses:${Aws.REGION}:${Aws.ACCOUNT_ID}:${resource}`;
}

/** The domain that mails come from. */
export function mailDomainOf({ mailSender }: StageSettings): string {
  return mailSender.slice(mailSender.lastIndexOf('@') + 1);
}
