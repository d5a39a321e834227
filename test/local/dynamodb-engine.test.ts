import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { startDynamoDBEngine } from '../../infra/local/dynamodb-engine.ts';
import { callDynamoDB } from '../../infra/local/dynamodb-wire.ts';
import { isRunning } from '../../infra/local/is-running.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tenantry-engine-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const table = {
  TableName: 'things',
  BillingMode: 'PAY_PER_REQUEST',
  AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' }],
  KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
};

test('what was acknowledged is there when the engine starts again on its data folder', async () => {
  const first = await startDynamoDBEngine({ dataFolder: folder });
  await callDynamoDB(first.url, 'table', 'CreateTable', table);
  await callDynamoDB(first.url, 'table', 'PutItem', { TableName: 'things', Item: { pk: { S: 'kept' } } });
  if (first.processId !== undefined) process.kill(first.processId, 'SIGKILL');
  await first.ended;

  const second = await startDynamoDBEngine({ dataFolder: folder });
  const read = await callDynamoDB<{ Item?: object }>(second.url, 'table', 'GetItem', {
    TableName: 'things',
    Key: { pk: { S: 'kept' } },
  });
  await second.stop();
  expect(read.Item).toEqual({ pk: { S: 'kept' } });
});

test('the engine ends when the process that started it is killed', async () => {
  const owner = startOwner();
  const [printed] = await once(owner.stdout, 'data');
  const engineId = Number(String(printed));
  expect(isRunning(engineId)).toBe(true);
  owner.kill('SIGKILL');
  await expect.poll(() => isRunning(engineId), { timeout: 5_000 }).toBe(false);
});

const onLinux = process.platform === 'linux';
test.runIf(onLinux)('what is not to be kept is gone with the engine, also where its owner is killed', async () => {
  const engine = await startDynamoDBEngine({ engine: 'dynoxide' });
  const file = fileOf(engine.processId);
  expect(existsSync(file)).toBe(true);
  await engine.stop();
  expect(existsSync(file)).toBe(false);

  const owner = startOwner();
  const [printed] = await once(owner.stdout, 'data');
  const left = fileOf(Number(String(printed)));
  expect(existsSync(left)).toBe(true);
  owner.kill('SIGKILL');
  await expect.poll(() => existsSync(left), { timeout: 5_000 }).toBe(false);
});

test.runIf(onLinux)('what was left where engine and guard were killed as well goes with the next start', async () => {
  const engine = await startDynamoDBEngine({ engine: 'dynoxide' });
  const inUse = dirname(fileOf(engine.processId));
  // No process has this id.
  const left = inUse.replace(`-${process.pid}-`, `-${2 ** 30}-`);
  mkdirSync(left);
  const next = await startDynamoDBEngine({ engine: 'dynoxide' });
  expect([existsSync(left), existsSync(inUse)]).toEqual([false, true]);
  await Promise.all([engine.stop(), next.stop()]);
});

test('no write and no poll reads a stream from its beginning', async () => {
  const engine = await startDynamoDBEngine({ engine: 'dynoxide', dataFolder: folder });
  const database = new DatabaseSync(join(folder, 'dynoxide.sqlite'));
  const planOf = (columns: string, rest: string) =>
    String(database.prepare(`EXPLAIN QUERY PLAN SELECT ${columns} FROM _stream_records WHERE ${rest}`).get()?.detail);
  // As the engine asks.
  const number = 'CAST(sequence_number AS INTEGER)';
  const last = planOf(`COALESCE(MAX(${number}), 0) + 1`, 'table_name = ?');
  const next = planOf('new_image', `table_name = ? AND shard_id = ? AND ${number} > ? ORDER BY ${number} ASC LIMIT ?`);
  const both = planOf('MIN(sequence_number), MAX(sequence_number)', 'table_name = ? AND shard_id = ?');
  database.close();
  await engine.stop();
  expect(last).toBe('SEARCH _stream_records USING COVERING INDEX tenantry_last_record (table_name=?)');
  expect(next).toMatch(
    /^SEARCH _stream_records USING INDEX tenantry_next_records \(table_name=\? AND shard_id=\? AND /,
  );
  expect(both).toMatch(/^SEARCH _stream_records USING COVERING INDEX tenantry_next_records /);
});

test('a data folder that holds no database is refused in a sentence that names it', async () => {
  writeFileSync(join(folder, 'dynoxide.sqlite'), 'this is no database, and never was one: '.repeat(100));
  await expect(startDynamoDBEngine({ engine: 'dynoxide', dataFolder: folder })).rejects.toThrow(
    `The data folder ${folder} cannot be used`,
  );
});

test('a data folder that another engine wrote is refused', async () => {
  writeFileSync(join(folder, 'shared-local-instance.db'), '');
  await expect(startDynamoDBEngine({ engine: 'dynoxide', dataFolder: folder })).rejects.toThrow(
    'another DynamoDB engine',
  );
});

test('an endpoint that nobody answers at is refused in a sentence', { timeout: 10_000 }, async () => {
  await expect(startDynamoDBEngine({ endpoint: 'http://127.0.0.1:1' })).rejects.toThrow('No DynamoDB answers');
  await expect(startDynamoDBEngine({ endpoint: 'nonsense' })).rejects.toThrow('is no address');
});

test('a machine without an engine is told what to install', async () => {
  const path = process.env.PATH;
  process.env.PATH = folder;
  try {
    await expect(startDynamoDBEngine({ engine: 'dynamodb-local' })).rejects.toThrow('install a Java runtime');
  } finally {
    process.env.PATH = path;
  }
});

/** A process that starts an engine and prints its process id. */
function startOwner() {
  const module = fileURLToPath(new URL('../../infra/local/dynamodb-engine.ts', import.meta.url));
  const script = `import { startDynamoDBEngine } from ${JSON.stringify(module)};
    const engine = await startDynamoDBEngine();
    console.log(engine.processId);`;
  return spawn(process.execPath, ['--input-type=module', '--eval', script], { stdio: ['ignore', 'pipe', 'inherit'] });
}

/** The database file that an engine was started with, as Linux tells it. */
function fileOf(processId: number | undefined): string {
  const words = readFileSync(`/proc/${processId}/cmdline`, 'utf8').split('\0');
  return words[words.indexOf('--db-path') + 1] ?? '';
}
