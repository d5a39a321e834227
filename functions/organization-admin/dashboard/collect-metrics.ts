import * as z from 'zod/mini';
import { organizationAdmin, succeeded, successOf } from '../../../shared/dialects/organization-admin/envelope.ts';
import { collectMetrics } from '../../../shared/domain/organization/collect-metrics.ts';
import { toIso } from '../../../shared/domain/timestamp.ts';
import { defineEndpoint } from '../../../shared/http/define-endpoint.ts';
import { respond } from '../../../shared/http/respond.ts';
import { serve } from '../../../shared/runtime/serve.ts';
import { consumption, invitationList } from '../../../shared/runtime/stores.ts';

/** How the organization is doing, from figures that are kept up to date elsewhere. Changes nothing. */
export const endpoint = defineEndpoint(organizationAdmin, {
  operation: 'metrics.collect',
  method: 'GET',
  path: '/clients/v1/organization-admin/dashboard/collect-metrics',
  summary: 'Collect metrics',
  permission: 'metrics:read',
  table: { actions: ['BatchGetItem', 'Query'], indexes: ['inOrderOfJoining'] },
  request: {},
  responses: {
    200: successOf(
      z.object({
        members: z.object({
          total: z.int(),
          active: z.int(),
          verified: z.int(),
          locked: z.int(),
          pending_invitations: z.int(),
        }),
        // Sums, which may grow beyond what `z.int` takes.
        storage: z.object({ bytes_limit: z.nullable(z.number()), bytes_used: z.number() }),
        api_calls: z.object({ today: z.int(), this_month: z.int() }),
        sign_ins: z.object({ last_24_hours: z.object({ succeeded: z.int(), failed: z.int() }) }),
        wallet: z.object({ balance: z.int(), sms_points: z.int() }),
        children: z.object({ total: z.int() }),
        collected_at: z.iso.datetime(),
      }),
    ),
  },
  errors: [],
});

export const handler = serve(endpoint, { consumption, invitationList }, async ({ scope, work }) => {
  const metrics = await collectMetrics(work, scope);
  return respond(
    200,
    succeeded('Metrics collected successfully.', {
      members: { ...metrics.members, pending_invitations: metrics.pendingInvitations },
      storage: { bytes_limit: metrics.storage.bytesLimit, bytes_used: metrics.storage.bytesUsed },
      api_calls: { today: metrics.apiCalls.today, this_month: metrics.apiCalls.thisMonth },
      sign_ins: { last_24_hours: metrics.signIns },
      wallet: { balance: metrics.wallet.balance, sms_points: metrics.wallet.smsPoints },
      children: { total: metrics.children },
      collected_at: toIso(work.now),
    }),
  );
});
