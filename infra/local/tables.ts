import { setTimeout as sleep } from 'node:timers/promises';
import type { TableDefinition } from './application.ts';
import { ClearError } from './clear-error.ts';
import { callDynamoDB, DynamoDBRefusal } from './dynamodb-wire.ts';

interface Index {
  readonly IndexName: string;
  readonly IndexStatus?: string;
}

interface TableDescription {
  readonly TableStatus: string;
  readonly KeySchema: object;
  readonly LocalSecondaryIndexes?: readonly Index[];
  readonly GlobalSecondaryIndexes?: readonly Index[];
  readonly LatestStreamArn?: string;
}

/**
 * Makes a table, or lets the one there is catch up: global indexes, the stream and expiry can come later.
 * @returns the ARN of its stream, where it has one
 * @throws ClearError when the table that is there could never become the wanted one.
 */
export async function ensureTable(url: string, table: TableDefinition): Promise<string | undefined> {
  const call = <Answer>(action: string, request: object) =>
    callDynamoDB<Answer>(url, 'table', action, { TableName: table.name, ...request });
  const describe = async () => (await call<{ Table: TableDescription }>('DescribeTable', {})).Table;

  const existing = await describe().catch((error) => {
    if (error instanceof DynamoDBRefusal && error.code === 'ResourceNotFoundException') return undefined;
    throw error;
  });
  const {
    LocalSecondaryIndexes = [],
    GlobalSecondaryIndexes = [],
    ...rest
  } = table.creation as {
    LocalSecondaryIndexes?: Index[];
    GlobalSecondaryIndexes?: Index[];
    AttributeDefinitions: object[];
    KeySchema: object;
    StreamSpecification?: object;
  };
  if (existing === undefined) await call('CreateTable', table.creation);
  else {
    const sameKeys = JSON.stringify(existing.KeySchema) === JSON.stringify(rest.KeySchema);
    const missing = LocalSecondaryIndexes.filter((index) => !has(existing.LocalSecondaryIndexes, index));
    if (!sameKeys || missing.length > 0) {
      throw new ClearError(
        `The table ${table.name} in the data folder was made with other keys or local indexes, which can never be changed: ` +
          'move the data folder away or choose another one.',
      );
    }
    for (const index of GlobalSecondaryIndexes.filter((index) => !has(existing.GlobalSecondaryIndexes, index))) {
      await call('UpdateTable', {
        AttributeDefinitions: rest.AttributeDefinitions,
        GlobalSecondaryIndexUpdates: [{ Create: index }],
      });
      await untilActive(describe);
    }
    if (existing.LatestStreamArn === undefined && rest.StreamSpecification !== undefined) {
      await call('UpdateTable', { StreamSpecification: rest.StreamSpecification });
    }
  }
  const active = await untilActive(describe);
  if (table.expiryAttribute !== undefined) {
    const { TimeToLiveDescription } = await call<{ TimeToLiveDescription: { TimeToLiveStatus: string } }>(
      'DescribeTimeToLive',
      {},
    );
    if (TimeToLiveDescription.TimeToLiveStatus === 'DISABLED') {
      await call('UpdateTimeToLive', {
        TimeToLiveSpecification: { Enabled: true, AttributeName: table.expiryAttribute },
      });
    }
  }
  return active.LatestStreamArn;
}

function has(indexes: readonly Index[] | undefined, { IndexName }: Index): boolean {
  return indexes?.some((index) => index.IndexName === IndexName) === true;
}

async function untilActive(describe: () => Promise<TableDescription>): Promise<TableDescription> {
  for (;;) {
    const table = await describe();
    const indexesActive = (table.GlobalSecondaryIndexes ?? []).every(({ IndexStatus }) => IndexStatus === 'ACTIVE');
    if (table.TableStatus === 'ACTIVE' && indexesActive) return table;
    await sleep(20);
  }
}
