import * as z from 'zod/mini';
import { accounts } from '../../../shared/dialects/accounts/envelope.ts';
import { collectMetrics, type OrganizationMetrics } from '../../../shared/domain/organization/collect-metrics.ts';
import { defineEndpoint } from '../../../shared/http/define-endpoint.ts';
import { respond } from '../../../shared/http/respond.ts';
import { serve } from '../../../shared/runtime/serve.ts';
import { consumption, invitationList } from '../../../shared/runtime/stores.ts';

/** The figures of a summary, in their order: what each counts, and where it comes from. */
const figures: readonly {
  readonly metric: string;
  readonly unit: 'count' | 'bytes' | 'calls' | 'points' | 'credits';
  readonly value: (metrics: OrganizationMetrics) => number | null;
}[] = [
  { metric: 'members', unit: 'count', value: ({ members }) => members.total },
  { metric: 'active_members', unit: 'count', value: ({ members }) => members.active },
  { metric: 'pending_invitations', unit: 'count', value: ({ pendingInvitations }) => pendingInvitations },
  { metric: 'workspaces', unit: 'count', value: ({ workspaces }) => workspaces },
  { metric: 'children', unit: 'count', value: ({ children }) => children },
  { metric: 'storage_bytes_used', unit: 'bytes', value: ({ storage }) => storage.bytesUsed },
  { metric: 'storage_bytes_limit', unit: 'bytes', value: ({ storage }) => storage.bytesLimit },
  { metric: 'api_calls_this_month', unit: 'calls', value: ({ apiCalls }) => apiCalls.thisMonth },
  { metric: 'wallet_balance', unit: 'credits', value: ({ wallet }) => wallet.balance },
  { metric: 'sms_points', unit: 'points', value: ({ wallet }) => wallet.smsPoints },
];

/** What there is in the account, each figure from a counter or a rollup. A value of null: there is no limit. */
export const endpoint = defineEndpoint(accounts, {
  operation: 'account.summary',
  method: 'GET',
  path: '/organizations/{organization_id}/summary',
  summary: "Get an account's summary",
  permission: 'metrics:read',
  table: { actions: ['BatchGetItem', 'Query'], indexes: ['inOrderOfJoining'] },
  request: {},
  responses: {
    200: z.array(z.object({ metric: z.string(), value: z.nullable(z.int()), unit: z.string() })),
  },
  errors: [],
});

export const handler = serve(endpoint, { consumption, invitationList }, async ({ scope, work }) => {
  const metrics = await collectMetrics(work, scope);
  return respond(
    200,
    figures.map(({ metric, unit, value }) => ({ metric, value: value(metrics), unit })),
  );
});
