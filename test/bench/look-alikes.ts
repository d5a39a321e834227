/**
 * `npm run bench:look-alikes`: asks, in turn and many times, for what is there and for what is not, and holds the times
 * against each other: the medians, and how often the one took longer than the other (a sign test). Ends with 1 where the
 * time tells them apart. A quiet machine tells more; `TENANTRY_TEST_TIMES` asks longer.
 */
import '../support/quiet-log.ts';
import { passwordHashOf } from '../functions/auth/passwords.ts';
import { type ApiRequest, openApi } from '../support/in-process-api.ts';
import { everyLookAlike } from '../support/look-alikes.ts';
import { startTable } from '../support/table-under-test.ts';

const rounds = 100 * Number(process.env.TENANTRY_TEST_TIMES ?? 1);
/** So far from even are the signs of what is alike once in some ten thousand times. */
const deviationsMax = 4;
/** What was found has to be read, which takes some tenths of a millisecond: less than one call to the table varies by. */
const alikeWithinMilliseconds = 1;

const table = await startTable();
const call = await openApi();
const took = async (request: ApiRequest): Promise<number> => {
  const began = performance.now();
  await call(request);
  return performance.now() - began;
};
const median = (values: readonly number[]) => [...values].sort((one, other) => one - other)[values.length >> 1] ?? 0;

for (const { name, known, unknown } of await everyLookAlike(await passwordHashOf('Correct-Horse-7'))) {
  const there: number[] = [];
  const notThere: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const [one, other] = [await known(), await unknown()];
    // Whoever comes second finds everything warm: they take turns in that.
    if (round % 2 === 0) {
      there.push(await took(one));
      notThere.push(await took(other));
    } else {
      notThere.push(await took(other));
      there.push(await took(one));
    }
  }
  const longer = there.filter((time, at) => time > (notThere[at] ?? 0)).length;
  const deviations = Math.abs(longer - rounds / 2) / Math.sqrt(rounds / 4);
  const apart = Math.abs(median(there) - median(notThere));
  const isAlike = deviations < deviationsMax || apart < alikeWithinMilliseconds;
  if (!isAlike) process.exitCode = 1;
  const medians = [there, notThere].map((times) => `${median(times).toFixed(2)} ms`).join(' and ');
  process.stdout.write(`${isAlike ? 'alike ' : 'DIFFER'}  ${name}: ${medians}, longer ${longer} of ${rounds} times\n`);
}
await table.stop();
