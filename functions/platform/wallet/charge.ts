import * as z from 'zod/mini';
import { platform, succeeded, successOf } from '../../../shared/dialects/platform/envelope.ts';
import { moveMoney } from '../../../shared/domain/wallet/move-money.ts';
import { defineEndpoint } from '../../../shared/http/define-endpoint.ts';
import { together } from '../../../shared/http/fields.ts';
import { respond } from '../../../shared/http/respond.ts';
import { serve } from '../../../shared/runtime/serve.ts';
import { wallets } from '../../../shared/runtime/stores.ts';
import { amount, reason, service } from './wire.ts';

/** Takes an amount off the wallet, and adds the points that it buys where it is for `sms`. Never overdraws. */
export const endpoint = defineEndpoint(platform, {
  operation: 'wallet.charge',
  method: 'POST',
  path: '/api/admin/organizations/{organization}/charge',
  summary: "Charge an organization's wallet",
  permission: 'platform-administrator',
  table: { actions: ['PutItem', 'UpdateItem'] },
  request: {
    body: z.strictObject({ amount, service, sms_point: z.optional(z.int().check(z.minimum(1))), reason }).check(
      together(
        ['sms_point', 'service'],
        'This field is required when service is sms.',
        (body) => body.service !== 'sms' || body.sms_point !== undefined,
      ),
      together(
        ['sms_point', 'service'],
        'Only a charge for sms has this field.',
        (body) => body.service === 'sms' || body.sms_point === undefined,
      ),
    ),
  },
  responses: { 200: successOf(z.null()) },
  errors: ['insufficient_balance'],
  idempotent: true,
});

export const handler = serve(endpoint, { wallets }, async ({ body, scope, work }) => {
  moveMoney(work, scope, {
    type: 'charge',
    amount: body.amount,
    service: body.service,
    smsPoint: body.sms_point ?? null,
    reason: body.reason ?? null,
  });
  return respond(200, succeeded('Charge processed successfully', null));
});
