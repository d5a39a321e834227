/**
 * `npm run rehearse:restore`: restores the table of a deployed stage into a new one, loses what is in the stage's own,
 * and makes it what the restored one is, as docs/operating.md says: what was lost is back, what came since is gone.
 * MiniStack restores the present, whatever moment it is asked for, and does not hear of point-in-time recovery from a
 * template: what it cannot show is that the past comes back.
 */
import { strict as assert } from 'node:assert';
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import {
  BatchWriteItemCommand,
  DescribeTableCommand,
  DynamoDBClient,
  PutItemCommand,
  RestoreTableToPointInTimeCommand,
  UpdateContinuousBackupsCommand,
  type WriteRequest,
  waitUntilTableExists,
} from '@aws-sdk/client-dynamodb';
import { deploy, openAccount, projectFolder } from './deployment.ts';
import { inRehearsal, open } from './in-rehearsal.ts';
import { lastingItems, storeSomething } from './stored-before.ts';

const batchItemsMax = 25;

await inRehearsal(async (rehearsal) => {
  const { ministack, folder, say } = rehearsal;
  say('Deploying.');
  await openAccount(ministack);
  const deployment = await deploy(ministack, folder, { stage: 'dev' });
  process.env.TENANTRY_RUN_FILE = await open(rehearsal, deployment);
  const stage = { TableName: deployment.tableName };
  const restored = { TableName: 'tenantry-dev-restored' };
  const look = await storeSomething();
  const seen = await look();
  const before = await lastingItems(stage.TableName);

  const client = new DynamoDBClient();
  const recovery = { PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true } };
  await client.send(new UpdateContinuousBackupsCommand({ ...stage, ...recovery }));
  await client.send(
    new RestoreTableToPointInTimeCommand({
      SourceTableName: stage.TableName,
      TargetTableName: restored.TableName,
      UseLatestRestorableTime: true,
    }),
  );
  await waitUntilTableExists({ client, maxWaitTime: 60 }, restored);
  const [made, own] = await Promise.all(
    [restored, stage].map(async (table) => (await client.send(new DescribeTableCommand(table))).Table),
  );
  const indexes = (table: typeof own) => table?.LocalSecondaryIndexes?.map(({ IndexName }) => IndexName).sort();
  assert.deepEqual(indexes(made), indexes(own));
  assert.deepEqual(await lastingItems(restored.TableName), before);
  say(`Restored into ${restored.TableName}: ${before.size} items, the local indexes.`);

  const lost = [...before.values()].map(({ pk, sk }) => ({ DeleteRequest: { Key: { pk, sk } as never } }));
  await writeAll(client, stage.TableName, lost);
  assert.deepEqual((await look()).statuses, [401, 401, 401]);
  say('Everything in the table of the stage is lost. Copying it back.');

  await client.send(
    new PutItemCommand({ ...stage, Item: { pk: { S: 'ORG#1' }, sk: { S: 'ORG' }, kind: { S: 'since' } } }),
  );
  const args = ['infra/restore-table.ts', '--from', restored.TableName, '--to', stage.TableName];
  const { stdout } = await promisify(execFile)('node', args, { cwd: projectFolder });
  say(stdout.trimEnd());
  assert.ok(!(await lastingItems(stage.TableName)).has('ORG#1 ORG'));
  assert.deepEqual(await look(), seen);
  say('Sessions and keys of before work, and see what they saw.');
});

async function writeAll(client: DynamoDBClient, tableName: string, writes: readonly WriteRequest[]): Promise<void> {
  for (let at = 0; at < writes.length; at += batchItemsMax) {
    const { UnprocessedItems = {} } = await client.send(
      new BatchWriteItemCommand({ RequestItems: { [tableName]: writes.slice(at, at + batchItemsMax) } }),
    );
    assert.deepEqual(UnprocessedItems, {});
  }
}
