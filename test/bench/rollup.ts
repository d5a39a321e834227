/**
 * `npm run bench:rollup [-- <organizations> <entries each>]`: how long a part of the rollup takes where so many
 * organizations were active this hour, what it reads and writes, in the units that DynamoDB bills, and how long the
 * processor works for it. The engine is a process of its own, and slower than DynamoDB: the milliseconds are mostly its.
 */
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { accessLogStore } from '../../shared/data/access-log-store.ts';
import { organizationAttributes } from '../../shared/data/items.ts';
import { organizationKey } from '../../shared/data/organization-store.ts';
import { rollupStore } from '../../shared/data/rollup-store.ts';
import { TableClient } from '../../shared/data/table-client.ts';
import type { StoredItem } from '../../shared/data/transaction.ts';
import { logShardsAtFirst } from '../../shared/domain/access-log/log-shards.ts';
import { rollUp } from '../../shared/domain/consumption/roll-up.ts';
import { rollupShards } from '../../shared/domain/consumption/rollup-lists.ts';
import { inParallel } from '../../shared/domain/in-parallel.ts';
import { countersOfNewOrganization, type Organization } from '../../shared/domain/organization/organization.ts';
import { dayMilliseconds, hourMilliseconds, minuteMilliseconds } from '../../shared/domain/timestamp.ts';
import { emptyWallet } from '../../shared/domain/wallet/wallet.ts';
import { startTable } from '../support/table-under-test.ts';

const organizations = Number(process.argv[2] ?? 10_000);
const entriesEach = Number(process.argv[3] ?? 20);
const usersEach = 5;
const entriesAtOnce = 500;

const { tableName, stop } = await startTable();
try {
  const nothing = { calls: 0, readUnits: 0, writeUnits: 0 };
  const spent = { ...nothing };
  const client = new DynamoDBClient({});
  client.middlewareStack.add(
    (next, { commandName = '' }) =>
      async (args) => {
        const answer = await next({ ...args, input: { ...args.input, ReturnConsumedCapacity: 'TOTAL' } });
        const { ConsumedCapacity } = answer.output as { ConsumedCapacity?: { CapacityUnits?: number } | [] };
        spent.calls += 1;
        const isRead = /^(Query|BatchGetItem)Command$/.test(commandName);
        for (const { CapacityUnits = 0 } of [ConsumedCapacity ?? []].flat() as { CapacityUnits?: number }[]) {
          spent[isRead ? 'readUnits' : 'writeUnits'] += CapacityUnits;
        }
        return answer;
      },
    { step: 'initialize' },
  );
  const documents = DynamoDBDocumentClient.from(client, { marshallOptions: { removeUndefinedValues: true } });
  const table = new TableClient(documents, tableName);
  const rollup = rollupStore(table);
  const hour = Math.floor(Date.UTC(2026, 5, 15) / dayMilliseconds) * dayMilliseconds + 10 * hourMilliseconds;
  const shards = [...Array(rollupShards).keys()];
  await rollUp(rollup, { shards }, hour);

  await fill(table, hour);
  // One part of four: what one function does while three others do the same.
  const part = shards.filter((shard) => shard % 4 === 0);
  const first = await measure('the first, half an hour in', hour + 30 * minuteMilliseconds, part);
  const next = await measure('the next', hour + 35 * minuteMilliseconds, part);
  console.table([first, next]);

  async function measure(run: string, asOf: number, of: readonly number[]) {
    Object.assign(spent, nothing);
    const [begun, cpu] = [performance.now(), process.cpuUsage()];
    const summary = await rollUp(rollup, { shards: of }, asOf);
    const milliseconds = Math.round(performance.now() - begun);
    const { user, system } = process.cpuUsage(cpu);
    const cpuMilliseconds = Math.round((user + system) / 1_000);
    const [readUnits, writeUnits] = [Math.round(spent.readUnits), Math.round(spent.writeUnits)];
    return { run, ...summary, milliseconds, cpuMilliseconds, calls: spent.calls, readUnits, writeUnits };
  }
} finally {
  await stop();
}

/** As the API would leave them: organizations, and the requests of an hour to each of them. */
async function fill(table: TableClient, hour: number): Promise<void> {
  // What a request writes by itself is written here by the dozen.
  let entries: StoredItem[] = [];
  const gathering = Object.assign(Object.create(table) as TableClient, {
    async putAll(items: readonly StoredItem[]) {
      entries.push(...items);
    },
  });
  const log = accessLogStore(gathering);
  const ids = Array.from({ length: organizations }, (_, at) => 1_000_000 + at);
  for (let at = 0; at < ids.length; at += 250) {
    const some = ids.slice(at, at + 250).map(organizationOf);
    await table.putAll(some.map((of) => ({ ...organizationKey(of.id), ...organizationAttributes(of) })));
  }
  await inParallel(ids, 8, async (id) => {
    await log.append(
      Array.from({ length: entriesEach }, (_, at) => ({
        entry: {
          id: `${id}-${at}`,
          organizationId: id,
          timestamp: hour + Math.floor((at * 30 * minuteMilliseconds) / entriesEach),
          user: `person-${at % usersEach}@example.com`,
          userId: at % usersEach,
          action: 'ORGANIZATION_READ',
          status: 'SUCCESS',
          ip: '192.0.2.1',
          method: 'GET',
          path: `/orgs/org-${id}`,
          requestId: `${id}-${at}`,
        },
        shards: logShardsAtFirst,
      })),
    );
    if (entries.length < entriesAtOnce) return;
    const some = entries;
    entries = [];
    await table.putAll(some);
  });
  await table.putAll(entries);
}

function organizationOf(id: number): Organization {
  return {
    id,
    name: `Organization ${id}`,
    status: 'active',
    statusReason: null,
    countryCode: null,
    domain: null,
    contact: null,
    avatarUrl: null,
    customizations: {},
    parentId: null,
    ancestors: [],
    levelsBelow: 0,
    levelsRecount: null,
    ownerId: 1,
    logShards: logShardsAtFirst,
    version: 1,
    deletedAt: null,
    createdAt: 0,
    updatedAt: 0,
    counters: countersOfNewOrganization({ isVerified: true }),
    wallet: emptyWallet,
  };
}
