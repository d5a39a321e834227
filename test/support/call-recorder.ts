import { S3Client } from '@aws-sdk/client-s3';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';

/** One call to an AWS service. */
export interface RecordedCall {
  /** As the service names it: `BatchGetItem`. */
  readonly operation: string;
  /** The kind of the one item that it puts or updates; undefined for all other calls. */
  readonly itemKind: string | undefined;
  /** When it was made and answered, among all calls and answers: counted, so that no clock has a say. */
  readonly begin: number;
  readonly end: number;
  /** What DynamoDB bills for it; 0 for what it refuses (it does not say), and for calls to other services. */
  readonly units: number;
}

/** What this process asks of AWS services. */
export interface CallRecorder {
  readonly calls: RecordedCall[];
  stop(): void;
}

interface Command {
  readonly input: {
    ReturnConsumedCapacity?: string;
    readonly Item?: { readonly kind?: unknown };
    readonly UpdateExpression?: string;
    readonly ExpressionAttributeValues?: Readonly<Record<string, unknown>>;
  };
}

interface CapacityUnits {
  readonly CapacityUnits?: number;
}

type Send = (command: Command, ...rest: unknown[]) => Promise<{ ConsumedCapacity?: CapacityUnits | CapacityUnits[] }>;

/** Commands of the document client that the service has a longer name for. */
const longerNames: Readonly<Record<string, string>> = {
  Get: 'GetItem',
  Put: 'PutItem',
  Update: 'UpdateItem',
  Delete: 'DeleteItem',
  BatchGet: 'BatchGetItem',
  BatchWrite: 'BatchWriteItem',
  TransactWrite: 'TransactWriteItems',
};

/**
 * Writes down every call of this process from now on, and has DynamoDB say what it bills.
 *
 * @param options.inRounds Holds answers back until all calls under way have theirs, and hands them out together. Then
 * a call that ends before another begins is one that the other waited for, and no accident: of one request at a time.
 */
export function recordCalls({ inRounds = false } = {}): CallRecorder {
  const calls: RecordedCall[] = [];
  let [underWay, held] = [0, [] as (() => void)[]];
  const endOfRound = () =>
    new Promise<void>((resolve) => {
      held.push(resolve);
      // Whatever else begins at this moment has begun by then.
      setImmediate(() => {
        if (held.length < underWay) return;
        const answered = held;
        [underWay, held] = [0, []];
        for (const handOut of answered) handOut();
      });
    });
  let moment = 0;
  const listened = [DynamoDBDocumentClient.prototype, S3Client.prototype] as unknown as { send: Send }[];
  const originals = listened.map(({ send }) => send);
  for (const [at, client] of listened.entries()) {
    const send = originals[at] as Send;
    client.send = async function (this: unknown, command, ...rest) {
      const name = command.constructor.name.replace(/Command$/, '');
      moment += 1;
      const begin = moment;
      if (at === 0) command.input.ReturnConsumedCapacity = 'TOTAL';
      underWay += 1;
      let units = 0;
      try {
        const answer = await send.call(this, command, ...rest);
        for (const { CapacityUnits = 0 } of [answer.ConsumedCapacity ?? []].flat()) units += CapacityUnits;
        return answer;
      } finally {
        if (inRounds) await endOfRound();
        moment += 1;
        calls.push({ operation: longerNames[name] ?? name, itemKind: itemKindOf(command), begin, end: moment, units });
      }
    };
  }
  return {
    calls,
    stop() {
      for (const [at, client] of listened.entries()) client.send = originals[at] as Send;
    },
  };
}

/** Whether DynamoDB bills write units for it. */
export function isWrite({ operation }: RecordedCall): boolean {
  return /^(Put|Update|Delete|BatchWrite|TransactWrite)/.test(operation);
}

/** How many of these calls had to wait for one another, one after the other, at most. */
export function roundTripsOf(calls: readonly RecordedCall[]): number {
  const depths: number[] = [];
  const inOrder = calls.toSorted((one, other) => one.begin - other.begin);
  for (const { begin } of inOrder) {
    const before = depths.filter((_, at) => (inOrder[at]?.end ?? begin) < begin);
    depths.push(Math.max(0, ...before) + 1);
  }
  return Math.max(0, ...depths);
}

function itemKindOf({ input: { Item, UpdateExpression = '', ExpressionAttributeValues = {} } }: Command) {
  const [, placeholder = ''] = /#kind = (:\d+)/.exec(UpdateExpression) ?? [];
  const kind = Item?.kind ?? ExpressionAttributeValues[placeholder];
  return typeof kind === 'string' ? kind : undefined;
}
