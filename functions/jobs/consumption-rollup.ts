import * as z from 'zod/mini';
import { rollUp } from '../../shared/domain/consumption/roll-up.ts';
import { rollupShards } from '../../shared/domain/consumption/rollup-lists.ts';
import { hourMilliseconds } from '../../shared/domain/timestamp.ts';
import { defineJob } from '../../shared/http/define-job.ts';
import { isoMoment } from '../../shared/http/fields.ts';
import { servicesWith } from '../../shared/runtime/services.ts';
import { rollup } from '../../shared/runtime/stores.ts';

/** In so many parts a schedule starts it, side by side, each for its share of the organizations. */
const parts = 4;

/** How far the run of the night looks back: whatever may have been missed in the day is made good by it. */
const nightlyLookBackHours = 48;

const partSchedules = Array.from({ length: parts }, (_, part) => [
  [`part-${part}`, { at: 'rate(5 minutes)', input: { part, parts } }] as const,
  [
    `nightly-${part}`,
    { at: 'cron(17 2 * * ? *)', input: { part, parts, lookBackHours: nightlyLookBackHours } },
  ] as const,
]);

/** Counts what every organization has consumed, up to the moment at which it begins. Any number of runs do no harm. */
export const job = defineJob({
  name: 'consumption-rollup',
  summary: 'Count what every organization has consumed',
  schedules: Object.fromEntries(partSchedules.flat()),
  table: { actions: ['BatchGetItem', 'Query', 'UpdateItem', 'PutItem', 'BatchWriteItem'] },
  timeoutSeconds: 900,
  memoryMegabytes: 1_024,
  // More would only do the same work again.
  instancesMax: 2 * parts,
});

/** What to do: by default all organizations, from where the last run has ended. */
const Order = z.object({
  part: z._default(z.int().check(z.gte(0)), 0),
  parts: z._default(z.int().check(z.gte(1), z.lte(rollupShards)), 1),
  /** To begin earlier than where the last run has ended. */
  lookBackHours: z.optional(z.number().check(z.gt(0))),
  since: z.optional(isoMoment),
});

/** Answers how many organizations, hours and entries it has counted, until when, and how long that took. */
export const handler = async (event: unknown) => {
  const { stores, now, logger } = servicesWith({ rollup });
  const order = Order.parse(event ?? {});
  const asOf = now();
  const shards = [...Array(rollupShards).keys()].filter((shard) => shard % order.parts === order.part);
  const back = order.lookBackHours === undefined ? undefined : asOf - order.lookBackHours * hourMilliseconds;
  const summary = await rollUp(stores.rollup, { shards, since: order.since ?? back }, asOf);
  // All parts together are one run.
  logger.measure({}, { by: { job: job.name }, values: { RollupRuns: shards.length / rollupShards } });
  return { ...summary, asOf: new Date(asOf).toISOString(), milliseconds: now() - asOf };
};
