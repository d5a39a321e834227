import { dayMilliseconds } from '../timestamp.ts';

/** Into so many lists the active organizations of an hour are divided. */
export const rollupShards = 16;

/** The lists are kept for so long: no run looks further back. */
export const rollupLookBackMilliseconds = 40 * dayMilliseconds;
