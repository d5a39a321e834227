import { backgroundWith } from '../../shared/runtime/run-in-background.ts';
import { type RuntimeServices, servicesWith } from '../../shared/runtime/services.ts';
import * as stores from '../../shared/runtime/stores.ts';

let all: RuntimeServices | undefined;

/** The services of this process with every store there is: for tests that make and look at what no endpoint does. */
export function services(): RuntimeServices {
  all ??= servicesWith(stores);
  return all;
}

/** Runs a unit of work over every store there is. */
export const runInBackground = backgroundWith(stores);
