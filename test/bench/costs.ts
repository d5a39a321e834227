/**
 * `npm run bench:costs`: asks every endpoint in an organization of 10 members and in one of 100,000, and writes what that
 * took to `infra/cost/measured-units.json`; `npm run docs` makes `docs/costs.md` of it. Prints what is not as before.
 */
import '../support/quiet-log.ts';
import { costSizes, readMeasuredUnits, writeMeasuredUnits } from '../../infra/cost/measured-units.ts';
import { openCostMeasurement } from '../support/measured-costs.ts';

const { endpoints: before } = readMeasuredUnits();
const measurement = await openCostMeasurement();
try {
  const small = await measurement.measure(costSizes.small);
  const large = await measurement.measure(costSizes.large);
  const endpoints = Object.fromEntries(
    small.map(([name, cost], at) => [name, { small: cost, large: large[at]?.[1] ?? cost }]),
  );
  writeMeasuredUnits({ endpoints });
  for (const [name, cost] of Object.entries(endpoints)) {
    const [was, is] = [JSON.stringify(before[name]), JSON.stringify(cost)];
    if (was !== is) console.log(`${name}\n  was ${was}\n  is  ${is}`);
  }
} finally {
  await measurement.close();
}
