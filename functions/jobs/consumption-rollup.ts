import * as z from 'zod/mini';
import { rollUp } from '../../shared/domain/consumption/roll-up.ts';
import { rollupShards } from '../../shared/domain/consumption/rollup-lists.ts';
import { defineJob } from '../../shared/http/define-job.ts';
import { isoMoment } from '../../shared/http/fields.ts';
import { servicesWith } from '../../shared/runtime/services.ts';
import { rollup } from '../../shared/runtime/stores.ts';

/** Counts what every organization has consumed, up to the moment at which it begins. Any number of runs do no harm. */
export const job = defineJob({
  name: 'consumption-rollup',
  summary: 'Count what every organization has consumed',
  schedule: 'rate(5 minutes)',
  table: { actions: ['BatchGetItem', 'Query', 'UpdateItem', 'PutItem', 'BatchWriteItem'] },
  timeoutSeconds: 900,
  memoryMegabytes: 1_024,
  // A second one would only do the same work again.
  instancesMax: 1,
});

/** What an operator may ask for: to begin earlier than where the last run ended. A schedule asks for nothing. */
const Order = z.object({ since: z.optional(isoMoment) });

/** Answers how many organizations, hours and entries it has counted, until when, and how long that took. */
export const handler = async (event: unknown) => {
  const { stores, now, logger } = servicesWith({ rollup });
  const { since } = Order.parse(event ?? {});
  const asOf = now();
  const summary = await rollUp(stores.rollup, { shards: [...Array(rollupShards).keys()], since }, asOf);
  logger.measure({}, { by: { job: job.name }, values: { RollupRuns: 1 } });
  return { ...summary, asOf: new Date(asOf).toISOString(), milliseconds: now() - asOf };
};
