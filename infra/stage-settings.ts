import * as z from 'zod';

/** The stages that can be deployed. Each is a complete Tenantry of its own; several may share an account. */
export const stageNames = ['dev', 'staging', 'prod'] as const;

export type StageName = (typeof stageNames)[number];

/** Numbers of days that CloudWatch Logs can keep logs for. */
const retentionDays = [1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731] as const;

// On the command line (`-c key=value`) everything is text, so every setting can be read from text too.
const list = (value: unknown) => (typeof value === 'string' ? value.split(',').map((part) => part.trim()) : value);
const truth = (value: unknown) => (value === 'true' ? true : value === 'false' ? false : value);
const positiveInteger = z.coerce.number().int().positive();

const hostName = /^(?=.{1,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}$/;

/** A value that matches, or `none`, which has to be said: a stage goes without only on purpose. */
const textOrNone = (pattern: RegExp, message: string) =>
  z.union([z.literal('none'), z.string().regex(pattern)], { error: `${message}, or none` });

/** A number, or `none`, which has to be said. */
const numberOrNone = z.union([z.literal('none'), positiveInteger], { error: 'must be a positive number, or none' });

const settingsSchema = z.strictObject({
  /** Whether anybody may register alone. */
  signUp: z.enum(['open', 'closed']),
  /** Where mailed links lead, where that is not the distribution's own name. */
  consoleUrl: z
    .url({ protocol: /^https?$/, error: 'must be an http(s) URL' })
    .transform((url) => url.replace(/\/+$/, ''))
    .optional(),
  /** Origins whose pages may call the API. */
  corsOrigins: z.preprocess(
    list,
    z
      .array(z.string().regex(/^(\*|https?:\/\/[^/\s]+)$/, 'must be origins such as https://console.example.com'))
      .min(1),
  ),
  /** The address that mails come from. Its domain has to be verified with SES in the account. */
  mailSender: z.email('must be an email address'),
  /** Whether to ask SES to verify that domain, or whether the account has it verified already. */
  mailIdentity: z.enum(['create', 'existing']),
  /** The domain in the envelope of mails, below the sender's: bounces and SPF go by it. */
  mailFromDomain: z.string().regex(hostName, 'must be a domain such as bounce.mail.example.com'),
  /** The host name under which callers reach the API, or `none` for the one that API Gateway gives. */
  domainName: textOrNone(hostName, 'must be a host name such as api.example.com'),
  /** The certificate for that name, issued in the region of the stage. */
  domainCertificateArn: textOrNone(
    /^arn:aws[\w-]*:acm:[\w-]+:\d{12}:certificate\/[\w-]+$/,
    'must be the ARN of a certificate in ACM',
  ),
  /** Whom alarms write to. */
  alarmEmail: textOrNone(/^[^@\s]+@[^@\s]+\.[^@\s]+$/, 'must be an email address'),
  accessTokenSeconds: positiveInteger,
  refreshTokenSeconds: positiveInteger,
  logRetentionDays: z.coerce
    .number()
    .refine(
      (days) => (retentionDays as readonly number[]).includes(days),
      `must be one of ${retentionDays.join(', ')}`,
    ),
  /** Whether the table and the logs stay when their stack is deleted, and the table refuses to be deleted at all. */
  keepData: z.preprocess(truth, z.boolean()),
  /** Requests a second that the gateway lets through, over all callers. */
  requestsPerSecondMax: positiveInteger,
  /** How many requests above that the gateway takes in a burst. */
  requestBurstMax: positiveInteger,
  /** The same for each of sign-in, registration and forgotten password, which strangers may try. */
  signInsPerSecondMax: positiveInteger,
  signInBurstMax: positiveInteger,
  /** Requests that a session may make in a minute, and those that an API key may. */
  sessionRequestsPerMinuteMax: numberOrNone,
  keyRequestsPerMinuteMax: numberOrNone,
  /**
   * Whether functions in which a runaway would hurt have their number of instances bounded. It takes that many out of
   * what the account allows all functions together, so an account with the smallest quota cannot have it.
   */
  reserveConcurrency: z.preprocess(truth, z.boolean()),
});

type CheckedSettings = z.output<typeof settingsSchema>;

/** What is wrong with settings that are right by themselves but not together, by the setting to change. */
function contradictions(settings: CheckedSettings): Record<string, string> {
  const { domainName, domainCertificateArn, mailFromDomain, mailSender } = settings;
  const mailDomain = mailSender.slice(mailSender.lastIndexOf('@') + 1);
  return {
    ...((domainName === 'none') !== (domainCertificateArn === 'none') && {
      domainCertificateArn: 'must be given exactly where domainName is',
    }),
    ...(!mailFromDomain.endsWith(`.${mailDomain}`) && {
      mailFromDomain: `must be below ${mailDomain}, the domain of mailSender`,
    }),
  };
}

/** All that differs between stages. Times are seconds or days, as the names say. */
export interface StageSettings extends Readonly<CheckedSettings> {
  readonly stage: StageName;
}

type SettingName = keyof typeof settingsSchema.shape;

const everyStage = {
  mailIdentity: 'create',
  accessTokenSeconds: 60 * 60,
  refreshTokenSeconds: 30 * 24 * 60 * 60,
  domainCertificateArn: 'none',
  sessionRequestsPerMinuteMax: 100,
  keyRequestsPerMinuteMax: 500,
};

/** What each stage has unless it is told otherwise. What is missing here has to be told. */
const stageValues: Readonly<Record<StageName, Readonly<Partial<Record<SettingName, unknown>>>>> = {
  dev: {
    ...everyStage,
    signUp: 'open',
    corsOrigins: ['*'],
    mailSender: 'no-reply@tenantry.example.com',
    logRetentionDays: 7,
    keepData: false,
    domainName: 'none',
    alarmEmail: 'none',
    requestsPerSecondMax: 100,
    requestBurstMax: 200,
    signInsPerSecondMax: 50,
    signInBurstMax: 100,
    reserveConcurrency: false,
  },
  staging: {
    ...everyStage,
    signUp: 'closed',
    logRetentionDays: 30,
    keepData: false,
    domainName: 'none',
    alarmEmail: 'none',
    requestsPerSecondMax: 200,
    requestBurstMax: 400,
    signInsPerSecondMax: 10,
    signInBurstMax: 20,
    reserveConcurrency: true,
  },
  prod: {
    ...everyStage,
    signUp: 'closed',
    logRetentionDays: 90,
    keepData: true,
    requestsPerSecondMax: 2000,
    requestBurstMax: 4000,
    signInsPerSecondMax: 50,
    signInBurstMax: 100,
    reserveConcurrency: true,
  },
};

/** Every setting that `stageSettings` asks for by name. */
export const settingNames = Object.keys(settingsSchema.shape) as readonly SettingName[];

/**
 * The checked settings of a stage.
 *
 * @param told What was said on the command line (`cdk deploy -c mailSender=…`) or in `cdk.json`, by setting; it goes
 *   before the stage's own values. Where nothing else is said, `corsOrigins` is the origin of `consoleUrl`, any
 *   origin where that is not told either, and
 *   `mailFromDomain` is `bounce.` before the domain of `mailSender`.
 * @throws Error naming every setting that is missing or wrong.
 */
export function stageSettings(stage: unknown, told: (setting: string) => unknown = () => undefined): StageSettings {
  const name = stageNames.find((known) => known === stage);
  if (name === undefined)
    throw new Error(`There is no stage ${JSON.stringify(stage)}: it is one of ${stageNames.join(', ')}.`);

  const values: Record<string, unknown> = {};
  for (const setting of settingNames) values[setting] = told(setting) ?? stageValues[name][setting];
  // The distribution's name is not known before the API is made. A token in a header is all that the API goes by.
  if (values.corsOrigins === undefined && values.consoleUrl === undefined) values.corsOrigins = ['*'];
  if (values.corsOrigins === undefined && URL.canParse(String(values.consoleUrl)))
    values.corsOrigins = [new URL(String(values.consoleUrl)).origin];
  if (values.mailFromDomain === undefined && typeof values.mailSender === 'string')
    values.mailFromDomain = values.mailSender.replace(/^.*@/, 'bounce.');

  const { data, error } = settingsSchema.safeParse(values);
  const wrong = data
    ? Object.entries(contradictions(data))
    : error.issues.map(({ path, message }) => [String(path[0]), message] as const);
  if (data && wrong.length === 0) return { stage: name, ...data };
  const complaints = wrong.map(([setting, message]) =>
    values[setting] === undefined
      ? `${setting} is missing (give it with -c ${setting}=…)`
      : `${setting}: ${message}, not ${JSON.stringify(values[setting])}`,
  );
  throw new Error(`The settings of stage ${name} are not complete: ${[...new Set(complaints)].join('; ')}.`);
}
