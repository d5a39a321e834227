/**
 * `npm run bench:costs`: asks every endpoint in an organization of 10 members and in one of 100,000, and writes what that
 * took to `infra/cost/measured-units.json`; `npm run docs` makes `docs/costs.md` of it. Prints what is not as before.
 *
 * Filling the large organization takes some minutes. `-- --small` does without: what an endpoint takes more or less at 10
 * members than it did, it is taken to take at 100,000. A test holds that against an organization of 2,000.
 */
import '../support/quiet-log.ts';
import { parseArgs } from 'node:util';
import {
  costSizes,
  type EndpointCost,
  type RequestCost,
  readMeasuredUnits,
  writeMeasuredUnits,
} from '../../infra/cost/measured-units.ts';
import { openCostMeasurement } from '../support/measured-costs.ts';

const { values: options } = parseArgs({ options: { small: { type: 'boolean', default: false } } });

const { endpoints: before } = readMeasuredUnits();
const measurement = await openCostMeasurement();
try {
  const small = await measurement.measure(costSizes.small);
  const large = options.small ? undefined : new Map(await measurement.measure(costSizes.large));
  const endpoints = Object.fromEntries(
    small.map(([name, cost]) => [name, { small: cost, large: large?.get(name) ?? movedBy(cost, before[name]) }]),
  );
  writeMeasuredUnits({ endpoints });
  for (const [name, cost] of Object.entries(endpoints)) {
    const [was, is] = [JSON.stringify(before[name]), JSON.stringify(cost)];
    if (was !== is) console.log(`${name}\n  was ${was}\n  is  ${is}`);
  }
} finally {
  await measurement.close();
}

/** The figures of the large organization, changed by as much as those of the small one. */
function movedBy(small: RequestCost, before: EndpointCost = { small, large: small }): RequestCost {
  const moved = (figure: keyof RequestCost) => before.large[figure] + small[figure] - before.small[figure];
  return {
    readUnits: moved('readUnits'),
    writeUnits: moved('writeUnits'),
    trips: moved('trips'),
    calls: moved('calls'),
  };
}
