/**
 * `npm run bench:lists [-- <members> …]`: what a page of an organization's users takes, at each of these sizes, by default
 * 100, 10,000 and 1,000,000: round trips one after the other behind authentication, the units that DynamoDB bills, and
 * milliseconds beside those of reading one item. Then, what it costs that twenty clients add a thousand members at once.
 * The engine is the embedded one: its milliseconds say less than its units.
 */
import '../support/quiet-log.ts';
import { keepList } from '../../shared/data/list-keeper.ts';
import { memberOrders } from '../../shared/data/order-keys.ts';
import { tenantWithoutCaller } from '../../shared/domain/access/tenant.ts';
import type { Organization } from '../../shared/domain/organization/organization.ts';
import { services } from '../support/all-services.ts';
import { addMembersInBulk, personOf, userItems } from '../support/bulk-members.ts';
import { openBundledApi } from '../support/bundled-api.ts';
import { isWrite, recordCalls } from '../support/call-recorder.ts';
import { openApi } from '../support/in-process-api.ts';
import { measurePage, pageRequest } from '../support/measured-pages.ts';
import { anOrganization, signedIn, somebody } from '../support/people-and-organizations.ts';
import { startTable } from '../support/table-under-test.ts';
import { type Goal, printGoals } from './goals.ts';

const sizes = process.argv.length > 2 ? process.argv.slice(2).map(Number) : [100, 10_000, 1_000_000];
const pageSize = 25;
const repetitions = 7;
/** More people than this are left out of the table: no list reads them, and they take most of the time to fill it. */
const peopleMax = 10_000;

// Nobody follows the stream here, and it slows the engine down.
const table = await startTable();
const recorder = recordCalls();
/** Whose calls are counted. */
const call = await openApi();
/** What is deployed, whose milliseconds are measured. */
const callBundled = await openBundledApi();
try {
  const goals: Goal[] = [];
  for (const size of sizes) goals.push(...(await measureLists(size)));
  await measureJoining(500, 20);
  printGoals(goals);
} finally {
  recorder.stop();
  await table.stop();
}

async function measureLists(members: number): Promise<Goal[]> {
  const { organization, headers } = await anOwnersOrganization();
  const begun = performance.now();
  await addMembersInBulk(organization, members - 1, { withPeople: members <= peopleMax });
  console.log(`\n${members} members, filled and counted in ${Math.round((performance.now() - begun) / 1_000)} s`);
  const last = Math.ceil(members / pageSize) - 1;
  const rows = [];
  for (const order of memberOrders) {
    for (const descending of [false, true]) {
      for (const [page, numbers] of Object.entries({
        first: [0],
        middle: [last >> 1, last >> 2, last - (last >> 2)],
        last: [last],
      })) {
        rows.push(await measureRow(organization, headers, { order, descending }, page, numbers));
      }
    }
  }
  console.table(rows);
  return goalsOf(members, rows);
}

type Row = Awaited<ReturnType<typeof measureRow>>;

function goalsOf(members: number, rows: readonly Row[]): Goal[] {
  const trips = Math.max(...rows.map(({ roundTrips }) => roundTrips));
  const units = Math.max(...rows.map(({ readUnits }) => readUnits));
  const of = (wanted: string) => rows.filter(({ page }) => page === wanted).map(({ milliseconds }) => milliseconds);
  const deepest = Math.max(middleOf(of('middle')), middleOf(of('last')));
  const times = deepest / middleOf(of('first'));
  const what = (name: string) => `lists of ${members.toLocaleString('en')} members: ${name}`;
  return [
    { what: what('trips'), figure: String(trips), goal: 'at most 2 behind authentication', isMet: trips <= 2 },
    { what: what('read units'), figure: String(units), goal: 'at most 20', isMet: units <= 20 },
    { what: what('deepest page'), figure: `${times.toFixed(1)} times the first`, goal: 'at most 2', isMet: times <= 2 },
  ];
}

async function measureRow(
  organization: Organization,
  headers: Record<string, string>,
  sort: { readonly order: (typeof memberOrders)[number]; readonly descending: boolean },
  page: string,
  numbers: readonly number[],
) {
  const measured = [];
  const milliseconds: number[] = [];
  const single = [];
  for (let time = 0; time < repetitions; time += 1) {
    for (const number of numbers) {
      const of = { organizationId: organization.id, ...sort, number, size: pageSize };
      const each = await measurePage(call, recorder, headers, of);
      if (each.answer.status !== 200) throw new Error(each.answer.text);
      measured.push(each);
      const request = pageRequest(headers, of);
      const began = performance.now();
      await callBundled(request);
      milliseconds.push(performance.now() - began);
    }
    const begin = performance.now();
    await services().stores.members.get(tenantWithoutCaller(organization.id), organization.ownerId);
    single.push(performance.now() - begin);
  }
  return {
    order: sort.order,
    direction: sort.descending ? 'down' : 'up',
    page,
    roundTrips: Math.max(...measured.map(({ roundTrips }) => roundTrips)),
    readUnits: Math.round(Math.max(...measured.map(({ readUnits }) => readUnits)) * 10) / 10,
    milliseconds: middleOf(milliseconds),
    oneItem: middleOf(single),
  };
}

/** How long single adds take while many add to one organization, and how often one is begun anew. */
async function measureJoining(count: number, clients: number): Promise<void> {
  const { organization, headers } = await anOwnersOrganization();
  await addMembersInBulk(organization, 500);
  const people = Array.from({ length: count }, (_, at) => personOf(organization, 1_000 + at, Date.now()));
  await services().table.putAll(people.flatMap(userItems));
  const path = `/organizations/${organization.id}/users`;
  const add = async (id: number) => {
    const body = { user_ids: [id], role: 'VIEWER', is_active: true };
    const begin = performance.now();
    const answer = await call({ method: 'POST', path, headers, body });
    if (answer.status !== 200) throw new Error(answer.text);
    return performance.now() - begin;
  };
  const rows = [];
  const waiting = people.map(({ id }) => id);
  for (const [atOnce, share] of [
    [1, 100],
    [clients, count - 100],
  ] as const) {
    const own = waiting.splice(0, share);
    recorder.calls.length = 0;
    const milliseconds: number[] = [];
    const begin = performance.now();
    const client = async () => {
      for (let id = own.pop(); id !== undefined; id = own.pop()) milliseconds.push(await add(id));
    };
    await Promise.all(Array.from({ length: atOnce }, client));
    const seconds = (performance.now() - begin) / 1_000;
    const commits = recorder.calls.filter(({ operation }) => operation === 'TransactWriteItems');
    const sorted = milliseconds.toSorted((one, other) => one - other);
    rows.push({
      clients: atOnce,
      added: share,
      perSecond: Math.round(share / seconds),
      middle: middleOf(sorted),
      slowestTwentieth: Math.round(sorted[Math.floor(sorted.length * 0.95)] ?? 0),
      transactions: commits.length,
      begunAnew: commits.length - share,
      writeUnitsEach: Math.round(commits.reduce((sum, { units }) => sum + units, 0) / share),
    });
  }
  console.log(`\n${count} members added one by one to an organization of 501`);
  console.table(rows);
  await measureCounting(organization.id, count);
}

/** What it takes to count so many changes in. */
async function measureCounting(organizationId: number, changes: number): Promise<void> {
  recorder.calls.length = 0;
  const begin = performance.now();
  for (const order of memberOrders) await keepList(services().table, { organizationId, order }, Date.now());
  const units = (written: boolean) =>
    recorder.calls.filter((each) => isWrite(each) === written).reduce((sum, each) => sum + each.units, 0);
  console.log(`\nthe ${changes} counted into the four lists`);
  console.table([
    {
      milliseconds: Math.round(performance.now() - begin),
      transactions: recorder.calls.filter(({ operation }) => operation === 'TransactWriteItems').length,
      readUnitsEach: Math.round((10 * units(false)) / changes) / 10,
      writeUnitsEach: Math.round((10 * units(true)) / changes) / 10,
    },
  ]);
}

async function anOwnersOrganization(): Promise<{ organization: Organization; headers: Record<string, string> }> {
  const owner = await somebody();
  return { organization: await anOrganization(owner), headers: await signedIn(owner) };
}

function middleOf(values: readonly number[]): number {
  const sorted = values.toSorted((one, other) => one - other);
  return Math.round((sorted[sorted.length >> 1] ?? 0) * 10) / 10;
}
