import { execFileSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { readMeasuredUnits } from '../../infra/cost/measured-units.ts';
import { monthlyBill, requestMix } from '../../infra/cost/monthly-bill.ts';
import { ageOfPrices, priceList, prices } from '../../infra/cost/price-list.ts';

const { requests: measured } = readMeasuredUnits();
const deployed = { alarms: 19, dashboards: 1, requestMetrics: 11, idleMetrics: 1 };
const load = { organizations: 1_000, members: 50, requestsPerMonth: 1e7 };

function dollarsOf(item: string, at = load): number {
  return monthlyBill(at, measured, deployed).find((line) => line.item === item)?.dollars ?? Number.NaN;
}

test('every request is of one kind, and each kind was measured', () => {
  expect(Object.values(requestMix).reduce((sum, part) => sum + part, 0)).toBeCloseTo(1, 10);
  for (const kind of Object.keys(requestMix) as (keyof typeof requestMix)[]) {
    expect(measured[kind].readUnits).toBeGreaterThan(0);
    expect(measured[kind].milliseconds).toBeGreaterThan(0);
  }
});

test('a million requests cost at the gateway what the price list says', () => {
  expect(dollarsOf('gateway: requests')).toBeCloseTo(10 * priceList.gatewayMillionRequests, 6);
});

test('units are charged as they were measured, weighed by how often each kind is asked', () => {
  const units = Object.entries(requestMix).reduce(
    (sum, [kind, part]) => sum + part * measured[kind as keyof typeof requestMix].writeUnits,
    0,
  );
  // And one request in twenty writes once more, to count its credential's requests.
  expect(dollarsOf('table: write units')).toBeCloseTo(10 * (units + 1 / 20) * priceList.tableMillionWriteUnits, 6);
});

test('without a request, only what idles is owed', () => {
  const bill = monthlyBill({ ...load, requestsPerMonth: 0 }, measured, deployed);
  for (const { item, dollars, idle } of bill) expect(dollars > 0, item).toBe(idle);
});

test('every price says where it was seen, and the command from when they are', () => {
  for (const [name, price] of Object.entries(prices)) {
    expect(price.by, name).toMatch(/\w{4}/);
    if ('seen' in price) expect(price.seen, name).toMatch(/^20\d\d-\d\d-\d\d$/);
  }
  const { oldest, newest, uncompared } = ageOfPrices();
  expect([oldest <= newest, uncompared.every((name) => name in prices)]).toEqual([true, true]);
  const printed = execFileSync('node', ['infra/cost/print-cost.ts'], { encoding: 'utf8' });
  for (const said of [oldest, newest, ...uncompared]) expect(printed).toContain(said);
  expect(printed).toMatch(/of it when nobody calls +\d+\.\d\d/);
});
