import type { AvatarAccess, TableAccess } from './define-endpoint.ts';

/** What every function says of itself that no HTTP route reaches: a job or a consumer of the table's stream. */
interface Background {
  /** In kebab-case, as the file is named; part of the deployed function's name. */
  readonly name: string;
  /** One line for the operator. */
  readonly summary: string;
  /** All that the function does with the table; nothing is added. */
  readonly table: TableAccess;
  /** Whether it sends mail. */
  readonly mail?: boolean;
  /** The longest that one run may take; Lambda ends it then. At most 900. */
  readonly timeoutSeconds: number;
  /** Memory of the function in MB, where the default (see `infra/constructs/background-function.ts`) does not suit. */
  readonly memoryMegabytes?: number;
  /** Most instances at once, where a runaway would hurt; stages with `reserveConcurrency` keep to it. */
  readonly instancesMax?: number;
}

/** Work that is started by a schedule, by an operator (`npm run job -- <name>`), by what SES tells of mails, or by all. */
export interface Job extends Background {
  /** Called for each mail that came back, or that its reader complained about: at least once. */
  readonly hearsMailEvents?: boolean;
  /** The consumer whose failures it makes good: it may empty that one's dead-letter queue. */
  readonly redrives?: string;
  /** What it does with the bucket of avatars. */
  readonly avatars?: AvatarAccess;
  /** In UTC, as EventBridge Scheduler writes it. Without one, only an operator starts the job. */
  readonly schedule?: ScheduleExpression;
  /** The same, where the job is started at several times or in several parts: by name, each with its input. */
  readonly schedules?: Readonly<Record<string, { readonly at: ScheduleExpression; readonly input: object }>>;
}

type ScheduleExpression = `rate(${string})` | `cron(${string})`;

/** When a job is started, and with what, by a name that tells its schedules apart. */
export function schedulesOf({ schedule, schedules = {} }: Job): { name: string; at: string; input: object }[] {
  const named = Object.entries(schedules).map(([name, of]) => ({ name, ...of }));
  return schedule === undefined ? named : [{ name: '', at: schedule, input: {} }, ...named];
}

/**
 * Which stream records a consumer is called for, as Lambda's event filtering writes it: the fields of the record that
 * matter, each with the values that it may have. Every field has to match; of several patterns, one.
 */
export interface StreamPattern {
  readonly eventName?: readonly ('INSERT' | 'MODIFY' | 'REMOVE')[];
  readonly dynamodb: { readonly NewImage: ImagePattern };
}

/** Attributes in DynamoDB's own JSON: `{ kind: { S: ['link'] }, mailDue: { N: [{ exists: true }] } }`. */
type ImagePattern = Readonly<Record<string, Readonly<Record<string, readonly (string | { exists: boolean })[]>>>>;

/** Work that follows from changes of the table: at least once for each matching stream record, in order by partition. */
export interface Consumer extends Background {
  readonly patterns: readonly [StreamPattern, ...StreamPattern[]];
  /** Most records in one call, 1 to 10,000. */
  readonly batchSize: number;
  /** How often a failed record is tried again before it goes to the dead-letter queue. */
  readonly maxRetries: number;
  /** How many batches of one shard are at work at once, 1 to 10; one by default. */
  readonly parallelBatches?: number;
}

/** States a job. The value is plain data: importing it has no effects. */
export function defineJob(job: Job): Job {
  return job;
}

/**
 * States a consumer of the table's stream. Its handler answers `{ batchItemFailures: [{ itemIdentifier }] }`, naming
 * the sequence number of the first record that failed, or with an empty list when all are done.
 */
export function defineConsumer(consumer: Consumer): Consumer {
  return consumer;
}
