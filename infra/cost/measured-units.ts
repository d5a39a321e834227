import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Measured } from './monthly-bill.ts';

/** What one request to an endpoint takes, in an instance that knows its organization and its credential already. */
export interface RequestCost {
  /** As DynamoDB bills them; what stream consumers do later is not in them. */
  readonly readUnits: number;
  readonly writeUnits: number;
  /** Calls that had to wait for one another before the answer was known, behind the one that authenticates. */
  readonly trips: number;
  /** Calls to AWS services in all, with authentication and the access log. */
  readonly calls: number;
}

/** In how large an organization each endpoint is measured, in members. */
export const costSizes = { small: 10, large: 100_000 } as const;

export type EndpointCost = Readonly<Record<keyof typeof costSizes, RequestCost>>;

/** Everything that was measured, as `npm run bench:units` has written it. */
export interface MeasuredUnits {
  /** Of the requests that the monthly bill counts, with what follows from them by the stream. */
  readonly requests: Measured;
  /** Of each endpoint, by its name in the registry. */
  readonly endpoints: Readonly<Record<string, EndpointCost>>;
}

const file = join(import.meta.dirname, 'measured-units.json');

export function readMeasuredUnits(): MeasuredUnits {
  return JSON.parse(readFileSync(file, 'utf8'));
}

/** Replaces what was measured anew. */
export function writeMeasuredUnits(measured: Partial<MeasuredUnits>): void {
  const text = JSON.stringify({ ...readMeasuredUnits(), ...measured }, null, 2);
  // The figures of one request on one line.
  const compact = text.replace(/\{[^{}]+\}/g, (figures) => figures.replace(/\s+/g, ' '));
  writeFileSync(file, `${compact}\n`);
}
