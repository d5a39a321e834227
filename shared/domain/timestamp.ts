/** A moment: milliseconds since 1970-01-01T00:00Z. */
export type Timestamp = number;

export const secondMilliseconds = 1_000;
export const minuteMilliseconds = 60 * secondMilliseconds;
export const hourMilliseconds = 60 * minuteMilliseconds;
export const dayMilliseconds = 24 * hourMilliseconds;

/** ISO 8601 in UTC with milliseconds and `Z`: how every answer spells a moment. */
export function toIso(moment: Timestamp): string {
  return new Date(moment).toISOString();
}

/** The UTC month of a moment, `YYYY-MM`. */
export function monthOf(moment: Timestamp): string {
  return toIso(moment).slice(0, 7);
}

/** The UTC day of a moment, `YYYY-MM-DD`. */
export function dayOf(moment: Timestamp): string {
  return toIso(moment).slice(0, 10);
}

/** The UTC hour of a moment, `YYYY-MM-DDTHH`. */
export function hourOf(moment: Timestamp): string {
  return toIso(moment).slice(0, 13);
}

/** Both ends belong to it. */
export interface TimeSpan {
  readonly from: Timestamp;
  readonly until: Timestamp;
}
