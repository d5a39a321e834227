import {
  type DynamoDBEngine,
  type DynamoDBEngineName,
  startDynamoDBEngine,
} from '../../infra/local/dynamodb-engine.ts';
import { callDynamoDB } from '../../infra/local/dynamodb-wire.ts';
import { listedAttributes, tableIndexes, tableKeys } from '../../shared/data/table.ts';
import { isShared } from './own-process.ts';

/** A real engine with the table in it. */
export interface TableUnderTest {
  readonly tableName: string;
  readonly engine: DynamoDBEngine;
  stop(): Promise<void>;
}

/** The engine that the tests run on: `TENANTRY_TEST_ENGINE`, by default the embedded one. */
export const engineUnderTest = (process.env.TENANTRY_TEST_ENGINE ?? 'dynoxide') as DynamoDBEngineName;

/** Points what this process does with a table at that of an engine, in the setting of a stage. */
export function pointAt(engineUrl: string, tableName: string): void {
  Object.assign(process.env, {
    AWS_ENDPOINT_URL_DYNAMODB: engineUrl,
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
    TABLE_NAME: tableName,
    ACCESS_TOKEN_SECONDS: '3600',
    REFRESH_TOKEN_SECONDS: '2592000',
    SIGN_UP: 'open',
    CONSOLE_URL: 'http://localhost:3000',
    MAIL_SENDER: 'no-reply@tenantry.example.com',
    AVATARS_DOMAIN: 'avatars.example.com',
  });
}

/** The engine of all files that share this process. The services know its address from the first of them on. */
let sharedEngine: Promise<DynamoDBEngine> | undefined;

/**
 * Starts an engine, makes the table as the deployed one is made, and points this process at it. In a process that files
 * share the engine stays, and each has a new table. The stream is there where asked for.
 */
export async function startTable({ withStream = false } = {}): Promise<TableUnderTest> {
  const tableName = 'tenantry-test';
  const isFirst = sharedEngine === undefined;
  const starting = sharedEngine ?? startDynamoDBEngine({ engine: engineUnderTest });
  if (isShared) sharedEngine = starting;
  const engine = await starting;
  pointAt(engine.url, tableName);
  const ask = (action: string, request: object) => callDynamoDB(engine.url, 'table', action, request);
  if (!isFirst) await ask('DeleteTable', { TableName: tableName });
  const sortKeys = Object.values(tableIndexes).map(({ sortKey }) => sortKey);
  await ask('CreateTable', {
    TableName: tableName,
    BillingMode: 'PAY_PER_REQUEST',
    AttributeDefinitions: [tableKeys.partition, tableKeys.sort, ...sortKeys].map((AttributeName) => ({
      AttributeName,
      AttributeType: 'S',
    })),
    KeySchema: keySchema(tableKeys.sort),
    LocalSecondaryIndexes: Object.entries(tableIndexes).map(([IndexName, { sortKey }]) => ({
      IndexName,
      KeySchema: keySchema(sortKey),
      Projection: { ProjectionType: 'INCLUDE', NonKeyAttributes: [...listedAttributes] },
    })),
    ...(withStream ? { StreamSpecification: { StreamEnabled: true, StreamViewType: 'NEW_AND_OLD_IMAGES' } } : {}),
  });
  return { tableName, engine, stop: isShared ? async () => {} : () => engine.stop() };
}

function keySchema(sortKey: string) {
  return [
    { AttributeName: tableKeys.partition, KeyType: 'HASH' as const },
    { AttributeName: sortKey, KeyType: 'RANGE' as const },
  ];
}
