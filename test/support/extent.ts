const { TENANTRY_TEST_TIMES: timesGiven, TENANTRY_TEST_EXTENT: extentGiven } = process.env;

/** Whether this is `npm run test:long`. */
export const isLong = timesGiven !== undefined;

/** How many times the whole is run, with new seeds, in `npm run test:long`. */
export const times = Number(timesGiven ?? 1);

/** How far tests go that try every place there is, or as many chances as there is time for. */
interface Extents<Value> {
  /** In `npm test`. */
  readonly share: Value;
  /** In `npm run test:all`, which `npm run check` runs, and in all that goes further. */
  readonly whole: Value;
}

/** How far such a test goes in this run. */
export function extentOf<Value>({ share, whole }: Extents<Value>): Value {
  return isLong || extentGiven === 'whole' ? whole : share;
}
