import { TransactionCanceledException } from '@aws-sdk/client-dynamodb';
import {
  BatchGetCommand,
  BatchWriteCommand,
  type DynamoDBDocumentClient,
  PutCommand,
  QueryCommand,
  type QueryCommandInput,
  TransactWriteCommand,
  UpdateCommand,
} from '@aws-sdk/lib-dynamodb';
import { DomainError } from '../domain/errors.ts';
import type { ItemKey, TableIndexName } from './table.ts';
import {
  expressionsOf,
  type ItemChange,
  type PutWrite,
  type Rule,
  refusalOf,
  StaleReadError,
  type StoredItem,
  type Transaction,
  transactionActionsMax,
  type UpdateWrite,
  type Write,
} from './transaction.ts';

/** One question to a partition. */
export interface PartitionQuery {
  readonly partition: string;
  readonly index?: { readonly name: TableIndexName; readonly sortKey: string };
  readonly beginsWith?: string;
  /** Bounds of the sort key, both inclusive. */
  readonly between?: readonly [string, string];
  readonly descending?: boolean;
  readonly limit?: number;
  readonly after?: Record<string, unknown> | undefined;
  /** The attributes to answer; by default all. */
  readonly attributes?: readonly string[];
  /** Counts instead of reading. */
  readonly countOnly?: boolean;
}

/** A part of an answer, and from where to go on, if there is more. */
export interface QueryPage {
  readonly items: Record<string, unknown>[];
  readonly count: number;
  readonly last: Record<string, unknown> | undefined;
}

/** Thrown when the write that was to make a record the first finds that record present. */
export class RecordExistsError extends Error {
  override readonly name = 'RecordExistsError';
}

const batchGetKeysMax = 100;
const batchWriteItemsMax = 25;
/** How often a read or a write is tried that others hold, or that is answered in part: for about a second. */
const attemptsMax = 8;
const conflictPauseMilliseconds = 25;
const conflictPauseMillisecondsMax = 1_000;
/** How long a transaction is tried again while others hold its items, where nobody says how long. */
const conflictPatienceMilliseconds = 20_000;

type BatchWrites = NonNullable<BatchWriteCommand['input']['RequestItems']>[string];

/** The table, reached consistently. Throttles beyond the client's own retries surface as `unavailable`. */
export class TableClient {
  readonly tableName: string;
  private readonly client: DynamoDBDocumentClient;

  constructor(client: DynamoDBDocumentClient, tableName: string) {
    this.client = client;
    this.tableName = tableName;
  }

  /** The items of these keys in the order of the keys; undefined where there is none. */
  async get(keys: readonly ItemKey[]): Promise<(Record<string, unknown> | undefined)[]> {
    const found = new Map<string, Record<string, unknown>>();
    const wanted = [...new Map(keys.map((key) => [`${key.pk}|${key.sk}`, { pk: key.pk, sk: key.sk }])).values()];
    await inPortions<Record<string, unknown>>(wanted, batchGetKeysMax, async (Keys) => {
      const request = { RequestItems: { [this.tableName]: { Keys, ConsistentRead: true } } };
      const answer = await this.send(() => this.client.send(new BatchGetCommand(request)));
      for (const item of answer.Responses?.[this.tableName] ?? []) found.set(`${item.pk}|${item.sk}`, item);
      return answer.UnprocessedKeys?.[this.tableName]?.Keys;
    });
    return keys.map((key) => found.get(`${key.pk}|${key.sk}`));
  }

  /** One page of a partition, consistently. */
  async query(query: PartitionQuery): Promise<QueryPage> {
    const sortKey = query.index?.sortKey ?? 'sk';
    const names: Record<string, string> = { '#pk': 'pk' };
    const values: Record<string, unknown> = { ':pk': query.partition };
    let condition = '#pk = :pk';
    if (query.beginsWith !== undefined) {
      condition += ' AND begins_with(#sk, :sk)';
      names['#sk'] = sortKey;
      values[':sk'] = query.beginsWith;
    } else if (query.between) {
      condition += ' AND #sk BETWEEN :from AND :to';
      names['#sk'] = sortKey;
      values[':from'] = query.between[0];
      values[':to'] = query.between[1];
    }
    const input: QueryCommandInput = {
      TableName: this.tableName,
      KeyConditionExpression: condition,
      ExpressionAttributeNames: names,
      ExpressionAttributeValues: values,
      ConsistentRead: true,
      ScanIndexForward: !query.descending,
    };
    if (query.index) input.IndexName = query.index.name;
    if (query.limit !== undefined) input.Limit = query.limit;
    if (query.after) input.ExclusiveStartKey = query.after;
    if (query.attributes) {
      input.ProjectionExpression = query.attributes.map((attribute) => `#a_${attribute}`).join(', ');
      for (const attribute of query.attributes) names[`#a_${attribute}`] = attribute;
    }
    if (query.countOnly) input.Select = 'COUNT';
    const answer = await this.send(() => this.client.send(new QueryCommand(input)));
    return { items: answer.Items ?? [], count: answer.Count ?? 0, last: answer.LastEvaluatedKey };
  }

  /** Everything that a query finds, page after page. */
  async *queryAll(query: PartitionQuery): AsyncGenerator<Record<string, unknown>> {
    let after = query.after;
    do {
      const page = await this.query({ ...query, after });
      yield* page.items;
      after = page.last;
    } while (after);
  }

  /** How many items a query finds. */
  async count(query: PartitionQuery): Promise<number> {
    let total = 0;
    let after: Record<string, unknown> | undefined;
    do {
      const page = await this.query({ ...query, after, countOnly: true });
      total += page.count;
      after = page.last;
    } while (after);
    return total;
  }

  /** Puts items without conditions, all of them, in no order; repeating it does no harm. */
  async putAll(items: readonly StoredItem[]): Promise<void> {
    const [only] = items;
    if (items.length === 1 && only) {
      await this.send(() => this.client.send(new PutCommand({ TableName: this.tableName, Item: only })));
      return;
    }
    await this.writeAll(items.map((item) => ({ PutRequest: { Item: item } })));
  }

  /** Deletes items without conditions, all of them, in no order; what is not there stays so. */
  async deleteAll(keys: readonly ItemKey[]): Promise<void> {
    await this.writeAll(keys.map(({ pk, sk }) => ({ DeleteRequest: { Key: { pk, sk } } })));
  }

  private async writeAll(writes: BatchWrites): Promise<void> {
    await inPortions(writes, batchWriteItemsMax, async (some) => {
      const request = { RequestItems: { [this.tableName]: some } };
      const answer = await this.send(() => this.client.send(new BatchWriteCommand(request)));
      return answer.UnprocessedItems?.[this.tableName];
    });
  }

  /** One update outside a transaction. Throws the refusal of its rules; answers the item as it then is. */
  async update(
    key: ItemKey,
    { set = {}, add = {}, remove = [] }: ItemChange,
    rules: readonly Rule[] = [],
  ): Promise<Record<string, unknown>> {
    const write: UpdateWrite = { type: 'update', key, set, add, remove: new Set(remove), rules: [...rules] };
    const { condition, update, names, values } = expressionsOf(write);
    try {
      const answer = await this.send(() =>
        this.client.send(
          new UpdateCommand({
            TableName: this.tableName,
            Key: { pk: key.pk, sk: key.sk },
            UpdateExpression: update,
            ConditionExpression: condition,
            ExpressionAttributeNames: names,
            ExpressionAttributeValues: values,
            ReturnValues: 'ALL_NEW',
            ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
          }),
        ),
      );
      return answer.Attributes ?? {};
    } catch (error) {
      if ((error as Error).name === 'ConditionalCheckFailedException') {
        throw refusalOf(write, plain((error as { Item?: Record<string, unknown> }).Item));
      }
      throw error;
    }
  }

  /** The same, but where a rule that says `retry` does not hold, nothing happens: answers whether it did. */
  async updateIf(key: ItemKey, change: ItemChange, rules: readonly Rule[]): Promise<boolean> {
    try {
      await this.update(key, change, rules);
      return true;
    } catch (error) {
      if (error instanceof StaleReadError) return false;
      throw error;
    }
  }

  /**
   * Makes all writes true, or none. A rule that does not hold throws its refusal; `first`, a record that its
   * rules let nobody have written before, throws RecordExistsError. Waits its turn while other transactions hold an
   * item, or move what a write has to be refitted to; at `patientUntil` that ends as `unavailable`.
   */
  async commit(
    transaction: Transaction,
    more: readonly StoredItem[] = [],
    first?: PutWrite,
    patientUntil = Date.now() + conflictPatienceMilliseconds,
  ): Promise<void> {
    const writes: Write[] = [
      ...(first ? [first] : []),
      ...transaction.all(),
      ...more.map((item) => ({ type: 'put' as const, item, rules: [] })),
    ];
    if (writes.length === 0) return;
    if (writes.length > transactionActionsMax) throw new RangeError(`A transaction of ${writes.length} actions.`);
    const [only] = writes;
    if (writes.length === 1 && only?.type === 'put' && only.rules.length === 0) return this.putAll([only.item]);
    for (let attempt = 0; ; attempt += 1) {
      try {
        const items = writes.map((write) => this.transactItem(write));
        await this.send(() => this.client.send(new TransactWriteCommand({ TransactItems: items })));
        return;
      } catch (error) {
        if (!(error instanceof TransactionCanceledException)) throw error;
        const reasons = error.CancellationReasons ?? [];
        if (first && reasons[0]?.Code === 'ConditionalCheckFailed') throw new RecordExistsError();
        const refused = writes.flatMap((write, at) =>
          reasons[at]?.Code === 'ConditionalCheckFailed' ? [{ write, stored: plain(reasons[at]?.Item) }] : [],
        );
        // What was decided on state that has changed is decided anew, rather than refused by another rule.
        const decisive = refused.find(isOutdated) ?? refused[0];
        if (!decisive && !reasons.every((reason) => retryableReasons.has(reason.Code ?? 'None'))) throw error;
        const moved = decisive && refittable(decisive);
        await pauseBefore(attempt + 1);
        if (moved) await this.refit(moved);
        if (Date.now() > patientUntil) throw new DomainError('unavailable', { retryAfterSeconds: 1, cause: error });
      }
    }
  }

  /** Brings a write up to what is stored now. @throws its refusal where there is nothing any more */
  private async refit(write: RefittableWrite): Promise<void> {
    const [stored] = await this.get([write.key]);
    if (!stored) throw refusalOf(write, stored);
    write.refit(stored);
  }

  private transactItem(write: Write) {
    const { condition, update, names, values } = expressionsOf(write);
    const common = {
      TableName: this.tableName,
      ...(condition === undefined ? {} : { ConditionExpression: condition }),
      ...(names === undefined ? {} : { ExpressionAttributeNames: names }),
      ...(values === undefined ? {} : { ExpressionAttributeValues: values }),
      ReturnValuesOnConditionCheckFailure: 'ALL_OLD' as const,
    };
    switch (write.type) {
      case 'put':
        return { Put: { ...common, Item: write.item } };
      case 'delete':
        return { Delete: { ...common, Key: { pk: write.key.pk, sk: write.key.sk } } };
      case 'check':
        return {
          ConditionCheck: {
            ...common,
            ConditionExpression: condition ?? '',
            Key: { pk: write.key.pk, sk: write.key.sk },
          },
        };
      case 'update':
        return {
          Update: { ...common, UpdateExpression: update ?? '', Key: { pk: write.key.pk, sk: write.key.sk } },
        };
    }
  }

  private async send<Answer>(call: () => Promise<Answer>): Promise<Answer> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await call();
      } catch (error) {
        const isHeld = (error as Error).name === 'TransactionConflictException';
        if (!isHeld && !isPassing(error)) throw error;
        if (!isHeld || attempt === attemptsMax)
          throw new DomainError('unavailable', { retryAfterSeconds: 1, cause: error });
      }
      await pauseBefore(attempt);
    }
  }
}

const retryableReasons = new Set([
  'None',
  'TransactionConflict',
  'ThrottlingError',
  'ProvisionedThroughputExceeded',
  'RequestLimitExceeded',
]);

/** Errors that say nothing of the request: throttles, faults of the service, and of the way there. */
const passingErrors = new Set([
  'ProvisionedThroughputExceededException',
  'ThrottlingException',
  'RequestLimitExceeded',
  'TransactionInProgressException',
  'TimeoutError',
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ENOTFOUND',
  'EAI_AGAIN',
]);

/** Whether the same request may go well in a moment. The client has tried several times already. */
function isPassing(error: unknown): boolean {
  const { name, code, $metadata } = error as { name?: string; code?: string; $metadata?: { httpStatusCode?: number } };
  return passingErrors.has(name ?? '') || passingErrors.has(code ?? '') || ($metadata?.httpStatusCode ?? 0) >= 500;
}

/**
 * Asks for all of these, so many at a time, and again for what an answer has left over.
 * @param ask Answers what is left over.
 * @throws `unavailable` where something is left over too often
 */
async function inPortions<Value>(
  all: readonly Value[],
  most: number,
  ask: (some: Value[]) => Promise<Value[] | undefined>,
): Promise<void> {
  for (let at = 0; at < all.length; at += most) {
    let pending = all.slice(at, at + most);
    for (let attempt = 0; pending.length > 0; attempt += 1) {
      if (attempt === attemptsMax) throw new DomainError('unavailable', { retryAfterSeconds: 1 });
      await pauseBefore(attempt);
      pending = (await ask(pending)) ?? [];
    }
  }
}

type RefittableWrite = UpdateWrite & Required<Pick<UpdateWrite, 'refit'>>;

interface RefusedWrite {
  readonly write: Write;
  readonly stored: Record<string, unknown> | undefined;
}

/** Whether its item has changed since it was read, and it does not know how to follow. */
function isOutdated({ write, stored }: RefusedWrite): boolean {
  return !(write.type === 'update' && write.refit) && refusalOf(write, stored) instanceof StaleReadError;
}

/** The refused write, where its item has only moved on and it knows how to follow. @throws its refusal */
function refittable({ write, stored }: RefusedWrite): RefittableWrite {
  const refusal = refusalOf(write, stored);
  if (refusal instanceof StaleReadError && write.type === 'update' && write.refit) return write as RefittableWrite;
  throw refusal;
}

/** Waits with full jitter before every attempt but the first. */
async function pauseBefore(attempt: number): Promise<void> {
  if (attempt === 0) return;
  const longest = Math.min(conflictPauseMillisecondsMax, conflictPauseMilliseconds * 2 ** attempt);
  await new Promise((resolve) => setTimeout(resolve, Math.random() * longest));
}

/** The item inside a refusal, which the document client may leave in DynamoDB's own JSON, as plain values. */
function plain(item: Record<string, unknown> | undefined): Record<string, unknown> | undefined {
  if (!item) return undefined;
  return Object.fromEntries(Object.entries(item).map(([name, value]) => [name, plainValue(value)]));
}

function plainValue(value: unknown): unknown {
  if (value === null || typeof value !== 'object') return value;
  const [[type, inner] = []] = Object.entries(value);
  if (type === 'S' || type === 'BOOL') return inner;
  if (type === 'N') return Number(inner);
  if (type === 'NULL') return null;
  return value;
}
