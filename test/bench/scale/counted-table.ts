import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { itemKinds } from '../../../shared/data/table.ts';

/** What a partition is asked for in one second, in the units that DynamoDB allows it: 3,000 to read, 1,000 to write. */
export interface Units {
  reads: number;
  writes: number;
}

/** A table that keeps nothing and counts what it is asked for, by partition and second. */
export interface CountedTable {
  readonly client: DynamoDBDocumentClient;
  /** Says when, in milliseconds, and how long a transaction holds its items. */
  readonly clock: { now: number; readonly transactionMilliseconds: number };
  /** Of each kind of partition the busiest second that one of them had. */
  hottest(): Map<string, { readonly reads: Peak; readonly writes: Peak }>;
  /** Transactions, and how many met an item that another one held at that moment, by kind of item. */
  readonly transactions: { made: number; readonly conflicts: Map<string, number> };
  /** The numbers that updates have brought an attribute to, by key: what the code that spreads asks back for. */
  readonly numbers: Map<string, number>;
}

interface Peak {
  readonly units: number;
  readonly partition: string;
}

/** What an update may be asked to do; conditions are taken to hold. */
interface UpdateRequest {
  readonly Key: Attributes;
  readonly UpdateExpression?: string;
  readonly ExpressionAttributeNames?: Readonly<Record<string, string>>;
  readonly ExpressionAttributeValues?: Attributes;
}

type TransactItem = Readonly<Record<string, { readonly Item?: Attributes; readonly Key?: Attributes }>>;

type Attributes = Readonly<Record<string, unknown>>;

/** Kinds in the order of their keys' lengths: the longest beginning that fits names the kind. */
const beginnings = Object.entries(itemKinds)
  .map(([kind, { pk, sk }]) => ({ kind, pk: pk.split('{')[0] ?? '', sk: sk.split('{')[0] ?? '' }))
  .sort((one, other) => other.pk.length + other.sk.length - one.pk.length - one.sk.length);

const textOf = (value: unknown) => String(value ?? '');

export function countedTable(itemBytes: Readonly<Record<string, number>>): CountedTable {
  const bySecond = new Map<string, Units>();
  const held = new Map<string, number>();
  const numbers = new Map<string, number>();
  const transactions = { made: 0, conflicts: new Map<string, number>() };
  const clock = { now: 0, transactionMilliseconds: 10 };

  function count(pk: string, units: Partial<Units>): void {
    const name = `${pk}|${Math.floor(clock.now / 1_000)}`;
    const present = bySecond.get(name) ?? { reads: 0, writes: 0 };
    present.reads += units.reads ?? 0;
    present.writes += units.writes ?? 0;
    bySecond.set(name, present);
  }

  /** A kilobyte is one unit to write; each local index that an item stands in is one more. */
  function writeUnits(item: Attributes): number {
    const indexes = ['joiningKey', 'nameKey', 'emailKey', 'roleKey'].filter((name) => name in item).length;
    return Math.ceil(JSON.stringify(item).length / 1_024) + indexes;
  }

  const kindOfKey = ({ pk, sk }: Attributes) =>
    beginnings.find((kind) => textOf(pk).startsWith(kind.pk) && textOf(sk).startsWith(kind.sk))?.kind ?? '';
  const readUnits = (key: Attributes) => Math.ceil((itemBytes[kindOfKey(key)] ?? 1_024) / 4_096);

  function update({ Key, UpdateExpression = '', ExpressionAttributeNames, ExpressionAttributeValues }: UpdateRequest) {
    const changed: Record<string, unknown> = {};
    for (const [, name = '', equals, value = ''] of UpdateExpression.matchAll(/(#\w+)( =)? (:\w+)/g)) {
      const attribute = ExpressionAttributeNames?.[name] ?? '';
      const given = ExpressionAttributeValues?.[value];
      if (typeof given !== 'number') continue;
      const key = `${textOf(Key.pk)}|${textOf(Key.sk)}|${attribute}`;
      const number = equals ? given : (numbers.get(key) ?? 0) + given;
      numbers.set(key, number);
      changed[attribute] = number;
    }
    return { Attributes: changed };
  }

  /** Answers a command of the document client. */
  async function send(command: { readonly input: object }) {
    const { input: request } = command;
    switch (command.constructor.name) {
      case 'BatchGetCommand': {
        const { RequestItems } = request as { RequestItems: Record<string, { Keys: readonly Attributes[] }> };
        for (const { Keys } of Object.values(RequestItems)) {
          for (const key of Keys) count(textOf(key.pk), { reads: readUnits(key) });
        }
        return { Responses: {} };
      }
      case 'PutCommand': {
        const { Item } = request as { Item: Attributes };
        count(textOf(Item.pk), { writes: writeUnits(Item) });
        return {};
      }
      case 'UpdateCommand': {
        const { Key } = request as UpdateRequest;
        count(textOf(Key.pk), { writes: 1 });
        return update(request as UpdateRequest);
      }
      case 'TransactWriteCommand': {
        transactions.made += 1;
        const { TransactItems } = request as { TransactItems: readonly TransactItem[] };
        for (const item of TransactItems) {
          for (const [action, { Item, Key }] of Object.entries(item)) {
            const key = Item ?? Key ?? {};
            // What a list shows of a member stands in every index.
            const indexes = action === 'Update' && kindOfKey(key) === 'membership' ? 4 : 0;
            const whole = Math.ceil((itemBytes[kindOfKey(key)] ?? 1_024) / 1_024);
            // Twice: a transaction prepares, then commits.
            count(textOf(key.pk), { writes: 2 * (Item ? writeUnits(Item) : whole + indexes) });
            const name = `${textOf(key.pk)}|${textOf(key.sk)}`;
            if (clock.now < (held.get(name) ?? 0)) {
              const kind = kindOfKey(key);
              transactions.conflicts.set(kind, (transactions.conflicts.get(kind) ?? 0) + 1);
            }
            held.set(name, clock.now + clock.transactionMilliseconds);
          }
        }
        return {};
      }
      default:
        throw new Error(`Nothing counts a ${command.constructor.name}.`);
    }
  }

  return {
    client: { send } as unknown as DynamoDBDocumentClient,
    clock,
    transactions,
    numbers,
    hottest() {
      const peaks = new Map<string, { reads: Peak; writes: Peak }>();
      for (const [name, { reads, writes }] of bySecond) {
        const partition = name.slice(0, name.lastIndexOf('|'));
        const kind = partition.split('#')[0] ?? '';
        const nothing = { units: 0, partition: '' };
        const present = peaks.get(kind) ?? { reads: nothing, writes: nothing };
        if (reads > present.reads.units) present.reads = { units: reads, partition };
        if (writes > present.writes.units) present.writes = { units: writes, partition };
        peaks.set(kind, present);
      }
      return peaks;
    },
  };
}
