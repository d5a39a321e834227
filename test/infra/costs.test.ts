import { afterAll, beforeAll, expect, test } from 'vitest';
import { type EndpointCost, type RequestCost, readMeasuredUnits } from '../../infra/cost/measured-units.ts';
import { tripsMaxOf } from '../../infra/cost/trip-budget.ts';
import { readRegistry } from '../../infra/endpoint-registry.ts';
import { extentOf } from '../support/extent.ts';
import { type CostMeasurement, openCostMeasurement } from '../support/measured-costs.ts';

const { endpoints: kept } = readMeasuredUnits();
const { endpoints } = await readRegistry();
let measurement: CostMeasurement;

beforeAll(async () => {
  measurement = await openCostMeasurement();
}, 120_000);
afterAll(() => measurement?.close());

test('the table of costs has every endpoint, and no other', () => {
  expect(Object.keys(kept)).toEqual(endpoints.map(({ name }) => name));
});

test('every endpoint costs what the table says (npm run bench:costs -- --small measures it, npm run docs writes it)', async () => {
  const measured = Object.fromEntries(await measurement.measure(10));
  expect(measured).toEqual(Object.fromEntries(Object.entries(kept).map(([name, { small }]) => [name, small])));
}, 240_000);

const large = extentOf({ share: 300, whole: 2_000 });

test(`no endpoint costs more in an organization of ${large} than the table says of one of 100,000`, async () => {
  const dearer = (await measurement.measure(large)).filter(([name, cost]) => {
    const { large: most } = kept[name] as EndpointCost;
    return (Object.keys(most) as (keyof RequestCost)[]).some((figure) => cost[figure] > most[figure]);
  });
  expect(dearer).toEqual([]);
}, 240_000);

test('no endpoint makes more than two trips to read and three to write', () => {
  const over = endpoints.filter(({ name, endpoint }) => {
    const { small, large } = kept[name] as EndpointCost;
    return Math.max(small.trips, large.trips) > tripsMaxOf(endpoint);
  });
  expect(over.map(({ name }) => name)).toEqual([]);
});
