import * as z from 'zod/mini';
import { auth } from '../../../shared/dialects/auth/envelope.ts';
import { defineEndpoint } from '../../../shared/http/define-endpoint.ts';
import { respond } from '../../../shared/http/respond.ts';
import { serve } from '../../../shared/runtime/serve.ts';

/** Says that requests are answered. It asks nothing else: an outage of the table shows in what needs the table. */
export const endpoint = defineEndpoint(auth, {
  operation: 'health.read',
  method: 'GET',
  path: '/health',
  summary: 'Say that the service is there',
  permission: { public: 'monitors have no credential' },
  table: { actions: [] },
  request: {},
  responses: { 200: z.object({ status: z.literal('ok') }) },
  errors: [],
});

export const handler = serve(endpoint, {}, async () => respond(200, { status: 'ok' }));
