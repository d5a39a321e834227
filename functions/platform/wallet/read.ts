import * as z from 'zod/mini';
import { platform, succeeded, successOf } from '../../../shared/dialects/platform/envelope.ts';
import { defineEndpoint } from '../../../shared/http/define-endpoint.ts';
import { respond } from '../../../shared/http/respond.ts';
import { serve } from '../../../shared/runtime/serve.ts';

/** What the organization may still spend. */
export const endpoint = defineEndpoint(platform, {
  operation: 'wallet.read',
  method: 'GET',
  path: '/api/organizations/{organizationId}/wallet',
  summary: 'Get the wallet of an organization',
  permission: 'wallet:read',
  table: { actions: [] },
  request: {},
  responses: { 200: successOf(z.object({ balance: z.int(), smsPoints: z.int() })) },
  errors: [],
});

export const handler = serve(endpoint, {}, async ({ scope }) => {
  const { balance, smsPoints } = scope.organization.wallet;
  return respond(200, succeeded('Organization Wallet', { balance, smsPoints }));
});
