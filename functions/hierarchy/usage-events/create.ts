import * as z from 'zod/mini';
import { hierarchy } from '../../../shared/dialects/hierarchy/envelope.ts';
import { recordUsage } from '../../../shared/domain/usage/record-usage.ts';
import { defineEndpoint } from '../../../shared/http/define-endpoint.ts';
import { respond } from '../../../shared/http/respond.ts';
import { serve } from '../../../shared/runtime/serve.ts';
import { services } from '../../../shared/runtime/services.ts';
import { members, organizations, usage } from '../../../shared/runtime/stores.ts';
import { toUsageEvent, toUsageResult, UsageEventRow, UsageResults } from './wire.ts';

/** Records measurements, each once for ever by its id. A row that would exceed a limit is rejected alone. */
export const endpoint = defineEndpoint(hierarchy, {
  operation: 'usage_event.create',
  method: 'POST',
  path: '/orgs/{org_id}/usage_events',
  summary: 'Record usage',
  permission: 'usage:write',
  table: { actions: ['BatchGetItem', 'PutItem', 'BatchWriteItem', 'UpdateItem', 'ConditionCheckItem'] },
  request: { body: z.strictObject({ events: z.array(UsageEventRow).check(z.minLength(1), z.maxLength(100)) }) },
  responses: { 200: UsageResults },
  errors: [],
  idempotent: true,
});

export const handler = serve(endpoint, { members, organizations, usage }, async ({ body, scope, work, exchange }) => {
  const { key } = exchange.idempotency ?? {};
  const { requestId, ip, now } = work;
  const results = await recordUsage(work, scope, {
    events: body.events.map(toUsageEvent),
    claimant: key ? `${key.owner} ${key.keyHash}` : requestId,
    openChanges: () => services().openChanges(work.changes.author),
    commit: (changes) =>
      services().commit(changes, { requestId, ip, now, patientUntil: exchange.deadline.patientUntil }),
  });
  return respond(200, { results: results.map(toUsageResult) });
});
