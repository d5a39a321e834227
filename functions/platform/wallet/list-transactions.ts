import * as z from 'zod/mini';
import { platform, succeeded, successOf } from '../../../shared/dialects/platform/envelope.ts';
import { defineEndpoint } from '../../../shared/http/define-endpoint.ts';
import { respond } from '../../../shared/http/respond.ts';
import { serve } from '../../../shared/runtime/serve.ts';
import { wallets } from '../../../shared/runtime/stores.ts';
import { PageQuery, Pagination, toPagination } from '../pages.ts';
import { Transaction, toTransaction } from './wire.ts';

/** The ledger of the wallet, newest first. */
export const endpoint = defineEndpoint(platform, {
  operation: 'wallet.transactions',
  method: 'GET',
  path: '/api/organizations/{organizationId}/wallet/transactions',
  summary: 'List the transactions of a wallet',
  permission: 'wallet:read',
  table: { actions: ['Query'] },
  request: { query: z.object(PageQuery) },
  responses: { 200: z.extend(successOf(z.array(Transaction)), { pagination: Pagination }) },
  errors: [],
});

export const handler = serve(endpoint, { wallets }, async ({ query: { page, per_page: perPage }, scope, work }) => {
  const total = scope.organization.wallet.entries;
  const newest = total - (page - 1) * perPage;
  const entries = await work.stores.wallets.entries(scope, { from: Math.max(1, newest - perPage + 1), to: newest });
  return respond(200, {
    ...succeeded('All Wallet Transactions', entries.map(toTransaction)),
    pagination: toPagination(page, perPage, total),
  });
});
