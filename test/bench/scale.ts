/**
 * `npm run bench:scale`: 10,000 organizations, one of them with a million members and 10,000 requests a second, the
 * others with as many together. The stores of the product choose the keys and the writes, as in a function; only the
 * table behind them counts in place of keeping. Prints what the hottest partitions are asked for against what DynamoDB
 * lets through, how many transactions meet, and how far the rollup falls behind.
 *
 * `-- --requests 1500` gives the large organization another load; `--seconds 10` plays longer.
 */
import { parseArgs } from 'node:util';
import { accessLogStore } from '../../shared/data/access-log-store.ts';
import { authenticationStore } from '../../shared/data/authentication-store.ts';
import { commitChanges } from '../../shared/data/commit-changes.ts';
import { listsCountedSince, noteListsCounted } from '../../shared/data/list-changes.ts';
import { memberStore } from '../../shared/data/member-store.ts';
import { organizationKey, organizationStore } from '../../shared/data/organization-store.ts';
import { TableClient } from '../../shared/data/table-client.ts';
import { Transaction } from '../../shared/data/transaction.ts';
import type { Caller } from '../../shared/domain/access/caller.ts';
import { rateLimits } from '../../shared/domain/access/rate-limits.ts';
import { tenantWithoutCaller } from '../../shared/domain/access/tenant.ts';
import type { AccessEntry } from '../../shared/domain/access-log/access-entry.ts';
import { logShardsAtFirst } from '../../shared/domain/access-log/log-shards.ts';
import { memberCountersChange } from '../../shared/domain/member/member-counters.ts';
import { newMembership } from '../../shared/domain/member/membership.ts';
import type { Organization } from '../../shared/domain/organization/organization.ts';
import { personOf } from '../support/bulk-members.ts';
import { countedTable } from './scale/counted-table.ts';

const { values: options } = parseArgs({
  options: { requests: { type: 'string', default: '10000' }, seconds: { type: 'string', default: '5' } },
});
const requestsPerSecond = Number(options.requests);
const seconds = Number(options.seconds);

const organizations = 10_000;
const members = 1_000_000;
/** How many functions are awake at once: each remembers for itself what it has told already. */
const instances = 1_000;
const requestMilliseconds = [10, 60] as const;
/** Of a hundred requests so many let somebody join, and so many change a member. */
const share = { joins: 1, changes: 4 };
/** An organization with a profile and counters, its customizations small; what else is read is smaller. */
const itemBytes = { organization: 1_500, membership: 600, user: 500, session: 400 };

const hour = Date.UTC(2026, 5, 15, 10);
const large = 1;
const random = randomNumbers();
const table = countedTable(itemBytes);
const client = new TableClient(table.client, 'scale');
noteListsCounted(client, { id: large, [listsCountedSince]: hour });
const authentication = authenticationStore(client);
const stores = { members: memberStore(client), organizations: organizationStore(client) };
const awake = Array.from({ length: instances }, () => ({
  log: accessLogStore(client, () => table.clock.now),
  limits: rateLimits({ session: 100, credential: 500 }, random),
}));

interface Request {
  readonly begun: number;
  readonly ended: number;
  readonly organization: number;
  readonly user: number;
  readonly number: number;
}

const requests: Request[] = [];
for (let number = 0; number < 2 * requestsPerSecond * seconds; number += 1) {
  const begun = Math.floor(hour + random() * seconds * 1_000);
  const [shortest, longest] = requestMilliseconds;
  const organization = number % 2 === 0 ? large : 2 + Math.floor(random() * (organizations - 1));
  const user = organization * 10_000_000 + Math.floor(random() * (organization === large ? members : 100));
  requests.push({
    begun,
    ended: Math.floor(begun + shortest + random() * (longest - shortest)),
    organization,
    user,
    number,
  });
}
const moments = requests
  .flatMap((request) => [
    { at: request.begun, request, isBegin: true },
    { at: request.ended, request, isBegin: false },
  ])
  .sort((one, other) => one.at - other.at);
const shardsRead = new Map<number, number>();
for (const { at, request, isBegin } of moments) {
  table.clock.now = at;
  if (isBegin) await begin(request);
  else await end(request);
}
report();

/** What is read, and counted of the caller, before the work. */
async function begin({ organization, user, number, begun }: Request): Promise<void> {
  await authentication.load({ userId: user, sessionId: user, organizationId: organization });
  const { pk, sk } = organizationKey(organization);
  shardsRead.set(number, table.numbers.get(`${pk}|${sk}|logShards`) ?? logShardsAtFirst);
  const caller = { kind: 'session', session: { id: user }, user: { id: user } } as Caller;
  const standing = instanceOf(number).limits.take(caller, undefined, begun);
  if (standing?.unsettled) await authentication.countRequests(caller, standing.unsettled, undefined);
}

/** The work's own writes, and the access log's. */
async function end(request: Request): Promise<void> {
  const { organization, user, number, begun } = request;
  const kind = Math.floor(number / 2) % 100;
  if (kind < share.joins + share.changes) await changeMembers(request, kind < share.joins);
  const entry = {
    id: `request-${number}`,
    organizationId: organization,
    timestamp: begun,
    user: `person-${user}@example.com`,
    action: 'members.list',
    status: 200,
    method: 'GET',
    path: `/organizations/${organization}/users`,
    ip: '192.0.2.1',
    userAgent: 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36',
    durationMilliseconds: 40,
  } as unknown as AccessEntry;
  await instanceOf(number).log.append([{ entry, shards: shardsRead.get(number) ?? logShardsAtFirst }]);
  shardsRead.delete(number);
}

async function changeMembers({ organization, number, ended }: Request, joins: boolean): Promise<void> {
  const transaction = new Transaction({ email: 'admin@example.com', credentialId: null });
  const of = { id: organization * 10_000_000 } as Organization;
  const person = personOf(of, number, ended);
  const membership = newMembership(organization, person, ['VIEWER'], ended);
  const scope = tenantWithoutCaller(organization);
  if (joins) {
    stores.members.add(transaction, membership, person);
    stores.organizations.change(transaction, scope, { add: memberCountersChange(undefined, membership) });
  } else {
    stores.members.update(transaction, membership, { ...membership, roles: ['ADMIN'] });
    stores.organizations.requireLive(transaction, scope);
  }
  const change = { organizationId: organization, entity: 'member', entityId: String(person.id), action: 'update' };
  transaction.audit({ ...change, before: { roles: ['VIEWER'] }, after: { roles: ['ADMIN'] } } as never);
  const key = { owner: `user-${number}`, endpoint: 'member.update', keyHash: `hash-${number}` };
  const record = { requestHash: 'hash', status: 200, headers: {}, body: '{"id":1}'.padEnd(400), madeId: null };
  await commitChanges(client, transaction, { requestId: `r-${number}`, ip: '192.0.2.1', now: ended }, {
    key,
    record,
  } as never);
}

function instanceOf(number: number) {
  const instance = awake[number % instances];
  if (!instance) throw new RangeError('There is no such instance.');
  return instance;
}

function report(): void {
  const most = { reads: 3_000, writes: 1_000 };
  console.log(
    `${organizations} organizations; one with ${members} members and ${requestsPerSecond} requests a second, the others ` +
      `with as many together. ${share.joins} % let somebody join, ${share.changes} % change a member.\n\n` +
      'The busiest second of the busiest partition of each kind, in units (of 3,000 to read, 1,000 to write):',
  );
  const rows = [...table.hottest()].map(([kind, { reads, writes }]) => ({
    partition: kind,
    reads: reads.units,
    'of 3,000': share100(reads.units / most.reads),
    writes: writes.units,
    'of 1,000': share100(writes.units / most.writes),
    times: Math.max(reads.units / most.reads, writes.units / most.writes),
  }));
  rows.sort((one, other) => other.times - one.times);
  console.table(Object.fromEntries(rows.map(({ partition, times: _, ...row }) => [partition, row])));
  const [first] = rows;
  if (first && first.times > 1) {
    const reached = Math.floor(requestsPerSecond / first.times);
    console.log(`The first limit: partitions ${first.partition}#… are full at ${reached} requests a second.\n`);
  }
  const { made, conflicts } = table.transactions;
  console.log(
    `${Math.round(made / seconds)} transactions a second, each holding its items for ${table.clock.transactionMilliseconds} ms. ` +
      'Met an item that another one held, a second:',
  );
  console.table(
    Object.fromEntries([...conflicts].map(([kind, times]) => [kind, { times: Math.round(times / seconds) }])),
  );
  reportRollup();
}

/**
 * What counting takes: milliseconds of processor an entry, and for each organization, as `npm run bench:rollup` finds
 * them. One part counts one organization; a part has a whole processor at 1,769 MB.
 */
function reportRollup(): void {
  const [perEntry, perOrganization, runSeconds] = [0.025, 12 * 0.6, 300];
  const entriesOfLarge = requestsPerSecond * 3_600;
  console.log('The last run of an hour, which reads all entries of the hour once more, with a whole processor a part:');
  console.table(
    [4, 8, 16].map((parts) => {
      const others = (entriesOfLarge * perEntry + organizations * perOrganization) / parts / 1_000;
      const largest = others + (entriesOfLarge * perEntry) / 1_000;
      return {
        parts,
        'a part without the large one, s': Math.round(others),
        'the part with it, s': Math.round(largest),
        'late by, s': Math.max(0, Math.round(largest - runSeconds)),
      };
    }),
  );
}

function share100(value: number): string {
  return `${Math.round(100 * value)} %`;
}

/** Numbers in [0, 1) that are the same in every run. */
function randomNumbers(): () => number {
  let state = 0x2545f491;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}
