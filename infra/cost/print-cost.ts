/**
 * `npm run cost -- --organizations 1000 --members 50 --requests-per-month 1e7`: the AWS bill of a month at this load, and
 * what is owed when nobody calls. The units come from `npm run bench:units`, what watches from the synthesized stacks.
 */
import { parseArgs } from 'node:util';
import { App } from 'aws-cdk-lib';
import { CfnAlarm, CfnDashboard } from 'aws-cdk-lib/aws-cloudwatch';
import { endpointsByDialect, readRegistry } from '../endpoint-registry.ts';
import { stageSettings } from '../stage-settings.ts';
import { addTenantry } from '../tenantry.ts';
import { readMeasuredUnits } from './measured-units.ts';
import { type Deployed, type Load, monthlyBill, requestMix } from './monthly-bill.ts';
import { ageOfPrices } from './price-list.ts';

const number = { type: 'string' } as const;
const { values } = parseArgs({ options: { organizations: number, members: number, 'requests-per-month': number } });

try {
  const load: Load = {
    organizations: count('organizations', 1_000),
    members: count('members', 50),
    requestsPerMonth: count('requests-per-month', 1e7),
  };
  const bill = monthlyBill(load, readMeasuredUnits().requests, await deployed());
  const line = (item: string, dollars: number) => console.log(`${item.padEnd(52)} ${dollars.toFixed(2).padStart(12)}`);
  const sum = (lines: typeof bill) => lines.reduce((total, { dollars }) => total + dollars, 0);

  const { organizations, members, requestsPerMonth } = load;
  console.log(`${organizations} organizations of ${members} members, ${requestsPerMonth} requests a month`);
  const mix = Object.entries(requestMix).map(([kind, part]) => `${kind} ${(part * 100).toFixed(1)} %`);
  console.log(`Requests: ${mix.join(', ')}`);
  const { oldest, newest, uncompared } = ageOfPrices();
  console.log(`Prices in USD of us-east-1, seen between ${oldest} and ${newest}, without the free tier; not compared`);
  console.log(`with AWS's since they were written down: ${uncompared.join(', ')} (infra/cost/price-list.ts)\n`);
  for (const { item, dollars } of bill) line(item, dollars);
  line('a month', sum(bill));
  line('of it when nobody calls', sum(bill.filter(({ idle }) => idle)));
} catch (error) {
  console.error((error as Error).message);
  process.exitCode = 1;
}

function count(name: keyof typeof values, otherwise: number): number {
  const value = values[name] === undefined ? otherwise : Number(values[name]);
  if (!Number.isFinite(value) || value < 0)
    throw new Error(`--${name} is a number of at least 0, not ${values[name]}.`);
  return value;
}

/** Counted in the stacks themselves, so that it is right when something is added. */
async function deployed(): Promise<Deployed> {
  const app = new App();
  const registry = await readRegistry();
  addTenantry(app, { settings: stageSettings('dev'), registry, codeFolderOf: () => import.meta.dirname });
  const resources = app.node.findAll();
  return {
    alarms: resources.filter((resource) => resource instanceof CfnAlarm).length,
    dashboards: resources.filter((resource) => resource instanceof CfnDashboard).length,
    // Duration and ServerErrors of each dialect, and the gateway's throttles.
    requestMetrics: endpointsByDialect(registry).size * 2 + 1,
    // The rollup's runs.
    idleMetrics: 1,
  };
}
