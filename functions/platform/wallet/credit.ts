import * as z from 'zod/mini';
import { platform, succeeded, successOf } from '../../../shared/dialects/platform/envelope.ts';
import { moveMoney } from '../../../shared/domain/wallet/move-money.ts';
import { defineEndpoint } from '../../../shared/http/define-endpoint.ts';
import { respond } from '../../../shared/http/respond.ts';
import { serve } from '../../../shared/runtime/serve.ts';
import { wallets } from '../../../shared/runtime/stores.ts';
import { amount, reason } from './wire.ts';

/** Adds an amount to the wallet. */
export const endpoint = defineEndpoint(platform, {
  operation: 'wallet.credit',
  method: 'POST',
  path: '/api/admin/organizations/{organization}/credit',
  summary: "Credit an organization's wallet",
  permission: 'platform-administrator',
  table: { actions: ['PutItem', 'UpdateItem'] },
  request: { body: z.strictObject({ amount, reason }) },
  responses: { 200: successOf(z.null()) },
  errors: [],
  idempotent: true,
});

export const handler = serve(endpoint, { wallets }, async ({ body, scope, work }) => {
  moveMoney(work, scope, { type: 'credit', amount: body.amount, reason: body.reason ?? null });
  return respond(200, succeeded('Credit processed successfully', null));
});
