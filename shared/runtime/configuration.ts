import type { RequestLimits } from '../domain/access/rate-limits.ts';
import type { DomainSettings } from '../domain/work.ts';

/** Everything that a function learns from its environment. The only place that reads it. */
export interface Configuration extends DomainSettings {
  readonly tableName: string;
  readonly requestLimits: RequestLimits;
  readonly mailSender: string;
  /** The SES configuration set. */
  readonly mailConfigurationSet: string | undefined;
  /** Of the jobs that redrive: the queue that they empty. */
  readonly deadLettersUrl: string | undefined;
  /** Of the functions that keep or remove avatars. */
  readonly avatarBucket: string | undefined;
}

function required(name: string): string {
  const value = process.env[name];
  if (value === undefined || value === '') throw new Error(`The environment lacks ${name}.`);
  return value;
}

function seconds(name: string): number {
  const value = Number(required(name));
  if (!Number.isSafeInteger(value) || value <= 0) throw new Error(`${name} is not a number of seconds.`);
  return value;
}

/** A limit that may be absent, and then there is none. */
function limit(name: string): number | undefined {
  const value = process.env[name];
  if (value === undefined) return undefined;
  if (!/^[1-9]\d*$/.test(value)) throw new Error(`${name} is not a number of requests.`);
  return Number(value);
}

/** The stage that this function belongs to. */
export function stageName(): string {
  return process.env.STAGE ?? 'local';
}

/** Where people look at the product; without a slash at the end. */
export function consoleUrl(): string {
  return required('CONSOLE_URL');
}

/** A domain name is served by https; whatever is served otherwise says so. */
function originOf(domain: string): string {
  return domain.includes('://') ? domain : `https://${domain}`;
}

/** Reads the environment. @throws an error that names the variable */
export function readConfiguration(): Configuration {
  return {
    tableName: required('TABLE_NAME'),
    requestLimits: {
      session: limit('SESSION_REQUESTS_PER_MINUTE_MAX'),
      credential: limit('KEY_REQUESTS_PER_MINUTE_MAX'),
    },
    accessTokenSeconds: seconds('ACCESS_TOKEN_SECONDS'),
    refreshTokenSeconds: seconds('REFRESH_TOKEN_SECONDS'),
    isSignUpOpen: required('SIGN_UP') === 'open',
    consoleUrl: consoleUrl(),
    invitationsPerDayMax: Number(process.env.INVITATIONS_PER_DAY_MAX ?? 200),
    mailSender: process.env.MAIL_SENDER ?? '',
    mailConfigurationSet: process.env.MAIL_CONFIGURATION_SET,
    deadLettersUrl: process.env.DEAD_LETTERS_URL,
    avatarBucket: process.env.AVATAR_BUCKET,
    avatarsUrl: originOf(required('AVATARS_DOMAIN')),
  };
}
