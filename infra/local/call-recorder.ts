import { appendFileSync, mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { localAccount } from './resource-kinds.ts';

/** A call that a function made to a service. */
export interface RecordedCall {
  /** ISO 8601, when the answer was there. */
  readonly at: string;
  readonly functionName: string;
  readonly service: 'dynamodb' | 's3' | 'ses' | 'sqs';
  /** The operation, as `dynamodb:TransactWriteItems` or `s3:PutObject`. */
  readonly action: string;
  /** ARNs of the tables, indexes, objects, queues or configuration sets that it named, each once. */
  readonly resources: readonly string[];
  /** JSON bodies as objects; nothing for the bytes of an object. */
  readonly request: unknown;
  readonly status: number;
  /** What DynamoDB charged, by table and index, also when the function did not ask. */
  readonly consumedCapacity?: unknown;
  readonly milliseconds: number;
}

/** Keeps what functions call: the ground truth for proofs of permissions and of costs. */
export interface CallRecorder {
  readonly calls: readonly RecordedCall[];
  record(call: Omit<RecordedCall, 'at' | 'functionName'> & { readonly accessKey: string }): void;
  /** Says whose access keys are whose. */
  introduce(accessKey: string, functionName: string): void;
}

/** @param file also gets each call, as a line of JSON */
export function createCallRecorder(file?: string): CallRecorder {
  const calls: RecordedCall[] = [];
  const names = new Map<string, string>();
  if (file !== undefined) mkdirSync(dirname(file), { recursive: true });
  return {
    calls,
    record({ accessKey, ...call }) {
      const functionName = names.get(accessKey);
      // The stack itself calls too, to make tables and read streams; that is no function's call.
      if (functionName === undefined) return;
      const recorded = { at: new Date().toISOString(), functionName, ...call };
      calls.push(recorded);
      if (file !== undefined) appendFileSync(file, `${JSON.stringify(recorded)}\n`);
    },
    introduce(accessKey, functionName) {
      names.set(accessKey, functionName);
    },
  };
}

/** The access key that a request was signed with. */
export function accessKeyOfRequest(authorization: string | undefined): string {
  return /Credential=([^/]+)\//.exec(authorization ?? '')?.[1] ?? '';
}

/** The tables and indexes that a DynamoDB request names, as ARNs. */
export function tablesOfRequest(request: unknown): string[] {
  const found = new Set<string>();
  visit(request);
  return [...found];

  function visit(value: unknown): void {
    if (Array.isArray(value)) for (const element of value) visit(element);
    else if (typeof value === 'object' && value !== null) {
      const { TableName, IndexName, RequestItems, TransactItems, Put, Update, Delete, Get, ConditionCheck } =
        value as Record<string, unknown>;
      if (typeof TableName === 'string') found.add(tableArn(TableName, IndexName));
      for (const name of Object.keys(RequestItems ?? {})) found.add(tableArn(name, undefined));
      for (const part of [TransactItems, Put, Update, Delete, Get, ConditionCheck]) visit(part);
    }
  }
}

function tableArn(name: string, index: unknown): string {
  const arn = `arn:aws:dynamodb:${localAccount.region}:${localAccount.id}:table/${name.replace(/^.*table\//, '')}`;
  return typeof index === 'string' ? `${arn}/index/${index}` : arn;
}
