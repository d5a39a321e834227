/**
 * `npm run bench:rollup [-- <organizations> <entries each>]`: how long the rollup takes over so many organizations that
 * were active this hour, and what it reads and writes, in the units that DynamoDB bills. The engine is the embedded
 * one: its milliseconds say less than its units.
 */
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { accessLogStore } from '../../shared/data/access-log-store.ts';
import { organizationAttributes } from '../../shared/data/items.ts';
import { organizationKey } from '../../shared/data/organization-store.ts';
import { rollupStore } from '../../shared/data/rollup-store.ts';
import { TableClient } from '../../shared/data/table-client.ts';
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

const { tableName, stop } = await startTable();
try {
  const spent = { calls: 0, units: 0 };
  const client = new DynamoDBClient({});
  client.middlewareStack.add(
    (next) => async (args) => {
      const answer = await next({ ...args, input: { ...args.input, ReturnConsumedCapacity: 'TOTAL' } });
      const { ConsumedCapacity } = answer.output as { ConsumedCapacity?: { CapacityUnits?: number } | [] };
      spent.calls += 1;
      for (const { CapacityUnits = 0 } of [ConsumedCapacity ?? []].flat() as { CapacityUnits?: number }[]) {
        spent.units += CapacityUnits;
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
  const first = await measure('first run, half an hour in', hour + 30 * minuteMilliseconds, shards);
  const again = await measure('the next run, nothing new', hour + 35 * minuteMilliseconds, shards);
  const part = await measure(
    'the same, one part of four',
    hour + 40 * minuteMilliseconds,
    shards.filter((shard) => shard % 4 === 0),
  );
  console.table([first, again, part]);

  async function measure(run: string, asOf: number, of: readonly number[]) {
    Object.assign(spent, { calls: 0, units: 0 });
    const begun = performance.now();
    const summary = await rollUp(rollup, { shards: of }, asOf);
    const milliseconds = Math.round(performance.now() - begun);
    return { run, ...summary, milliseconds, calls: spent.calls, units: Math.round(spent.units) };
  }
} finally {
  await stop();
}

/** As the API would leave them: organizations, and the requests of an hour to each of them. */
async function fill(table: TableClient, hour: number): Promise<void> {
  const log = accessLogStore(table);
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
  });
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
